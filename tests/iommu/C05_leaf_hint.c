/*
 * The invalidation hint (IH): "only leaves changed". An IOMMU that is told so may keep what it remembers of upper levels; of a
 * table that was taken out or replaced that is too much.
 */
#include "tests/scenario.h"

OBSERVE(READ_A, READ_B, WROTE, TOUCHED)

#define LEAF_CHANGED_STEPS(step)     \
	step(1, pte_clear, A)        \
	step(2, iommu_queue_leaf, A) \
	step(3, iommu_wait)          \
	step(4, reuse, P0)           \
	step(5, tell, E)
/* CPUs remember too. The stranger's words look like entries for Q1. */
#define TAKEN_OUT(step, told)    \
	step(1, pde_clear, A)    \
	step(2, cpu_flush, A)    \
	told step(4, iommu_wait) \
	step(5, table_reuse, T0) \
	step(6, tell, E)         \
	step(7, heed, E)         \
	step(8, table_touched, T0, TOUCHED)
#define REMOVED_HINT_STEPS(step) TAKEN_OUT(step, step(3, iommu_queue_leaf, A))
#define REMOVED_ONE_STEPS(step)  TAKEN_OUT(step, step(3, iommu_queue, A))
#define REMOVED_ALL_STEPS(step)  TAKEN_OUT(step, step(3, iommu_select, A, OF_PASID))
#define REMOVED_STEPS(step)      \
	step(1, pde_clear, A)    \
	step(2, cpu_flush, A)    \
	step(3, iommu_queue, A)  \
	step(4, iommu_queue, B)  \
	step(5, iommu_wait)      \
	step(6, table_reuse, T0) \
	step(7, tell, E)         \
	step(8, heed, E)         \
	step(9, table_touched, T0, TOUCHED)
/* By a table with the same leaves, of which then one changes. */
#define REPLACED_HINT_STEPS(step)     \
	step(1, pde_exchange, A, T1)  \
	step(2, iommu_queue_leaf, A)  \
	step(3, iommu_wait)           \
	step(4, table_leaf, T1, B, K) \
	step(5, iommu_queue_leaf, B)  \
	step(6, iommu_wait)           \
	step(7, tell, E)
#define REPLACED_STEPS(step)          \
	step(1, pde_exchange, A, T1)  \
	step(2, iommu_flush, A)       \
	step(3, table_leaf, T1, B, K) \
	step(4, iommu_queue_leaf, B)  \
	step(5, iommu_wait)           \
	step(6, tell, E)
#define READS_A_STEPS(step) \
	step(1, heed, C0)   \
	step(2, dma_read, A, READ_A)
#define READS_B_STEPS(step) \
	step(1, heed, C0)   \
	step(2, dma_read, B, READ_B)
#define DEVICE_STEPS(step)              \
	step(1, heed, C0)               \
	step(2, dma_read, B, READ_B)    \
	step(3, dma_write, B, X, WROTE) \
	step(4, dma_read, A, READ_A)    \
	step(5, tell, C0)
#define ONE_PAGE_STEPS(step) step(1, dma_read, A)
#define BOTH_PAGES_STEPS(step) \
	step(1, dma_read, A)   \
	step(2, dma_read, B)

LISTING(LEAF_CHANGED)
LISTING(REMOVED_HINT)
LISTING(REMOVED_ONE)
LISTING(REMOVED)
LISTING(REMOVED_ALL)
LISTING(REPLACED_HINT)
LISTING(REPLACED)
LISTING(READS_A)
LISTING(READS_B)
LISTING(DEVICE)
LISTING(ONE_PAGE)
LISTING(BOTH_PAGES)

CLAIM(a_is_there, saw(READ_A) != BLOCKED)
CLAIM(old_page, saw(READ_A) == O)
CLAIM(stranger_seen, saw(READ_B) == S)
CLAIM(as_it_was, saw(READ_B) == N)
CLAIM(stranger_hurt, holds(Q1) != S)
CLAIM(touched, saw(TOUCHED) == YES)
CLAIM(b_is_there, saw(READ_B) != BLOCKED || saw(WROTE) != BLOCKED)
CLAIM(old_table, saw(READ_B) != Y)

#define BY_UPPER(agent, no, with, claim)                             \
	{                                                            \
		{ agent, no, with }, SHOWS(claim), CACHE_IOMMU_UPPER \
	}
#define OTHER_LEVEL "what it is told is not what changed"
#define TOO_EARLY   "who looks too early may see nothing of it, and that is no more than is seen here"
#define OLD         "the old table is seen, told of leaves or of nothing"
#define HINT                                                                  \
	.id = "C05", .source = "VT-d 6.5.2.4, IH; 6.5.3.3", .tables = true,   \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } }, \
	.content = { [P0] = O, [P1] = N, [K] = Y, [Q1] = S }

SCENARIO(C05_leaf) = {
	HINT,
	.name = "leaf",
	.claim = "where a leaf changed the hint is enough",
	.needs = NEED_READ,
	.agents = { RUNS(C0, LEAF_CHANGED), RUNS(E, READS_A) },
	.warm = { RUNS(E, ONE_PAGE) },
	.forbid = { FORBID(a_is_there) },
	.control = { WITHOUT(C0, 1, a_is_there), WITHOUT(C0, 2, a_is_there),
		     WITHOUT(E, 1, a_is_there) },
};

