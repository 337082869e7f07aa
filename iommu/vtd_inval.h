#pragma once
#include "kernel/addr.h"
#include "kernel/bits.h"

/*
 * Invalidation descriptors in the 256-bit form (IQA.DW = 1) that scalable mode needs; VT-d 6.5.2,
 * by the descriptor's name. The type is in bits 11:9 and 3:0; all types so far have 0 in 11:9.
 * Pure.
 */
struct vtd_desc {
	u64 w[4];
};
_Static_assert(sizeof(struct vtd_desc) == 32, "IQA.DW = 1");

enum vtd_desc_type {
	VTD_TYPE_CC = 1,
	VTD_TYPE_IOTLB,
	VTD_TYPE_DEVTLB,
	VTD_TYPE_IEC,
	VTD_TYPE_WAIT,
	VTD_TYPE_PIOTLB,
	VTD_TYPE_PC,
	VTD_TYPE_PDEVTLB,
	VTD_TYPE_PGRESP,
	VTD_TYPE_HPT,
};

#define VTD_DESC_FIELDS(F)     \
	F(VTD_DESC_TYPE, 3, 0) \
	F(VTD_DESC_TYPE_HI, 11, 9)

/* Context-cache Invalidate */
#define VTD_CC_FIELDS(F)                                     \
	F(VTD_CC_TYPE, 3, 0)                                 \
	F(VTD_CC_G, 5, 4) /* 1 global, 2 domain, 3 device */ \
	F(VTD_CC_DID, 31, 16)                                \
	F(VTD_CC_SID, 47, 32)                                \
	F(VTD_CC_FM, 49, 48) /* function bits of SID to ignore */

/* IOTLB Invalidate */
#define VTD_IOTLB_FIELDS(F)                                    \
	F(VTD_IOTLB_TYPE, 3, 0)                                \
	F(VTD_IOTLB_G, 5, 4)  /* 1 global, 2 domain, 3 page */ \
	F(VTD_IOTLB_DW, 6, 6) /* drain writes */               \
	F(VTD_IOTLB_DR, 7, 7) /* drain reads */                \
	F(VTD_IOTLB_DID, 31, 16)                               \
	F(VTD_IOTLB_AM, 69, 64) /* 2^AM pages */               \
	F(VTD_IOTLB_IH, 70, 70) /* only the leaf changed */    \
	F(VTD_IOTLB_ADDR, 127, 76)

/* Device-TLB Invalidate */
#define VTD_DEVTLB_FIELDS(F)                                          \
	F(VTD_DEVTLB_TYPE, 3, 0)                                      \
	F(VTD_DEVTLB_PFSID_LO, 15, 12)                                \
	F(VTD_DEVTLB_MIP, 20, 16) /* invalidations it takes; 0: 32 */ \
	F(VTD_DEVTLB_SID, 47, 32)                                     \
	F(VTD_DEVTLB_PFSID_HI, 63, 52)                                \
	F(VTD_DEVTLB_S, 64, 64) /* ADDR says the size too */          \
	F(VTD_DEVTLB_ADDR, 127, 76)

/* Interrupt Entry Cache Invalidate */
#define VTD_IEC_FIELDS(F)                             \
	F(VTD_IEC_TYPE, 3, 0)                         \
	F(VTD_IEC_G, 4, 4)    /* 0 global, 1 index */ \
	F(VTD_IEC_IM, 31, 27) /* 2^IM entries */      \
	F(VTD_IEC_IIDX, 47, 32)

/* Invalidation Wait */
#define VTD_WAIT_FIELDS(F)                                            \
	F(VTD_WAIT_TYPE, 3, 0)                                        \
	F(VTD_WAIT_IF, 4, 4) /* interrupt */                          \
	F(VTD_WAIT_SW, 5, 5) /* status write */                       \
	F(VTD_WAIT_FN, 6, 6) /* later descriptors start afterwards */ \
	F(VTD_WAIT_PD, 7, 7) /* page requests drained, if ECAP.PDS */ \
	F(VTD_WAIT_DATA, 63, 32)                                      \
	F(VTD_WAIT_ADDR, 127, 66)

