/*
 * A large page split into small ones, or small ones merged: while no flush is done a CPU may use either size, and which it uses
 * it need not say. A large page goes by any of its addresses, small ones by each of theirs.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND, AFTER, EARLY, LATE, WROTE)

/* T0 has another page for A, and B read-only. */
#define SPLIT_STEPS(step)       \
	step(1, pde_set, A, T0) \
	step(2, cpu_flush, A)   \
	step(3, tell, C1)
#define DIRECT_STEPS(step)          \
	step(1, pde_set, A, T0)     \
	step(2, invlpg, A)          \
	step(3, store, A, Y, WROTE) \
	step(4, tell, C1)           \
	step(5, cpu_flush, B)
#define BREAK_STEPS(step)           \
	step(1, pde_clear, A)       \
	step(2, cpu_flush, B)       \
	step(3, pde_set, A, T0)     \
	step(4, store, A, Y, WROTE) \
	step(5, tell, C1)
#define USER_STEPS(step)            \
	step(1, store, B, Y, EARLY) \
	step(2, heed, C0)           \
	step(3, load, A, AFTER)     \
	step(4, store, B, X, LATE)
#define READER_STEPS(step)      \
	step(1, load, A, FIRST) \
	step(2, heed, C0)       \
	step(3, load, A, AFTER)
#define LARGE_WARM_STEPS(step) \
	step(1, load, A)       \
	step(2, store, B, O)

/* Together again, elsewhere. */
#define MERGE_STEPS(step)          \
	step(1, pde_set, A, LARGE) \
	step(2, cpu_flush, A)      \
	step(3, tell, C1)
#define MERGE_ALL_STEPS(step)      \
	step(1, pde_set, A, LARGE) \
	step(2, cpu_flush, A)      \
	step(3, cpu_flush, B)      \
	step(4, tell, C1)
#define BOTH_STEPS(step)        \
	step(1, heed, C0)       \
	step(2, load, A, FIRST) \
	step(3, load, B, SECOND)
/* And the table, to which nothing points any more, is freed when the other CPU has flushed: a stranger's word looks like a leaf. */
#define MERGE_AND_FREE_STEPS(step) \
	step(1, pde_set, A, LARGE) \
	step(2, tell, C1)          \
	step(3, heed, C1)          \
	step(4, table_leaf, T0, A, K)
#define FLUSHES_ALL_STEPS(step) \
	step(1, load, A, EARLY) \
	step(2, heed, C0)       \
	step(3, flush_all)      \
	step(4, tell, C0)       \
	step(5, load, A, FIRST) \
	step(6, load, B, SECOND)
#define SMALL_WARM_STEPS(step) \
	step(1, load, A)       \
	step(2, load, B)

LISTING(SPLIT)
LISTING(DIRECT)
LISTING(BREAK)
LISTING(USER)
LISTING(READER)
LISTING(LARGE_WARM)
LISTING(MERGE)
LISTING(MERGE_ALL)
LISTING(BOTH)
LISTING(MERGE_AND_FREE)
LISTING(FLUSHES_ALL)
LISTING(SMALL_WARM)

CLAIM(old_page, saw(AFTER) == O)
CLAIM(not_new, saw(AFTER) != N)
CLAIM(old_right, saw(LATE) != BLOCKED)
CLAIM(by_the_large_page, saw(EARLY) == LANDED)
CLAIM(by_the_small_page, saw(EARLY) == BLOCKED)
CLAIM(write_missed, saw(WROTE) == LANDED && saw(AFTER) == O)
CLAIM(not_written, saw(WROTE) != LANDED || saw(AFTER) != Y)
CLAIM(lost, saw(WROTE) == LANDED && holds(P0) != Y)
CLAIM(a_stale, saw(FIRST) != N)
CLAIM(b_stale, saw(SECOND) == O)
CLAIM(b_wrong, saw(SECOND) != N)
CLAIM(strangers_page, saw(EARLY) == S || saw(FIRST) == S)
CLAIM(neither, saw(SECOND) != O && saw(SECOND) != N)

#define LARGE_PAGE(cpu, other)                                                  \
	.id = "D08", .source = "SDM 3A 4.10.2.3, 4.10.4.1", .needs = NEED_CPU2, \
	.agents = { RUNS(C0, cpu), RUNS(C1, other) }, .tables = true,           \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RO, LEAF_USED } }
/* Where A and B are in the large page. */
#define PAGES(a, b) .block = 512, .page = { [A] = (a), [B] = (b) }
#define SPLIT_UP                                                              \
	PAGES(3, 5), .large = STARTS_LARGE, .warm = { RUNS(C1, LARGE_WARM) }, \
		     .content = { [P0] = N, [P1] = O, [Q0] = O, [Q1] = O }
#define PUT_TOGETHER                                            \
	.large = LATER_LARGE, .warm = { RUNS(C1, SMALL_WARM) }, \
	.content = { [P0] = O, [P1] = O, [K] = S, [Q0] = N, [Q1] = N }
