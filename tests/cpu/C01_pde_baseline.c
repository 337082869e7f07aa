/* The platform's self-test for what is above leaves: a CPU may remember a PDE until INVLPG of any page, and then forgets it. */
#include "tests/scenario.h"

OBSERVE(FIRST, KEPT, AFTER)

/* T1 has another leaf for B, which nobody has looked at: only what is remembered of the PDE leads to the old one. */
#define REPLACE_STEPS(step)           \
	step(1, table_leaf, T1, B, K) \
	step(2, load, A, FIRST)       \
	step(3, pde_exchange, A, T1)  \
	step(4, load, B, KEPT)        \
	step(5, cpu_flush, B)         \
	step(6, load, B, AFTER)

LISTING(REPLACE)
CLAIM(wrong_page, saw(FIRST) != O)
CLAIM(neither_table, saw(KEPT) != N && saw(KEPT) != Y)
CLAIM(stale, saw(AFTER) != Y)
CLAIM(pde_kept, saw(KEPT) == N)
CLAIM(never_dropped, saw(AFTER) == N)

SCENARIO(C01_pde_baseline) = {
	.id = "C01",
	.name = "pde_baseline",
	.claim = "after INVLPG on every CPU no load is translated by a table that was replaced",
	.source = "SDM 3A 4.10.3 and 4.10.4.1",
	.agents = { RUNS(C0, REPLACE) },
	.tables = true,
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },
	.content = { [P0] = O, [P1] = N, [K] = Y },
	.forbid = { FORBID(wrong_page), FORBID(neither_table), FORBID(stale) },
	.control = { { { C0, 3, 5 }, SHOWS(never_dropped), CACHE_TLB },
		     { { C0, 5, 0 }, SHOWS(never_dropped), CACHE_UPPER } },
	.spare = { SPARE_SWAP(C0, 4, 5, "only the fact is not established") },
	.fact = { SHOWS(pde_kept), FACT_UPPER_KEPT, EITHER },
	.shown_by = CACHE_UPPER,
};
