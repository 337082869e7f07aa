#pragma once
#include "kernel/addr.h"
#include "kernel/bits.h"

/*
 * Entries of 4-level paging, SDM 3A 4.5.4, figure 4-11 and tables 4-15 to 4-20. The IOMMU's first stage
 * walks the same format (VT-d, first-stage translation). Pure.
 */
#define PTE_FIELDS(F)                  \
	F(PTE_P, 0, 0)                 \
	F(PTE_RW, 1, 1)                \
	F(PTE_US, 2, 2)                \
	F(PTE_PWT, 3, 3)               \
	F(PTE_PCD, 4, 4)               \
	F(PTE_A, 5, 5)                 \
	F(PTE_D, 6, 6) /* of a leaf */ \
	F(PTE_G, 8, 8) /* of a leaf */ \
	F(PTE_SOFTWARE, 11, 9)         \
	F(PTE_XD, 63, 63)
/* A leaf of 4 KiB; a table's entry has the same address field, and bit 7 clear. */
#define PTE_4K_FIELDS(F) \
	F(PTE_PAT, 7, 7) \
	F(PTE_ADDRESS, 51, 12)
/* A leaf of 2 MiB or 1 GiB. */
#define PTE_2M_FIELDS(F)         \
	F(PTE_PS, 7, 7)          \
	F(PTE_LARGE_PAT, 12, 12) \
	F(PTE_2M_ADDRESS, 51, 21)
#define PTE_1G_FIELDS(F) F(PTE_1G_ADDRESS, 51, 30)
enum { PTE_FIELDS(AS_ENUM) PTE_4K_FIELDS(AS_ENUM) PTE_2M_FIELDS(AS_ENUM) PTE_1G_FIELDS(AS_ENUM) };

/* How a linear address selects entries, SDM 3A 4.5.4, figure 4-8. */
#define VA_FIELDS(F)        \
	F(VA_PML4E, 47, 39) \
	F(VA_PDPTE, 38, 30) \
	F(VA_PDE, 29, 21)   \
	F(VA_PTE, 20, 12)
enum { VA_FIELDS(AS_ENUM) };

/* Where an entry stands, named by what a leaf there maps. PG_512G: only tables. */
enum pg_level { PG_4K = 1, PG_2M, PG_1G, PG_512G };

/* What a leaf shall allow and be. Not executable and supervisor unless it says so. */
enum page_flags {
	PAGE_WRITE = 1,
	PAGE_EXEC = 2,
	PAGE_USER = 4,
	PAGE_ACCESSED = 8,
	PAGE_DIRTY = 16,
	PAGE_UC = 32, /* PAT entry 3 */
	PAGE_WC = 64, /* PAT entry 1, see mm/pat.h */
};

/* A present leaf. The address must be aligned to the level's size. */
u64 pte_leaf(enum pg_level level, struct pa pa, u32 flags);

/* Of a present leaf, or what a table's entry permits: the inverse of pte_leaf. */
u32 pte_flags(u64 pte);

/* The same, without the rights that the levels above (their pte_permit(), ~0 at the root) do not grant. */
u32 pte_permit(u32 above, u64 pte);

/*
 * A present entry that points to a table: everything is permitted that a leaf below may permit, U/S=1
 * only if user. A is set at once: an IOMMU that walks without snooping cannot set it and would fault.
 */
u64 pte_table(struct pa table, bool user);

static inline bool pte_present(u64 pte) { return get(pte, PTE_P); }

/*
 * What software has written to an entry that is not present, if it left both bits free: walks of some processors set A or D
 * there when the entry has just been cleared (errata of Xeon Phi; Linux, _PAGE_KNL_ERRATUM_MASK).
 */
static inline u64 pte_payload(u64 pte) { return pte & ~(mask(PTE_A) | mask(PTE_D)); }

/* Does a present entry at this level map a page? Otherwise it points to a table. */
static inline bool pte_is_leaf(u64 pte, enum pg_level level)
{
	return level == PG_4K || (level < PG_512G && get(pte, PTE_PS));
}

/* The page or the table that a present entry points to. */
struct pa pte_pa(u64 pte, enum pg_level level);

/* The leaf one level below that maps the index-th part of what a large leaf maps, same rights. */
u64 pte_split(u64 pte, enum pg_level level, unsigned index);

/* Which entry of its table an address selects. */
unsigned pg_index(struct va va, enum pg_level level);

/* Bytes that one entry covers. */
u64 pg_size(enum pg_level level);
