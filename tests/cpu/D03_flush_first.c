/* The flush before the PTE write: what is loaded in between stays. */
#include "tests/scenario.h"

OBSERVE(WROTE)

#define FLUSH_FIRST_STEPS(step) \
	step(1, cpu_flush, A)   \
	step(2, pte_clear, A)   \
	step(3, reuse, P0)      \
	step(4, tell, C1)
#define CLEAR_FIRST_STEPS(step) \
	step(1, pte_clear, A)   \
	step(2, cpu_flush, A)   \
	step(3, reuse, P0)      \
	step(4, tell, C1)
#define THREAD_STEPS(step) \
	step(1, load, A)   \
	step(2, heed, C0)  \
	step(3, store, A, Y, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)

LISTING(FLUSH_FIRST)
LISTING(CLEAR_FIRST)
LISTING(THREAD)
LISTING(THREAD_WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(stranger_written, saw(WROTE) == LANDED && holds(P0) == Y)
CLAIM(write_went_nowhere, saw(WROTE) == LANDED && holds(P0) != Y)

SCENARIO(D03_flush_first) = {
	.id = "D03",
	.name = "flush_first",
	.claim =
		"flush, then clear: a load in between brings the entry back, and a store lands in a page that was freed",
	.source = "SDM 3A 4.10.5",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, FLUSH_FIRST), RUNS(C1, THREAD) },
	.warm = { RUNS(C1, THREAD_WARM) },
	.maps = { [A] = { P0, RW } },
	.content = { [P0] = O },
	.forbid = { FORBID(write_went_nowhere) },
	.shows = SHOWS(stranger_written),
	.shown_by = CACHE_TLB,
};

SCENARIO(D03_clear_first) = {
	.id = "D03",
	.name = "clear_first",
	.claim = "clear, then flush: the freed page is never written",
	.source = "SDM 3A 4.10.5",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, CLEAR_FIRST), RUNS(C1, THREAD) },
	.warm = { RUNS(C1, THREAD_WARM) },
	.maps = { [A] = { P0, RW } },
	.content = { [P0] = O },
	.forbid = { FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 2, stranger_written) },
};
