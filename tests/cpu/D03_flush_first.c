/* The flush before the PTE write: what is loaded in between stays. */
#include "tests/scenario.h"

OBSERVE(WROTE)

#define FLUSH_FIRST_STEPS(step) \
	step(1, cpu_flush, A)   \
	step(2, pte_clear, A)   \
	step(3, reuse, P0)
#define CLEAR_FIRST_STEPS(step) \
	step(1, pte_clear, A)   \
	step(2, cpu_flush, A)   \
	step(3, reuse, P0)
#define THREAD_STEPS(step) \
	step(1, load, A)   \
	step(2, store, A, Y, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)

LISTING(FLUSH_FIRST)
LISTING(CLEAR_FIRST)
LISTING(THREAD)
LISTING(THREAD_WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(stranger_written, saw(WROTE) == LANDED && holds(P0) == Y)
CLAIM(write_went_elsewhere, saw(WROTE) == BLOCKED && holds(P0) != S)
CLAIM(refused, saw(WROTE) == BLOCKED)

#define FREED_PAGE(first)                                                                   \
	.id = "D03", .source = "SDM 3A 4.10.5", .needs = NEED_CPU2,                         \
	.agents = { RUNS(C0, first), RUNS(C1, THREAD) }, .warm = { RUNS(C1, THREAD_WARM) }, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }

SCENARIO(D03_flush_first) = {
	FREED_PAGE(FLUSH_FIRST),
	.name = "flush_first",
	.claim = "flush, then clear: a load in between brings the entry back, and a store lands in "
		 "a page that was freed",
	.forbid = { FORBID(write_went_elsewhere) },
	.shows = SHOWS(stranger_written),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 1, "it is too early to drop what matters: that is the hazard"),
		   SPARE(C0, 2, "a page that is still mapped is written as well") },
};

SCENARIO(D03_clear_first) = {
	FREED_PAGE(CLEAR_FIRST),
	.name = "clear_first",
	.claim = "clear, then flush: the freed page is never written",
	.forbid = { FORBID(stranger_hurt) },
	.allow = { ALLOW(refused) },
	.control = { WITHOUT(C0, 1, stranger_written), WITHOUT(C0, 2, stranger_written),
		     SWAPPED(C0, 1, 2, stranger_written), SWAPPED(C0, 2, 3, stranger_written) },
};
