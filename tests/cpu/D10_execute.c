/*
 * The right to execute taken away, or a user's right to the page at all: a CPU in ring 3 executes it through its TLB all the same,
 * until that is flushed. Nothing is like D here, which would make it walk again: see D10.clean_page.
 */
#include "tests/scenario.h"

OBSERVE(RAN, LATE, CODE)

#define NX_STEPS(step)                   \
	step(1, pte_exchange, A, P0, RO) \
	step(2, cpu_flush, A)            \
	step(3, tell, C1)
#define NX_NOT_FLUSHED_STEPS(step)       \
	step(1, pte_exchange, A, P0, RO) \
	step(2, tell, C1)
#define SUPERVISOR_STEPS(step)                      \
	step(1, pte_exchange, A, P0, SUPERVISOR_RX) \
	step(2, cpu_flush, A)                       \
	step(3, tell, C1)
#define SUPERVISOR_NOT_FLUSHED_STEPS(step)          \
	step(1, pte_exchange, A, P0, SUPERVISOR_RX) \
	step(2, tell, C1)
#define USER_STEPS(step)        \
	step(1, fetch, A, RAN)  \
	step(2, heed, C0)       \
	step(3, fetch, A, LATE) \
	step(4, fault_code, LATE, CODE)
#define WARM_STEPS(step) step(1, fetch, A)

LISTING(NX)
LISTING(NX_NOT_FLUSHED)
LISTING(SUPERVISOR)
LISTING(SUPERVISOR_NOT_FLUSHED)
LISTING(USER)
LISTING(WARM)

CLAIM(ran_late, saw(LATE) == YES)
CLAIM(came_back, saw(RAN) == BLOCKED && saw(LATE) == YES)
/* Of XD and of U/S it is the same. */
CLAIM(other_code,
      saw(LATE) == BLOCKED && saw(CODE) != COUNT(FAULT_PRESENT | FAULT_USER | FAULT_FETCH))
CLAIM(in_time, saw(RAN) == YES && saw(LATE) == BLOCKED)
CLAIM(refused, saw(RAN) == BLOCKED)

#define LATER "a fetch that comes later shows less: it takes #PF"
#define DOWNGRADE(cpu)                                                           \
	.id = "D10", .source = "SDM 3A 4.6, 4.10.4.2", .needs = NEED_CPU2,       \
	.agents = { RUNS(C0, cpu), RUNS(C1, USER) }, .warm = { RUNS(C1, WARM) }, \
	.maps = { [A] = { P0, RX, LEAF_USED } }
#define FLUSHED                                                                  \
	.forbid = { FORBID(ran_late), FORBID(other_code) },                      \
	.allow = { ALLOW(in_time), ALLOW(refused) },                             \
	.control = { WITHOUT(C0, 2, ran_late), WITHOUT(C1, 2, ran_late),         \
		     SWAPPED(C0, 1, 2, ran_late), SWAPPED(C0, 2, 3, ran_late) }, \
	.spare = { SPARE_SWAP(C1, 1, 2, LATER) }
#define NOT_FLUSHED                                                                    \
	.forbid = { FORBID(came_back), FORBID(other_code) }, .shows = SHOWS(ran_late), \
	.shown_by = CACHE_TLB,                                                         \
	.spare = { SPARE(C1, 2, "the entry stays as well for who does not wait") }

SCENARIO(D10_nx_flushed) = {
	DOWNGRADE(NX),
	FLUSHED,
	.name = "nx_flushed",
	.claim = "XD set, shootdown: from then on nobody executes the page",
};

SCENARIO(D10_nx_not_flushed) = {
	DOWNGRADE(NX_NOT_FLUSHED),
	NOT_FLUSHED,
	.name = "nx_not_flushed",
	.claim = "XD set in memory only: a CPU goes on executing what may be data by now",
};

SCENARIO(D10_supervisor_flushed) = {
	DOWNGRADE(SUPERVISOR),
	FLUSHED,
	.name = "supervisor_flushed",
	.claim = "U/S cleared, shootdown: from then on ring 3 is kept out",
};

SCENARIO(D10_supervisor_not_flushed) = {
	DOWNGRADE(SUPERVISOR_NOT_FLUSHED),
	NOT_FLUSHED,
	.name = "supervisor_not_flushed",
	.claim = "U/S cleared in memory only: ring 3 goes on executing a supervisor's page",
};