/* PASID-based IOTLB Invalidate */
#define VTD_PIOTLB_FIELDS(F)                                  \
	F(VTD_PIOTLB_TYPE, 3, 0)                              \
	F(VTD_PIOTLB_G, 5, 4) /* 2 PASID, 3 pages in PASID */ \
	F(VTD_PIOTLB_DID, 31, 16)                             \
	F(VTD_PIOTLB_PASID, 51, 32)                           \
	F(VTD_PIOTLB_AM, 69, 64)                              \
	F(VTD_PIOTLB_IH, 70, 70)                              \
	F(VTD_PIOTLB_ADDR, 127, 76)

/* PASID-cache Invalidate */
#define VTD_PC_FIELDS(F)                                    \
	F(VTD_PC_TYPE, 3, 0)                                \
	F(VTD_PC_G, 5, 4) /* 0 domain, 1 PASID, 3 global */ \
	F(VTD_PC_DID, 31, 16)                               \
	F(VTD_PC_PASID, 51, 32)

/* PASID-based Device-TLB Invalidate */
#define VTD_PDEVTLB_FIELDS(F)                      \
	F(VTD_PDEVTLB_TYPE, 3, 0)                  \
	F(VTD_PDEVTLB_MIP, 8, 4)                   \
	F(VTD_PDEVTLB_PFSID_LO, 15, 12)            \
	F(VTD_PDEVTLB_SID, 31, 16)                 \
	F(VTD_PDEVTLB_PASID, 51, 32)               \
	F(VTD_PDEVTLB_PFSID_HI, 63, 52)            \
	F(VTD_PDEVTLB_G, 64, 64) /* every PASID */ \
	F(VTD_PDEVTLB_S, 75, 75)                   \
	F(VTD_PDEVTLB_ADDR, 127, 76)

/* Page Group Response */
#define VTD_PGRESP_FIELDS(F)                                       \
	F(VTD_PGRESP_TYPE, 3, 0)                                   \
	F(VTD_PGRESP_PP, 4, 4)  /* PASID present */                \
	F(VTD_PGRESP_PDP, 5, 5) /* private data present */         \
	F(VTD_PGRESP_RC, 15, 12)                                   \
	F(VTD_PGRESP_RID, 31, 16)                                  \
	F(VTD_PGRESP_PASID, 51, 32)                                \
	F(VTD_PGRESP_LPIG, 66, 66) /* last request of the group */ \
	F(VTD_PGRESP_PRGI, 75, 67)

enum { VTD_DESC_FIELDS(AS_ENUM) };
enum { VTD_CC_FIELDS(AS_ENUM) };
enum { VTD_IOTLB_FIELDS(AS_ENUM) };
enum { VTD_DEVTLB_FIELDS(AS_ENUM) };
enum { VTD_IEC_FIELDS(AS_ENUM) };
enum { VTD_WAIT_FIELDS(AS_ENUM) };
enum { VTD_PIOTLB_FIELDS(AS_ENUM) };
enum { VTD_PC_FIELDS(AS_ENUM) };
enum { VTD_PDEVTLB_FIELDS(AS_ENUM) };
enum { VTD_PGRESP_FIELDS(AS_ENUM) };

/* Invalidation hint: what changed. Leaf only: cached entries of the levels above may stay. */
enum vtd_hint { VTD_EVERY_LEVEL, VTD_LEAF_ONLY };

/* Reads and writes in flight that a classic IOTLB invalidation waits for; a set. */
enum vtd_drain { VTD_DRAIN_NONE = 0, VTD_DRAIN_WRITES = 1, VTD_DRAIN_READS = 2 };

struct vtd_desc vtd_cc_global(void);
struct vtd_desc vtd_cc_domain(u16 did);
struct vtd_desc vtd_cc_device(u16 did, u16 sid);

