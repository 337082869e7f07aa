/*
 * mremap moves a whole table: its PDE is cleared, and that of the new address points to it. Whoever is not told goes on by the old
 * address: with a page that he knows, or, as he remembers the PDE, with pages that are mapped at the new address only. So it is
 * flushed before the old range is another's.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, OLD, NEW)

/* A is the old address, B the new one. The old range gets a table of its own, which has K. */
#define MOVE_STEPS(step)        \
	step(1, pde_clear, A)   \
	step(2, pde_set, B, T0) \
	step(3, cpu_flush, A)   \
	step(4, pde_set, A, T1) \
	step(5, tell, C1)
#define UNFLUSHED_STEPS(step)   \
	step(1, pde_clear, A)   \
	step(2, pde_set, B, T0) \
	step(3, pde_set, A, T1) \
	step(4, tell, C1)
/* Mapped after the move: nothing to flush. */
#define MAPS_LATER_STEPS(step)      \
	step(1, pde_clear, A)       \
	step(2, pde_set, B, T0)     \
	step(3, pte_set, A, P0, RW) \
	step(4, pde_set, A, T1)     \
	step(5, tell, C1)
#define READER_STEPS(step)      \
	step(1, load, A, EARLY) \
	step(2, heed, C0)       \
	step(3, load, A, OLD)   \
	step(4, load, B, NEW)
#define NEW_RANGE_STEPS(step) step(1, table_leaf, T1, A, K)
#define WARM_STEPS(step)      step(1, load, A)

LISTING(MOVE)
LISTING(UNFLUSHED)
LISTING(MAPS_LATER)
LISTING(READER)
LISTING(NEW_RANGE)
LISTING(WARM)

CLAIM(moved_page, saw(OLD) == O)
CLAIM(not_the_new_range, saw(OLD) != N)
CLAIM(not_moved, saw(NEW) != O)

#define MOVED(move)                                                                     \
	.id = "D09", .source = "SDM 3A 4.10.3 and 4.10.4.1; Linux, move_normal_pmd()",  \
	.needs = NEED_CPU2, .agents = { RUNS(C0, move), RUNS(C1, READER) },             \
	.warm = { RUNS(C0, NEW_RANGE), RUNS(C1, WARM) }, .tables = true, .apart = true, \
	.content = { [P0] = O, [K] = N }
#define LATER   "what is looked at later shows less"
#define OLD_PDE "what is cached is stale whatever the PDE says: that is the hazard"

SCENARIO(D09_moved) = {
	MOVED(MOVE),
	.name = "moved",
	.claim =
		"a table moved, the old range flushed before it is another's: no way back to the table",
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.forbid = { FORBID(not_the_new_range), FORBID(not_moved) },
	.control = { WITHOUT(C0, 1, moved_page), WITHOUT(C0, 3, moved_page),
		     WITHOUT(C1, 2, not_moved), SWAPPED(C0, 1, 3, moved_page),
		     SWAPPED(C0, 3, 5, moved_page) },
	.spare = { SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(D09_moved_unflushed) = {
	MOVED(UNFLUSHED),
	.name = "moved_unflushed",
	.claim =
		"a table moved and not flushed: the old address reads the page that is elsewhere now",
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.forbid = { FORBID(not_moved) },
	.shows = SHOWS(moved_page),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C1, 2, not_moved) },
	.spare = { SPARE(C0, 1, OLD_PDE), SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(D09_moved_empty) = {
	MOVED(MAPS_LATER),
	.name = "moved_empty",
	.claim =
		"an empty table moved and not flushed: the old address reads what was never mapped there",
	.forbid = { FORBID(not_moved) },
	.shows = SHOWS(moved_page),
	.shown_by = CACHE_UPPER,
	.control = { WITHOUT(C1, 2, not_moved) },
	.spare = { SPARE(C0, 1, OLD_PDE), SPARE_SWAP(C1, 1, 2, LATER) },
};
