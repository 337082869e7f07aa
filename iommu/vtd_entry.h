#pragma once
#include "kernel/addr.h"
#include "kernel/bits.h"

/*
 * Entries of the tables that lead from a requester to its page table in scalable mode: root table
 * (by bus), context table (by device and function), PASID directory and PASID table (VT-d 9.1 to
 * 9.6). Encoders only: who stores them, and in what order, is vtd_domain.h's business. Pure.
 */
struct vtd_root {
	u64 w[2];
};
struct vtd_context {
	u64 w[4];
};
struct vtd_pasid_dir {
	u64 w[1];
};
struct vtd_pasid {
	u64 w[8];
};
struct vtd_legacy_context {
	u64 w[2];
};

/*
 * Requester id, and which context entry is a requester's: which half of its bus, and where there.
 */
#define VTD_SID_FIELDS(F)      \
	F(VTD_SID_BUS, 15, 8)  \
	F(VTD_SID_DEV, 7, 3)   \
	F(VTD_SID_FN, 2, 0)    \
	F(VTD_SID_HALF, 7, 7)  \
	F(VTD_SID_INDEX, 6, 0) \
	F(VTD_SID_DEVFN, 7, 0)
enum { VTD_SID_FIELDS(AS_ENUM) };

/* VT-d 9, Scalable-Mode Root Entry: one context table for devfn 00..7f, one for 80..ff */
#define VTD_ROOT_FIELDS(F)       \
	F(VTD_ROOT_LP, 0, 0)     \
	F(VTD_ROOT_LCTP, 63, 12) \
	F(VTD_ROOT_UP, 64, 64)   \
	F(VTD_ROOT_UCTP, 127, 76)

/* VT-d 9, Scalable-Mode Context Entry */
#define VTD_CTX_FIELDS(F)                                                                  \
	F(VTD_CTX_P, 0, 0)                                                                 \
	F(VTD_CTX_FPD, 1, 1)    /* does not record faults */                               \
	F(VTD_CTX_DTE, 2, 2)    /* translation requests and translated requests allowed */ \
	F(VTD_CTX_PASIDE, 3, 3) /* requests with PASID allowed */                          \
	F(VTD_CTX_PRE, 4, 4)    /* page requests allowed */                                \
	F(VTD_CTX_PDTS, 11, 9)  /* 2^(PDTS + 7) directory entries */                       \
	F(VTD_CTX_PASIDDIRPTR, 63, 12)                                                     \
	F(VTD_CTX_RID_PASID, 83, 64) /* for requests without PASID, if ECAP.RPS */         \
	F(VTD_CTX_RID_PRIV, 84, 84)

/* VT-d 9, Context Entry of the legacy mode: 256 of them a bus, no PASIDs */
#define VTD_LCTX_FIELDS(F)                                                        \
	F(VTD_LCTX_P, 0, 0)                                                       \
	F(VTD_LCTX_FPD, 1, 1)                                                     \
	F(VTD_LCTX_TT, 3, 2) /* 0: untranslated requests walk the second stage */ \
	F(VTD_LCTX_SSPTPTR, 63, 12)                                               \
	F(VTD_LCTX_AW, 66, 64) /* as in the PASID entry */                        \
	F(VTD_LCTX_DID, 87, 72)

/* VT-d 9, Scalable-Mode PASID Directory Entry */
#define VTD_PDIR_FIELDS(F)    \
	F(VTD_PDIR_P, 0, 0)   \
	F(VTD_PDIR_FPD, 1, 1) \
	F(VTD_PDIR_SMPTBLPTR, 63, 12)

/* VT-d 9, Scalable-Mode PASID Table Entry */
#define VTD_PASID_FIELDS(F)                                                           \
	F(VTD_PASID_P, 0, 0)                                                          \
	F(VTD_PASID_FPD, 1, 1)                                                        \
	F(VTD_PASID_AW, 4, 2) /* of the second stage: levels, less two */             \
	F(VTD_PASID_PGTT, 8, 6)                                                       \
	F(VTD_PASID_SSADE, 9, 9)                                                      \
	F(VTD_PASID_SSPTPTR, 63, 12)                                                  \
	F(VTD_PASID_DID, 79, 64)                                                      \
	F(VTD_PASID_PWSNP, 87, 87) /* page walks snoop, if ECAP.SMPWCS */             \
	F(VTD_PASID_PGSNP, 88, 88)                                                    \
	F(VTD_PASID_SRE, 128, 128) /* supervisor requests allowed */                  \
	F(VTD_PASID_ERE, 129, 129)                                                    \
	F(VTD_PASID_FSPM, 131, 130) /* 0: four levels */                              \
	F(VTD_PASID_WPE, 132, 132)  /* supervisor writes heed R/W */                  \
	F(VTD_PASID_NXE, 133, 133)  /* bit 63 of a paging entry is no reserved bit */ \
	F(VTD_PASID_EAFE, 135, 135)                                                   \
	F(VTD_PASID_FSPTPTR, 191, 140)

enum { VTD_ROOT_FIELDS(AS_ENUM) };
enum { VTD_CTX_FIELDS(AS_ENUM) };
enum { VTD_LCTX_FIELDS(AS_ENUM) };
enum { VTD_PDIR_FIELDS(AS_ENUM) };
enum { VTD_PASID_FIELDS(AS_ENUM) };

enum vtd_pgtt { VTD_FIRST_STAGE = 1, VTD_SECOND_STAGE = 2, VTD_NESTED = 3, VTD_PASS_THROUGH = 4 };

/* PASIDs of one PASID table, which is a frame. */
enum { VTD_PASIDS_PER_TABLE = 64, VTD_PASID_BITS_MAX = 20 };

enum vtd_snoop { VTD_NO_SNOOP, VTD_SNOOP };

/*
 * An address space as a unit translates it. levels: of its table, 4 for a first stage. did: 1 or more, the same for the same
 * table only: what is cached of it has that number.
 */
struct vtd_space {
	enum vtd_pgtt stage;
	unsigned levels;
	struct pa root;
	u16 did;
};

/* One word of a root entry: the same layout for both halves of a bus. */
u64 vtd_root_half(struct pa contexts);

/* The smallest PDTS whose directory reaches this PASID, and the size of that directory in bytes. */
unsigned vtd_pdts_for(u32 pasid);
u64 vtd_pasid_dir_bytes(unsigned pdts);

/*
 * Requests without PASID only, and no page requests; translation requests of a device TLB, and what that translated, if
 * ECAP.DT. dir: vtd_pasid_dir_bytes(pdts).
 */
enum vtd_ats { VTD_NO_ATS, VTD_ATS };
struct vtd_context vtd_context_entry(struct pa dir, unsigned pdts, u32 rid_pasid, enum vtd_ats ats);

struct vtd_pasid_dir vtd_pasid_dir_entry(struct pa table);

/*
 * First stage through a four-level x86-64 page table, the CPU's own: user requests only, so every
 * level of what a device may reach needs U/S = 1. did: 1 or more (0 tags what is not present).
 */
struct vtd_pasid vtd_first_stage_entry(struct pa pml4, u16 did, enum vtd_snoop walk);

/*
 * Second stage through a table of 3 or 4 levels (which of them, CAP.SAGAW says), in the format of vtd_second.h. Neither
 * A nor D is set (SSADE = 0). The same in legacy mode, where a requester has no PASIDs.
 */
struct vtd_pasid vtd_second_stage_entry(struct pa root, unsigned levels, u16 did,
					enum vtd_snoop walk);
struct vtd_legacy_context vtd_legacy_context_entry(struct pa root, unsigned levels, u16 did);
