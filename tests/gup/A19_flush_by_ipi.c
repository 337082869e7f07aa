/*
 * The lockless walker of GUP-fast against a page that is unmapped and freed, where the TLB flush is an interrupt: a walker that
 * has interrupts off holds the flush up, and with it the free. Nobody checks twice, and nobody need.
 */
#include "mm/protocol/gup.h"
#include "tests/scenario.h"

OBSERVE(ENTRY, GOT, LEFT, TAKEN)

#define UNMAP_STEPS(step)      \
	step(1, pte_clear, A)  \
	step(2, ipi, A)        \
	step(3, ipi_wait)      \
	step(4, put, P0, LEFT) \
	step(5, alloc, P0, TAKEN)
/* clang-format off */
#define WALK_STEPS(step)                            \
	gup_fast_no_recheck(step, 1, A, ENTRY, GOT) \
	step##_if(5, GOT, YES, store_seen, ENTRY, Y)
/* clang-format on */

LISTING(UNMAP)
LISTING(WALK)

/* The walker found the page, so it is the walker's: nobody else gets it, though the mapping's reference is gone. */
CLAIM(page_taken, saw(ENTRY) == MARK(P0) && saw(TAKEN) == YES)
CLAIM(freed_under_the_walker, saw(ENTRY) == MARK(P0) && saw(GOT) == NO)
CLAIM(double_free, saw(LEFT) == BLOCKED)
CLAIM(walker_has_it, saw(GOT) == YES && saw(LEFT) == COUNT(1))
CLAIM(stranger_has_it, saw(ENTRY) == EMPTY && saw(TAKEN) == YES)

SCENARIO(A19_flush_by_ipi) = {
	.id = "A19",
	.name = "flush_by_ipi",
	.claim =
		"the flush waits for a walker with interrupts off: the page it found stays its own",
	.source = "P2PDMA thread 2021: the IPI of the TLB flush also holds off GUP-fast",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, UNMAP), RUNS(C1, WALK) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O },
	.refs = { [P0] = 1 },
	.forbid = { FORBID(page_taken), FORBID(freed_under_the_walker), FORBID(double_free) },
	.allow = { ALLOW(walker_has_it), ALLOW(stranger_has_it) },
	.control = { WITHOUT(C0, 1, page_taken), WITHOUT(C0, 2, page_taken),
		     WITHOUT(C0, 3, page_taken), WITHOUT(C1, 1, page_taken),
		     WITHOUT(C1, 3, page_taken), SWAPPED(C0, 1, 2, page_taken),
		     SWAPPED(C0, 3, 4, freed_under_the_walker), SWAPPED(C1, 1, 2, page_taken),
		     SWAPPED(C1, 3, 4, page_taken) },
};
