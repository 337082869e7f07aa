/*
 * A PASID goes, and the page-table pages of its space with it: once they are a stranger's no walk may come through them, nor leave A or D
 * in them. What CPUs might do there, which have tables of their own for the rest, is no matter of D, which only a write sets. In the second
 * scenario the table above was cleared first, and the CPU has left the space: what a unit remembers of that is all that leads there.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE, TOUCHED)

#define ENTRY_AND_CACHES(step)             \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	step(7, entry_wipe)
#define RETIRE_STEPS(step)       \
	ENTRY_AND_CACHES(step)   \
	step(8, reuse, P0)       \
	step(9, table_reuse, T0) \
	step(10, tell, E)        \
	step(11, heed, E)        \
	step(12, pte_dirty, A, TOUCHED)
#define UNLINKED_STEPS(step)      \
	ENTRY_AND_CACHES(step)    \
	step(8, leave_mm)         \
	step(9, reuse, P0)        \
	step(10, pde_clear, A)    \
	step(11, table_reuse, T0) \
	step(12, tell, E)         \
	step(13, heed, E)         \
	step(14, table_touched, T0, TOUCHED)
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, LATE)  \
	step(4, tell, C0)
#define WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(RETIRE)
LISTING(UNLINKED)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(by_freed_table, holds(Q1) != S)
CLAIM(touched, saw(TOUCHED) == YES)
CLAIM(late, saw(LATE) == LANDED)
CLAIM(in_time, saw(EARLY) == LANDED)
CLAIM(too_late, saw(EARLY) == BLOCKED)

#define IN_TURN "the unit tells the IOTLB after entries, waited for or not: VT-d 6.5.2.12"
#define LATER   SPARE_SWAP(E, 1, 2, "an access that comes later shows less")
#define SOONER  "who looks later sees what there is to see"
#define FREED(told)                                                                              \
	.id = "C09",                                                                             \
	.source = "VT-d 6.5.3.3, 6.2.4; Linux: the PASID goes before exit_mmap() frees tables",  \
	.needs = NEED_WRITE | NEED_NO_RINGS | NEED_ENTRY | NEED_MARKS,                           \
	.agents = { RUNS(C0, told), RUNS(E, DEVICE) }, .warm = { RUNS(E, WARM) }, .entry = true, \
	.tables = true, .maps = { [A] = { P0, RW, LEAF_USED } },                                 \
	.content = { [P0] = O, [Q1] = S },                                                       \
	.forbid = { FORBID(stranger_hurt), FORBID(by_freed_table), FORBID(touched),              \
		    FORBID(late) },                                                              \
	.allow = { ALLOW(in_time), ALLOW(too_late) }

/* Without C0.5, by a unit that reads the entry first, nothing: C09_teardown.c. */
SCENARIO(C09_tables) = {
	FREED(RETIRE),
	.name = "tables",
	.claim =
		"Present, caches, the rest, then the tables: nobody walks through a stranger's words",
	.control = { { { C0, 5, 0 }, SHOWS(stranger_hurt), CACHE_PASID },
		     SWAPPED(C0, 1, 9, touched),
		     WITHOUT(E, 2, late) },
	.spare = { SPARE(C0, 4, IN_TURN), SPARE(C0, 11, SOONER), LATER },
};

SCENARIO(C09_tables_unlinked) = {
	FREED(UNLINKED),
	.name = "tables_unlinked",
	.claim =
		"the same, cleared above: nor does what is remembered of that lead to a stranger's words",
	.control = { { { C0, 1, 0 }, SHOWS(touched), CACHE_PASID | CACHE_IOMMU_UPPER },
		     { { C0, 2, 0 }, SHOWS(touched), CACHE_PASID | CACHE_IOMMU_UPPER },
		     { { C0, 2, 5 }, SHOWS(stranger_hurt), CACHE_PASID },
		     { { C0, 5, 0 }, SHOWS(stranger_hurt), CACHE_PASID } },
	.spare = { SPARE(C0, 4, IN_TURN), SPARE(C0, 13, SOONER), LATER },
};
