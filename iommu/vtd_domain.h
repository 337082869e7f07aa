#pragma once
#include "iommu/vtd_entry.h"
#include "iommu/vtd_unit.h"

/*
 * Who may do DMA through which page table: a requester (bus << 8 | device << 3 | function) gets a
 * context entry with a PASID directory, and PASIDs get address spaces. A requester without one
 * is blocked. A unit in legacy mode has no PASIDs: there PASID 0 stands for the requester, whose context entry
 * has the second stage. Boot CPU, unit started; translation on or off.
 */
struct vtd_requester {
	struct vtd_unit *unit; /* NULL: not attached */
	u16 sid;
	u32 rid_pasid; /* of requests without PASID, where the unit honours it, else 0 */
	unsigned pdts;
	struct vtd_pasid_dir *dir; /* NULL in legacy mode */
};

/*
 * Publish a context entry for sid with no PASID present yet. rid_pasid: 0, or any PASID if
 * vtd_has_rid_pasid(), or as a probe: give PASID 0 a root of its own then, and see which one a DMA
 * uses; 0 in legacy mode. ats: VTD_ATS only where vtd_has_ats(). False, with a note: attached already, or rid_pasid too wide.
 */
bool vtd_attach(struct vtd_unit *u, u16 sid, u32 rid_pasid, enum vtd_ats ats,
		struct vtd_requester *r);

/* ECAP.RPS: the unit says that it honours RID_PASID. A few do without saying so. */
bool vtd_has_rid_pasid(const struct vtd_unit *u);

/* Does it take translation requests of devices (ECAP.DT)? In scalable mode alone, here. */
bool vtd_has_ats(const struct vtd_unit *u);
/* A requester of this unit as one that keeps translations, so many invalidations deep; it is no virtual function. */
struct vtd_device_tlb vtd_device_tlb(const struct vtd_requester *r, unsigned depth);

/*
 * Publish an address space: requests of this PASID walk its table. Its did: 1 up to vtd_domain_ids() - 1. VTD_REFUSED, with
 * a note, if the PASID is present already or a number is out of range.
 */
enum vtd_status vtd_pasid_set(struct vtd_requester *r, u32 pasid, const struct vtd_space *s);
u32 vtd_domain_ids(const struct vtd_unit *u);

/*
 * Retire a PASID entry; a device that keeps translations has dropped them before, its ATS is off. When this returns VTD_OK nothing uses its table any more through it (VT-d
 * 6.5.3.3). VTD_OK too if it was not present.
 */
enum vtd_status vtd_pasid_clear(struct vtd_requester *r, u32 pasid);

/*
 * For who changes entries word by word, as tests do, in scalable mode: the PASID entry of an address space, and where that of a PASID
 * that was set is in memory, and the context entry. Who changes them tells the unit, and puts them back before the two above and
 * below are called.
 */
struct vtd_pasid vtd_pasid_for(const struct vtd_unit *u, const struct vtd_space *s);
u64 *vtd_pasid_words(const struct vtd_requester *r, u32 pasid);
u64 *vtd_context_words(const struct vtd_requester *r);

/*
 * Retire the context entry, then every PASID; frees the tables; *r may be not attached. If the unit
 * does not confirm, its status, and the frames are kept, because the unit may still read them.
 */
enum vtd_status vtd_detach(struct vtd_requester *r);
