/*
 * A page fault drops what the TLB has for its page, whatever right it was that failed: after it nobody on that CPU
 * needs an INVLPG to see that the entry is gone.
 */
#include "tests/scenario.h"

OBSERVE(WARM, WROTE, READ)

#define FAULT_STEPS(step)           \
	step(1, load, A, WARM)      \
	step(2, pte_clear, A)       \
	step(3, store, A, Y, WROTE) \
	step(4, load, A, READ)

LISTING(FAULT)
CLAIM(written, saw(WROTE) != BLOCKED || holds(P0) != O)
CLAIM(stale, saw(READ) != BLOCKED)

SCENARIO(D11_fault_drops) = {
	.id = "D11",
	.name = "fault_drops",
	.claim =
		"after #PF on a store, a load of the same page does not use an entry from before the fault",
	.source = "SDM 3A 4.10.4.1",
	.agents = { RUNS(C0, FAULT) },
	.maps = { [A] = { P0, RO, LEAF_USED } },
	.content = { [P0] = O },
	.forbid = { FORBID(written), FORBID(stale) },
	/* Before the fault a load may use the entry. */
	.control = { WITHOUT(C0, 2, stale), { { C0, 3, 4 }, SHOWS(stale), CACHE_TLB } },
};
