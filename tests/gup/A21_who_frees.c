/*
 * Who may free a page that GUP-fast can hand out: whoever drops the last reference. A caller who frees it because he has unmapped it
 * takes it from who holds a reference; an interrupt to all CPUs ends the walks that are under way, and no reference.
 */
#include "mm/protocol/gup.h"
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(ENTRY, GOT, SAME, HELD, LEFT, TAKEN, PINNED, REREAD, RETURNED)

#define LAST_PUT_STEPS(step)   \
	step(1, pte_clear, A)  \
	step(2, broadcast, A)  \
	step(3, put, P0, LEFT) \
	step(4, alloc, P0, TAKEN)
#define LAST_PUT_BY_IPI_STEPS(step)  \
	ptep_clear_flush(step, 1, A) \
	step(3, put, P0, LEFT)       \
	step(4, alloc, P0, TAKEN)
#define CALLER_STEPS(step)    \
	step(1, pte_clear, A) \
	step(2, broadcast, A) \
	step(3, reuse, P0)
#define CALLER_BY_IPI_STEPS(step)    \
	ptep_clear_flush(step, 1, A) \
	step(3, reuse, P0)
#define CALLER_WAITS_STEPS(step)     \
	ptep_clear_flush(step, 1, A) \
	step(3, ref_wait, P0, 1)     \
	step(4, reuse, P0)
/* clang-format off */
#define PINS_STEPS(step)                                 \
	gup_fast(step, 1, A, ENTRY, GOT, SAME)           \
	step##_if(7, GOT, YES, store_seen, ENTRY, Y)     \
	step##_if(8, GOT, YES, peek, P0, HELD)           \
	step##_if(9, GOT, YES, put_seen, ENTRY, RETURNED)
/* Where an interrupt ends all walks before the page is freed nobody need look twice. */
#define PINS_ONCE_STEPS(step)                            \
	gup_fast_no_recheck(step, 1, A, ENTRY, GOT)      \
	step##_if(5, GOT, YES, store_seen, ENTRY, Y)     \
	step##_if(6, GOT, YES, peek, P0, HELD)           \
	step##_if(7, GOT, YES, put_seen, ENTRY, RETURNED)
/* A long DMA by B, which nobody unmaps: the page is pinned. */
#define PINS_FOR_DMA_STEPS(step)                         \
	gup_fast_no_recheck(step, 1, A, ENTRY, GOT)      \
	step##_if(5, GOT, YES, word_set, 0, 1)           \
	step(6, tell, E)                                 \
	step(7, heed, E)                                 \
	step##_if(8, GOT, YES, put_seen, ENTRY, RETURNED)
#define PINS_CHECKED_FOR_DMA_STEPS(step)                 \
	gup_fast(step, 1, A, ENTRY, GOT, SAME)           \
	step##_if(7, GOT, YES, word_set, 0, 1)           \
	step(8, tell, E)                                 \
	step(9, heed, E)                                 \
	step##_if(10, GOT, YES, put_seen, ENTRY, RETURNED)
#define DEVICE_STEPS(step)                               \
	step(1, heed, C1)                                \
	step(2, word_read, 0, PINNED)                    \
	step##_if(3, PINNED, COUNT(1), dma_write, B, X)  \
	step##_if(4, PINNED, COUNT(1), dma_read, B, REREAD) \
	step(5, tell, C1)
/* clang-format on */

LISTING(LAST_PUT)
LISTING(LAST_PUT_BY_IPI)
LISTING(CALLER)
LISTING(CALLER_BY_IPI)
LISTING(CALLER_WAITS)
LISTING(PINS)
LISTING(PINS_ONCE)
LISTING(PINS_FOR_DMA)
LISTING(PINS_CHECKED_FOR_DMA)
LISTING(DEVICE)

