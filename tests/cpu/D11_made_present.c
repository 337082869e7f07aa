/* A page becomes present, or more may be done with it: no flush, and nobody must be refused after he was told. */
#include "tests/scenario.h"

OBSERVE(BEFORE, AFTER)

#define PRESENT_STEPS(step)         \
	step(1, pte_set, A, P0, RW) \
	step(2, tell, C1)
#define READER_STEPS(step)       \
	step(1, load, A, BEFORE) \
	step(2, heed, C0)        \
	step(3, load, A, AFTER)

LISTING(PRESENT)
LISTING(READER)

CLAIM(refused, saw(AFTER) != O)
CLAIM(was_absent, saw(BEFORE) == BLOCKED && saw(AFTER) == O)

SCENARIO(D11_made_present) = {
	.id = "D11",
	.name = "made_present",
	.claim = "a page made present, and told: no #PF, and nobody has flushed",
	.source = "SDM 3A 4.10.2.3: nothing is cached of an entry that is not present",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, PRESENT), RUNS(C1, READER) },
	.content = { [P0] = O },
	.forbid = { FORBID(refused) },
	.allow = { ALLOW(was_absent) },
	.control = { WITHOUT(C1, 2, refused), SWAPPED(C0, 1, 2, refused),
		     SWAPPED(C1, 2, 3, refused) },
	.spare = { SPARE_SWAP(C1, 1, 2, "who reads later is refused less") },
};