/* Classic: second stage, and everything of a domain. drain: a set of enum vtd_drain. */
struct vtd_desc vtd_iotlb_global(unsigned drain);
struct vtd_desc vtd_iotlb_domain(u16 did, unsigned drain);
struct vtd_desc vtd_iotlb_pages(u16 did, u64 addr, unsigned order, enum vtd_hint hint,
				unsigned drain);

/* First stage: what one PASID of a domain cached, all of it or 2^order pages around addr. */
struct vtd_desc vtd_piotlb_all(u16 did, u32 pasid);
static inline struct vtd_desc vtd_piotlb_pages(u16 did, u32 pasid, u64 addr, unsigned order,
					       enum vtd_hint hint)
{
	return (struct vtd_desc){ {
		put(VTD_PIOTLB_TYPE, VTD_TYPE_PIOTLB) | put(VTD_PIOTLB_G, 3) |
			put(VTD_PIOTLB_DID, did) | put(VTD_PIOTLB_PASID, pasid),
		(addr & mask(VTD_PIOTLB_ADDR) & (~0ull << order << PAGE_SHIFT)) |
			put(VTD_PIOTLB_IH, hint) | put(VTD_PIOTLB_AM, order),
	} };
}

struct vtd_desc vtd_pc_global(void);
struct vtd_desc vtd_pc_domain(u16 did);
struct vtd_desc vtd_pc_pasid(u16 did, u32 pasid);

/*
 * A device that keeps translations. The unit has at most `depth` invalidations under way to it, and the rest wait: the
 * descriptors say so, and nobody else need count (MaxInvsPend). Where it counts by physical function (ECAP.DIT) they name that
 * one, which a virtual function is none of; elsewhere pfsid is 0.
 */
struct vtd_device_tlb {
	u16 sid, pfsid;
	unsigned depth; /* 1 to 32, by its ATS capability */
};
/*
 * Its translations for requests without PASID (whatever PASID the unit takes those for), or for one PASID: 2^order pages;
 * VTD_WHOLE_SPACE: all. After the IOTLB's, of which the device could ask for the old again.
 */
enum { VTD_WHOLE_SPACE = 52 };
struct vtd_desc vtd_devtlb_pages(const struct vtd_device_tlb *d, u64 addr, unsigned order);
struct vtd_desc vtd_pdevtlb_pages(const struct vtd_device_tlb *d, u32 pasid, u64 addr,
				  unsigned order);
struct vtd_desc vtd_pdevtlb_every_pasid(const struct vtd_device_tlb *d);

struct vtd_desc vtd_iec_global(void);
struct vtd_desc vtd_iec_entries(u16 index, unsigned order);

/* Write data to status (4-byte aligned) when everything before is complete. flags: a set. */
enum vtd_wait_flag { VTD_WAIT_PLAIN = 0, VTD_WAIT_FENCE = 1, VTD_WAIT_DRAIN_REQUESTS = 2 };
static inline struct vtd_desc vtd_wait(struct pa status, u32 data, unsigned flags)
{
	return (struct vtd_desc){ {
		put(VTD_WAIT_TYPE, VTD_TYPE_WAIT) | put(VTD_WAIT_SW, 1) |
			put(VTD_WAIT_FN, !!(flags & VTD_WAIT_FENCE)) |
			put(VTD_WAIT_PD, !!(flags & VTD_WAIT_DRAIN_REQUESTS)) |
			put(VTD_WAIT_DATA, data),
		status.v & mask(VTD_WAIT_ADDR),
	} };
}

/* Response codes: PCIe, Page Request Services. */
enum vtd_response { VTD_RESPONSE_SUCCESS = 0, VTD_RESPONSE_INVALID = 1, VTD_RESPONSE_FAILURE = 15 };
enum { VTD_NO_PASID = -1 };
/*
 * One answer for a group; pasid: that of the request or VTD_NO_PASID; data: its private data or
 * NULL.
 */
struct vtd_desc vtd_page_response(u16 rid, int pasid, u16 group, enum vtd_response code,
				  const u64 data[2]);