CLAIM(not_its_own, saw(GOT) == YES && saw(HELD) != Y)
CLAIM(taken_away, saw(GOT) == YES && saw(HELD) == S)
CLAIM(dma_not_its_own, saw(PINNED) == COUNT(1) && saw(REREAD) != X)
CLAIM(dma_hits_stranger, saw(PINNED) == COUNT(1) && holds(P0) == X)
CLAIM(stranger_hurt, saw(TAKEN) == YES && holds(P0) != S)
CLAIM(freed_page_written, holds(P0) != S)
CLAIM(double_free, saw(LEFT) == BLOCKED || saw(RETURNED) == BLOCKED)
CLAIM(put_twice, saw(RETURNED) == BLOCKED)
CLAIM(walker_frees_it, saw(LEFT) == COUNT(1) && saw(RETURNED) == COUNT(0) && saw(TAKEN) == NO)
CLAIM(unmapper_frees_it, saw(ENTRY) == EMPTY && saw(LEFT) == COUNT(0) && saw(TAKEN) == YES)
CLAIM(found_and_not_got, saw(ENTRY) == MARK(P0) && saw(GOT) != YES)
CLAIM(unread, saw(GOT) == YES && saw(PINNED) == COUNT(0))
CLAIM(waited_for, saw(GOT) == YES && saw(HELD) == Y)
CLAIM(dma_waited_for, saw(PINNED) == COUNT(1) && saw(REREAD) == X)
CLAIM(not_found, saw(ENTRY) == EMPTY)

#define NOT_HELD_UP "a broadcast does not wait for a CPU with interrupts off"
#define NO_TLB      "the walker reads the PTE itself: nothing is cached"
#define NOT_FOUND   "what was not found cannot be got: the walker leaves the page alone"
#define NOTHING_GOT "without a reference the walker leaves the page alone: less is seen"
#define WHO_FREES(unmap, walk)                                                             \
	.id = "A21",                                                                       \
	.source = "P2PDMA thread 2021: pages of GUP-fast belong to the gather's last put", \
	.agents = { RUNS(C0, unmap), RUNS(C1, walk) }, .needs = NEED_CPU2,                 \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }, .refs = { [P0] = 1 }
#define WHO_FREES_DMA(unmap, pins)                                                         \
	.id = "A21",                                                                       \
	.source = "P2PDMA thread 2021: pages of GUP-fast belong to the gather's last put", \
	.agents = { RUNS(C0, unmap), RUNS(C1, pins), RUNS(E, DEVICE) },                    \
	.needs = NEED_CPU2 | NEED_READ | NEED_WRITE,                                       \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P0, RW, LEAF_USED } },              \
	.content = { [P0] = O }, .refs = { [P0] = 1 }

SCENARIO(A21_last_put) = {
	WHO_FREES(LAST_PUT, PINS),
	.name = "last_put",
	.claim = "the last put frees: who holds a reference keeps the page, interrupts or not",
	.forbid = { FORBID(not_its_own), FORBID(stranger_hurt), FORBID(double_free) },
	.allow = { ALLOW(walker_frees_it), ALLOW(unmapper_frees_it) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C1, 4, stranger_hurt),
		     SWAPPED(C1, 3, 4, stranger_hurt) },
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP), SPARE(C1, 3, NOTHING_GOT),
		   SPARE_SWAP(C1, 2, 3, NOT_FOUND) },
};

SCENARIO(A21_caller) = {
	WHO_FREES(CALLER, PINS),
	.name = "caller",
	.claim = "the unmapper frees at once: the page is taken from who has a reference",
	.forbid = { FORBID(put_twice) },
	.shows = SHOWS(taken_away),
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) },
};

SCENARIO(A21_caller_by_ipi) = {
	WHO_FREES(CALLER_BY_IPI, PINS),
	.name = "caller_by_ipi",
	.claim =
		"the unmapper interrupts all CPUs, then frees: a walk that was complete loses its page",
	.forbid = { FORBID(put_twice) },
	.shows = SHOWS(taken_away),
	.spare = { SPARE(C1, 4, "the interrupt ends all walks before the page is freed") },
};