#define IN_TIME "who looks later sees less of what is old"
#define LATER   "a write that comes later is refused"

SCENARIO(D08_split) = {
	LARGE_PAGE(SPLIT, USER),
	SPLIT_UP,
	.name = "split",
	.claim = "a large page split, INVLPG of one address: all of it is gone, and its rights",
	.forbid = { FORBID(not_new), FORBID(old_right) },
	.allow = { ALLOW(by_the_large_page), ALLOW(by_the_small_page) },
	.control = { WITHOUT(C0, 2, old_page), WITHOUT(C1, 2, old_page),
		     SWAPPED(C0, 2, 3, old_page) },
	.spare = { SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(D08_direct) = {
	LARGE_PAGE(DIRECT, READER),
	SPLIT_UP,
	.name = "direct",
	.claim =
		"a large page split by one store: a CPU reads the old page after another wrote the new",
	.forbid = { FORBID(lost) },
	.shows = SHOWS(write_missed),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 5, "it comes too late: that is the hazard"),
		   SPARE_SWAP(C1, 1, 2, IN_TIME) },
};

SCENARIO(D08_break_before_make) = {
	LARGE_PAGE(BREAK, READER),
	SPLIT_UP,
	.name = "break_before_make",
	.claim = "PDE cleared, flush, split: who is told reads what was written",
	.forbid = { FORBID(not_written), FORBID(lost) },
	.control = { WITHOUT(C0, 1, write_missed), WITHOUT(C0, 2, write_missed),
		     WITHOUT(C1, 2, write_missed), SWAPPED(C0, 1, 2, write_missed) },
	.spare = { SPARE_SWAP(C1, 1, 2, IN_TIME) },
};

#define ONE_FLUSHED                                                                               \
	PUT_TOGETHER, .claim = "small pages merged, INVLPG of one: another is read where it was", \
		      .forbid = { FORBID(a_stale), FORBID(neither) }, .shows = SHOWS(b_stale),    \
		      .shown_by = CACHE_TLB,                                                      \
		      .control = { WITHOUT(C0, 2, a_stale), WITHOUT(C1, 1, a_stale) }
#define EACH_FLUSHED                                                                          \
	PUT_TOGETHER, .claim = "small pages merged, each flushed: none is read where it was", \
		      .forbid = { FORBID(a_stale), FORBID(b_wrong) },                         \
		      .control = { WITHOUT(C0, 2, a_stale), WITHOUT(C0, 3, b_stale),          \
				   WITHOUT(C1, 1, b_stale) }
#define ALL_FLUSHED                                                                          \
	PUT_TOGETHER, .claim = "small pages merged, all flushed: none is read where it was", \
		      .forbid = { FORBID(a_stale), FORBID(b_wrong) },                        \
		      .control = { WITHOUT(C1, 2, b_stale), WITHOUT(C1, 3, b_stale),         \
				   SWAPPED(C0, 1, 2, b_stale) }

SCENARIO(D08_merge_one_flushed) = {
	LARGE_PAGE(MERGE, BOTH),
	ONE_FLUSHED,
	PAGES(3, 5),
	.name = "merge_one_flushed",
};

SCENARIO(D08_merge_one_flushed_ends) = {
	LARGE_PAGE(MERGE, BOTH),
	ONE_FLUSHED,
	PAGES(0, 511),
	.name = "merge_one_flushed.ends",
};

SCENARIO(D08_merge) = {
	LARGE_PAGE(MERGE_ALL, BOTH),
	EACH_FLUSHED,
	PAGES(3, 5),
	.name = "merge",
};

SCENARIO(D08_merge_ends) = {
	LARGE_PAGE(MERGE_ALL, BOTH),
	EACH_FLUSHED,
	PAGES(0, 511),
	.name = "merge.ends",
};

SCENARIO(D08_merge_full_flush) = {
	LARGE_PAGE(MERGE_AND_FREE, FLUSHES_ALL),
	ALL_FLUSHED,
	PAGES(3, 5),
	.name = "merge_full_flush",
};

SCENARIO(D08_merge_full_flush_ends) = {
	LARGE_PAGE(MERGE_AND_FREE, FLUSHES_ALL),
	ALL_FLUSHED,
	PAGES(0, 511),
	.name = "merge_full_flush.ends",
};

SCENARIO(D08_merge_freed) = {
	LARGE_PAGE(MERGE_AND_FREE, FLUSHES_ALL),
	PUT_TOGETHER,
	PAGES(0, 511),
	.name = "merge_freed",
	.claim = "small pages merged, all flushed, their table freed: nobody uses it any more",
	.forbid = { FORBID(a_stale), FORBID(b_wrong), FORBID(strangers_page) },
	.control = { { { C0, 3, 0 }, SHOWS(strangers_page), CACHE_UPPER } },
};
