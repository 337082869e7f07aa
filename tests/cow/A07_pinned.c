/*
 * KSM leaves a page alone that somebody else holds: its references must be those of the mapping and KSM's own. Whether they are
 * can only be asked when the entry cannot be found any more: a GUP-fast that found it before may take its reference later.
 * KSM gives back its own and looks at what is left: 1 is the mapping's.
 */
#include "mm/protocol/gup.h"
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(ENTRY, GOT, SAME, LEFT)

/* clang-format off */
#define IPI_STEPS(step)                                   \
	ptep_clear_flush(step, 1, A)                      \
	step(3, put, P0, LEFT)                            \
	step##_if(4, LEFT, COUNT(1), pte_set, A, K, RO)   \
	step##_if(5, LEFT, COUNT(2), pte_set, A, P0, RW)
#define NO_IPI_STEPS(step)                                \
	step(1, pte_clear, A)                             \
	step(2, broadcast, A)                             \
	step(3, put, P0, LEFT)                            \
	step##_if(4, LEFT, COUNT(1), pte_set, A, K, RO)   \
	step##_if(5, LEFT, COUNT(2), pte_set, A, P0, RW)
/* clang-format on */
#define TRUSTS_STEPS(step) gup_fast_no_recheck(step, 1, A, ENTRY, GOT)
#define CHECKS_STEPS(step) gup_fast(step, 1, A, ENTRY, GOT, SAME)

LISTING(IPI)
LISTING(NO_IPI)
LISTING(TRUSTS)
LISTING(CHECKS)

CLAIM(held_and_replaced, saw(ENTRY) == MARK(P0) && saw(GOT) == YES && saw(LEFT) == COUNT(1))
CLAIM(held_and_kept, saw(ENTRY) == MARK(P0) && saw(GOT) == YES && saw(LEFT) == COUNT(2))
CLAIM(replaced, saw(LEFT) == COUNT(1) && saw(ENTRY) == MARK(K))
CLAIM(too_late, saw(LEFT) == COUNT(1) && saw(ENTRY) == EMPTY)

#define PINNED(merge, walk)                                                                       \
	.id = "A07",                                                                              \
	.source =                                                                                 \
		"Linux, mm/ksm.c, write_protect_page: no O_DIRECT or similar I/O is in progress", \
	.needs = NEED_CPU2, .agents = { RUNS(C0, merge), RUNS(C1, walk) },                        \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [K] = O },                \
	.refs = { [P0] = 2, [K] = 1 }, .forbid = { FORBID(held_and_replaced) },                   \
	.allow = { ALLOW(held_and_kept), ALLOW(replaced), ALLOW(too_late) }

SCENARIO(A07_pinned_ipi) = {
	PINNED(IPI, TRUSTS),
	.name = "pinned_ipi",
	.claim =
		"references counted after a flush that interrupts: no page that is held is replaced",
	.control = { WITHOUT(C0, 1, held_and_replaced), WITHOUT(C0, 2, held_and_replaced),
		     WITHOUT(C1, 1, held_and_replaced), SWAPPED(C0, 2, 3, held_and_replaced) },
};

SCENARIO(A07_pinned_no_ipi) = {
	PINNED(NO_IPI, CHECKS),
	.name = "pinned_no_ipi",
	.claim =
		"where the flush interrupts nobody, it is the walker's second look that keeps a page "
		"from being replaced",
	.control = { WITHOUT(C0, 1, held_and_replaced), WITHOUT(C1, 4, held_and_replaced) },
	.spare = { SPARE(C0, 2, "the walker reads the PTE itself: nothing is cached"),
		   SPARE(C1, 1, "a broadcast does not wait for a CPU with interrupts off") },
};