SCENARIO(A21_caller_waits) = {
	WHO_FREES(CALLER_WAITS, PINS_ONCE),
	.name = "caller_waits",
	.claim =
		"the unmapper interrupts all CPUs, waits for the last reference but its own, then frees",
	.forbid = { FORBID(not_its_own), FORBID(freed_page_written), FORBID(found_and_not_got) },
	.allow = { ALLOW(waited_for), ALLOW(not_found) },
	.control = { WITHOUT(C0, 1, freed_page_written), WITHOUT(C0, 2, freed_page_written),
		     WITHOUT(C0, 3, not_its_own), WITHOUT(C1, 1, freed_page_written),
		     WITHOUT(C1, 3, found_and_not_got), SWAPPED(C0, 1, 2, freed_page_written),
		     SWAPPED(C0, 2, 3, freed_page_written), SWAPPED(C0, 3, 4, not_its_own),
		     SWAPPED(C1, 1, 2, freed_page_written), SWAPPED(C1, 3, 4, freed_page_written) },
};

SCENARIO(A21_last_put_device) = {
	WHO_FREES_DMA(LAST_PUT_BY_IPI, PINS_FOR_DMA),
	.name = "last_put.device",
	.claim = "the last put frees: a page stays a device's for as long as it is pinned",
	.forbid = { FORBID(dma_not_its_own), FORBID(stranger_hurt), FORBID(found_and_not_got),
		    FORBID(unread) },
	.allow = { ALLOW(walker_frees_it), ALLOW(unmapper_frees_it) },
	.control = { WITHOUT(C0, 1, found_and_not_got), WITHOUT(C0, 2, found_and_not_got),
		     WITHOUT(C1, 1, found_and_not_got), WITHOUT(C1, 3, found_and_not_got),
		     WITHOUT(C1, 7, stranger_hurt), WITHOUT(E, 1, unread),
		     SWAPPED(C1, 7, 8, stranger_hurt) },
};

SCENARIO(A21_caller_device) = {
	WHO_FREES_DMA(CALLER, PINS_CHECKED_FOR_DMA),
	.name = "caller.device",
	.claim =
		"the unmapper frees at once: a device writes a stranger's page, though it is pinned",
	.forbid = { FORBID(put_twice) },
	.shows = SHOWS(dma_hits_stranger),
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) },
};

SCENARIO(A21_caller_by_ipi_device) = {
	WHO_FREES_DMA(CALLER_BY_IPI, PINS_FOR_DMA),
	.name = "caller_by_ipi.device",
	.claim = "the unmapper interrupts all CPUs, then frees: a device writes a stranger's page",
	.forbid = { FORBID(put_twice) },
	.shows = SHOWS(dma_hits_stranger),
};

SCENARIO(A21_caller_waits_device) = {
	WHO_FREES_DMA(CALLER_WAITS, PINS_FOR_DMA),
	.name = "caller_waits.device",
	.claim =
		"the unmapper waits for the last reference but its own: the device is done by then",
	.forbid = { FORBID(dma_not_its_own), FORBID(freed_page_written), FORBID(found_and_not_got),
		    FORBID(unread) },
	.allow = { ALLOW(dma_waited_for), ALLOW(not_found) },
	.control = { WITHOUT(C0, 1, freed_page_written), WITHOUT(C0, 2, freed_page_written),
		     WITHOUT(C0, 3, dma_not_its_own), WITHOUT(C1, 1, freed_page_written),
		     WITHOUT(C1, 3, found_and_not_got), WITHOUT(C1, 7, dma_not_its_own),
		     WITHOUT(E, 1, unread), SWAPPED(C0, 3, 4, dma_not_its_own),
		     SWAPPED(C1, 7, 8, dma_not_its_own) },
};
