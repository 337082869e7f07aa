#pragma once
#include "iommu/vtd_access.h"
#include "iommu/vtd_entry.h"
#include "iommu/vtd_gcmd.h"
#include "iommu/vtd_queue.h"

/*
 * A VT-d remapping unit. Life: vtd_probe, vtd_take_over, vtd_start, (vtd_attach ..., vtd_domain.h,)
 * vtd_translation_on; at the end vtd_detach, vtd_stop. All of it on the boot CPU, one after the
 * other.
 */
struct vtd_unit {
	unsigned index; /* in the DMAR: its name in sentences */
	u16 segment;
	struct pa base;
	volatile u8 *regs;
	u64 cap, ecap;
	bool scalable;  /* ECAP.SMTS: PASID tables, descriptors of 256 bits; else legacy mode */
	unsigned drain; /* a set of enum vtd_drain: what CAP says it can */
	struct vtd_root *root; /* NULL before vtd_start */
	struct vtd_queue queue;
};

static inline u32 vtd_read32(const struct vtd_unit *u, unsigned reg)
{
	return mmio_read32(u->regs + reg);
}
static inline u64 vtd_read64(const struct vtd_unit *u, unsigned reg)
{
	return mmio_read64(u->regs + reg);
}
static inline void vtd_write32(const struct vtd_unit *u, unsigned reg, u32 v)
{
	mmio_write32(u->regs + reg, v);
}
static inline void vtd_write64(const struct vtd_unit *u, unsigned reg, u64 v)
{
	mmio_write64(u->regs + reg, v);
}

/*
 * Fields of the Fault Status register that are cleared by writing 1, those of them that are set: what a unit does not have is to be
 * written 0 (RsvdZ).
 */
static inline void vtd_fsts_clear(const struct vtd_unit *u, u64 fields)
{
	u32 set = vtd_read32(u, VTD_FSTS) & (u32)fields;

	if (set)
		vtd_write32(u, VTD_FSTS, set);
}

/*
 * Map the registers (window: size in bytes as the DMAR states it) and read what the unit can;
 * prints it by field name. False, with a note, if nothing sensible answers: then *u must not be
 * used.
 */
bool vtd_probe(struct vtd_unit *u, unsigned index, u16 segment, struct pa base, u64 window);

/*
 * What the unit lacks to walk page tables, in words ("queued invalidation"), or NULL. A unit that lacks
 * something may be taken over and left off; vtd_start is not for it.
 */
const char *vtd_lacks(const struct vtd_unit *u);

/*
 * By which stage it walks them: the first, whose format they have and which sets A and D, or else the second, vtd_second.h.
 * And whether there is a second stage for tables of its own; with how many levels, 3 or 4; 0: neither.
 */
enum vtd_pgtt vtd_shared_stage(const struct vtd_unit *u);
bool vtd_has_second_stage(const struct vtd_unit *u);
unsigned vtd_second_levels(const struct vtd_unit *u);

/*
 * May it cache that there was no entry (CAP.CM, and no first stage)? Who makes one present then invalidates, VT-d 6.1; and the CPUs' own
 * tables, whose owners do not, are no use.
 */
bool vtd_caches_absent(const struct vtd_unit *u);

/* Is its translation on? */
bool vtd_translates(const struct vtd_unit *u);

/*
 * Whatever firmware left on is switched off in the order that loses nothing: event interrupts
 * masked, translation, interrupt remapping, queue; old faults are cleared. Before: bus mastering
 * and device interrupts off. False, with a note, if the unit does not follow: leave it alone then.
 */
bool vtd_take_over(struct vtd_unit *u);

/*
 * Queue on, empty root table set, every cache empty; translation still off. From now on a requester
 * without context entry would be blocked. False, with a note, if the unit does not follow.
 */
bool vtd_start(struct vtd_unit *u);

/* TE on, and then firmware's protected memory regions off. Requesters not attached are blocked. */
bool vtd_translation_on(struct vtd_unit *u);

/*
 * The end: TE off, a last wait, queue off, frames free. Every requester was detached before, and no
 * device masters the bus. False, with a note, if the unit does not follow; frames are kept then.
 */
bool vtd_stop(struct vtd_unit *u);

/*
 * Interrupts are remapped, by a table that has none, where the unit can: what firmware may leave, see vtd_take_over. The table
 * stays. False, with a note, if the unit does not follow.
 */
bool vtd_remap_interrupts(struct vtd_unit *u);

/* One change of the Global Command register, complete when this returns true. See vtd_gcmd.h. */
bool vtd_gcmd(struct vtd_unit *u, int bit, enum vtd_switch to);

/*
 * Submit descriptors, each when the one before is complete: a unit that took them in any order would fill a cache again from a
 * stale one above it, or a device's from a stale IOTLB. (VT-d 6.5.2.12 has it take most of them in turn.)
 */
enum vtd_status vtd_in_turn(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n);

/*
 * In turn, descriptors on which memory's reuse depends. An error may be that of a descriptor that
 * somebody put before and did not wait for: then once more.
 */
enum vtd_status vtd_forget(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n);

/*
 * Context cache, PASID cache and IOTLB of the whole unit forget all, and wait. For between tests.
 */
enum vtd_status vtd_forget_all(struct vtd_unit *u);

/*
 * What the unit caches of 2^order pages of an address space (pasid: 0 for requests without PASID, unless RID_PASID names
 * another), or of all where it cannot tell so many: the descriptor; of one; and with the wait for it, one write of the queue's tail.
 */
static inline struct vtd_desc vtd_pages_of(const struct vtd_unit *u, const struct vtd_space *s,
					   u32 pasid, u64 va, unsigned order, enum vtd_hint hint)
{
	bool fits = order <= get(u->cap, VTD_CAP_MAMV);

	if (s->stage == VTD_FIRST_STAGE)
		return fits ? vtd_piotlb_pages(s->did, pasid, va, order, hint)
			    : vtd_piotlb_all(s->did, pasid);
	return fits && get(u->cap, VTD_CAP_PSI) ? vtd_iotlb_pages(s->did, va, order, hint, u->drain)
						: vtd_iotlb_domain(s->did, u->drain);
}
static inline struct vtd_desc vtd_page_of(const struct vtd_unit *u, const struct vtd_space *s,
					  u32 pasid, u64 va, enum vtd_hint hint)
{
	return vtd_pages_of(u, s, pasid, va, 0, hint);
}
enum vtd_status vtd_iotlb_page(struct vtd_unit *u, const struct vtd_space *s, u32 pasid,
			       struct iova page, enum vtd_hint hint);

/*
 * Do page walks see the CPUs' caches? If not, a page-table writer must
 * clflush every entry it changes and set Accessed and Dirty itself, because the unit can not (VT-d
 * 3.6, 6.2.4).
 */
bool vtd_walk_coherent(const struct vtd_unit *u);

/*
 * Changes to root, context and PASID entries become visible to the unit: called after the stores
 * and before anything that relies on them.
 */
void vtd_write_back(const struct vtd_unit *u, const volatile void *p, size_t bytes);

/* Entries were made present and no invalidation follows: what the unit needs then (RWBF). */
bool vtd_flush_write_buffer(struct vtd_unit *u);

/*
 * What the unit shows, as notes with fields by name: status registers, queue, faults (not cleared).
 */
void vtd_report(const struct vtd_unit *u);
