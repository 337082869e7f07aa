/* The CPU's half of the platform's self-test: a TLB keeps an entry until INVLPG, and then forgets it. */
#include "tests/scenario.h"

OBSERVE(FIRST, KEPT, AFTER)

#define REMAP_STEPS(step)           \
	step(1, load, A, FIRST)     \
	step(2, pte_set, A, P1, RW) \
	step(3, load, A, KEPT)      \
	step(4, cpu_flush, A)       \
	step(5, load, A, AFTER)

LISTING(REMAP)
CLAIM(wrong_page, saw(FIRST) != O)
CLAIM(stale, saw(AFTER) != N)
CLAIM(entry_kept, saw(KEPT) == O)
CLAIM(never_dropped, saw(AFTER) == O)

SCENARIO(C01_tlb_baseline) = {
	.id = "C01",
	.name = "tlb_baseline",
	.claim = "after INVLPG on every CPU no load uses the old frame",
	.source = "SDM 3A 4.10.4.1",
	.agents = { RUNS(C0, REMAP) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O, [P1] = N },
	.forbid = { FORBID(wrong_page), FORBID(stale) },
	.control = { WITHOUT(C0, 4, never_dropped) },
	.fact = { SHOWS(entry_kept), FACT_TLB_KEEPS, MUST_BE_SEEN },
	.shown_by = CACHE_TLB,
};