SCENARIO(C05_removed_hint) = {
	HINT,
	.name = "removed_hint",
	.claim =
		"a table is freed, the IOMMU told that a leaf changed: DMA goes by a stranger's words",
	.needs = NEED_READ | NEED_WRITE,
	.agents = { RUNS(C0, REMOVED_HINT), RUNS(E, DEVICE) },
	.warm = { RUNS(E, ONE_PAGE) },
	/* The old leaf too: by what stayed it may have been loaded again before the table was reused. */
	.allow = { ALLOW(stranger_hurt), ALLOW(touched), ALLOW(old_page) },
	.shows = SHOWS(stranger_seen),
	.shown_by = CACHE_IOMMU_UPPER,
	.spare = { SPARE(C0, 1, "through a table that is in place still it is seen as well"),
		   SPARE(C0, 2, "no CPU looks for anything here"), SPARE(C0, 3, OTHER_LEVEL),
		   SPARE(C0, 4, OTHER_LEVEL), SPARE(E, 1, TOO_EARLY) },
};

/* The other page's leaf may have been cached by itself before: it leads where it led. */
SCENARIO(C05_removed_one) = {
	HINT,
	.name = "removed_one",
	.claim =
		"told of one page, and that every level changed, the IOMMU has no way to a freed table",
	.needs = NEED_READ | NEED_WRITE,
	.agents = { RUNS(C0, REMOVED_ONE), RUNS(E, DEVICE) },
	.warm = { RUNS(E, ONE_PAGE) },
	.forbid = { FORBID(a_is_there), FORBID(stranger_seen), FORBID(stranger_hurt),
		    FORBID(touched) },
	.allow = { ALLOW(as_it_was) },
	.control = { WITHOUT(C0, 1, stranger_hurt),
		     { { C0, 2, 0 }, SHOWS(touched), CACHE_UPPER },
		     BY_UPPER(C0, 3, 0, stranger_seen),
		     BY_UPPER(C0, 4, 5, touched),
		     WITHOUT(E, 1, a_is_there) },
	.spare = { SPARE(C0, 7, TOO_EARLY) },
};

#define OUT_OF_REACH(told)                                                                    \
	HINT, .needs = NEED_READ | NEED_WRITE, .agents = { RUNS(C0, told), RUNS(E, DEVICE) }, \
	      .warm = { RUNS(E, BOTH_PAGES) },                                                \
	      .forbid = { FORBID(a_is_there), FORBID(b_is_there), FORBID(stranger_hurt),      \
			  FORBID(touched) }

SCENARIO(C05_removed) = {
	OUT_OF_REACH(REMOVED),
	.name = "removed",
	.claim =
		"told that every level changed the IOMMU has no way to a freed table, nor to its pages",
	.control = { WITHOUT(C0, 1, stranger_hurt),
		     { { C0, 2, 0 }, SHOWS(touched), CACHE_UPPER },
		     WITHOUT(C0, 3, a_is_there),
		     WITHOUT(C0, 4, b_is_there),
		     WITHOUT(E, 1, a_is_there) },
	.spare = { SPARE(C0, 8, TOO_EARLY) },
};

SCENARIO(C05_removed_all) = {
	OUT_OF_REACH(REMOVED_ALL),
	.name = "removed_all",
	.claim =
		"told to forget the whole PASID the IOMMU has no way to a freed table, nor to its pages",
	.control = { WITHOUT(C0, 1, stranger_hurt),
		     { { C0, 2, 0 }, SHOWS(touched), CACHE_UPPER },
		     WITHOUT(C0, 3, a_is_there),
		     WITHOUT(E, 1, a_is_there) },
	.spare = { SPARE(C0, 7, TOO_EARLY) },
};

SCENARIO(C05_replaced_hint) = {
	HINT,
	.name = "replaced_hint",
	.claim =
		"a table is replaced, the IOMMU told that a leaf changed: it goes on with the old one",
	.needs = NEED_READ,
	.agents = { RUNS(C0, REPLACED_HINT), RUNS(E, READS_B) },
	.warm = { RUNS(E, ONE_PAGE) },
	.shows = SHOWS(old_table),
	.shown_by = CACHE_IOMMU_UPPER,
	.spare = { SPARE(C0, 2, OLD), SPARE(C0, 3, OLD), SPARE(C0, 5, OLD), SPARE(C0, 6, OLD),
		   SPARE(E, 1, "who reads too early sees the old table by right") },
};

SCENARIO(C05_replaced) = {
	HINT,
	.name = "replaced",
	.claim = "told of every level when the table was replaced, the hint does for its leaves",
	.needs = NEED_READ,
	.agents = { RUNS(C0, REPLACED), RUNS(E, READS_B) },
	.warm = { RUNS(E, BOTH_PAGES) },
	.forbid = { FORBID(old_table) },
	.control = { BY_UPPER(C0, 2, 0, old_table), WITHOUT(C0, 4, old_table),
		     WITHOUT(E, 1, old_table) },
};
