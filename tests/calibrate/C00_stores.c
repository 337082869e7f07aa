/* Can a load overtake an older store of its own CPU here, as TSO allows, and does MFENCE hold it back? */
#include "tests/scenario.h"

OBSERVE(READ_B, READ_A)

#define FIRST_STEPS(step)    \
	step(1, store, A, N) \
	step(2, load, B, READ_B)
#define SECOND_STEPS(step)   \
	step(1, store, B, N) \
	step(2, load, A, READ_A)
#define FIRST_FENCED_STEPS(step) \
	step(1, store, A, N)     \
	step(2, fence)           \
	step(3, load, B, READ_B)
#define SECOND_FENCED_STEPS(step) \
	step(1, store, B, N)      \
	step(2, fence)            \
	step(3, load, A, READ_A)
#define WARM_STEPS(step)     \
	step(1, store, A, O) \
	step(2, store, B, O)

LISTING(FIRST)
LISTING(SECOND)
LISTING(FIRST_FENCED)
LISTING(SECOND_FENCED)
LISTING(WARM)

CLAIM(both_old, saw(READ_B) == O && saw(READ_A) == O)
CLAIM(lost_store, holds(P0) != N || holds(P1) != N)

#define BOTH_PAGES                                                                           \
	.id = "C00", .source = "SDM 3A 9.2.3.4", .warm = { RUNS(C0, WARM), RUNS(C1, WARM) }, \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },                \
	.content = { [P0] = O, [P1] = O }, .needs = NEED_CPU2

SCENARIO(C00_stores) = {
	BOTH_PAGES,
	.name = "stores",
	.claim = "does a load overtake an older store of its own CPU?",
	.agents = { RUNS(C0, FIRST), RUNS(C1, SECOND) },
	.forbid = { FORBID(lost_store) },
	.fact = { SHOWS(both_old), FACT_STORES_LATE, EITHER },
};

SCENARIO(C00_stores_fenced) = {
	BOTH_PAGES,
	.name = "stores_fenced",
	.claim = "a load does not overtake a store that MFENCE is between",
	.agents = { RUNS(C0, FIRST_FENCED), RUNS(C1, SECOND_FENCED) },
	.forbid = { FORBID(lost_store), FORBID(both_old) },
	.control = { WITHOUT(C0, 2, both_old), WITHOUT(C1, 2, both_old) },
};
