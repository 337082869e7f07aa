/*
 * Two threads unmap the same page. The first clears the PTE and flushes later; the second finds nothing to clear and must not
 * return before the first one's flush is done: it looks whether other gathers are pending, and then flushes itself.
 */
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(FOUND, GATHERS, READ, WROTE, HELD)

enum { PTL };
enum { PENDING }; /* gathers in flight, of the whole mm */

#define FIRST_STEPS(step)                       \
	inc_tlb_flush_pending(step, 1, PENDING) \
	zap_pte_range(step, 2, A, PTL)          \
	tlb_finish_mmu(step, 5, A, P0, PENDING)
#define COUNTED_LATE_STEPS(step)                \
	zap_pte_range(step, 1, A, PTL)          \
	inc_tlb_flush_pending(step, 4, PENDING) \
	tlb_finish_mmu(step, 5, A, P0, PENDING)
#define SECOND_STEPS(step)                                         \
	inc_tlb_flush_pending(step, 1, PENDING)                    \
	step(2, lock, PTL)                                         \
	step(3, pte_read, A, FOUND)                                \
	step(4, unlock, PTL)                                       \
	flush_if_mm_tlb_flush_nested(step, 5, A, PENDING, GATHERS) \
	dec_tlb_flush_pending(step, 7, PENDING)                    \
	step(8, tell, C2)
#define SKIPS_STEPS(step)           \
	step(1, lock, PTL)          \
	step(2, pte_read, A, FOUND) \
	step(3, unlock, PTL)        \
	step(4, tell, C2)
#define THREAD_STEPS(step) \
	step(1, heed, C1)  \
	step(2, load, A, READ)
#define STORES_STEPS(step)          \
	step(1, heed, C1)           \
	step(2, store, A, Y, WROTE) \
	step(3, peek, P0, HELD)
#define THREAD_WARM_STEPS(step) step(1, load, A)
#define STORES_WARM_STEPS(step) step(1, store, A, O)

LISTING(FIRST)
LISTING(COUNTED_LATE)
LISTING(SECOND)
LISTING(SKIPS)
LISTING(THREAD)
LISTING(STORES)
LISTING(THREAD_WARM)
LISTING(STORES_WARM)

/* If the second came first it has no business with the page, and promises nothing. */
CLAIM(returned_too_soon, saw(FOUND) == EMPTY && saw(READ) != BLOCKED)
CLAIM(freed_page_read, saw(READ) == S)
CLAIM(written_after_return, saw(FOUND) == EMPTY && saw(WROTE) == LANDED)
CLAIM(written_to_the_old, written_after_return(seen) && saw(HELD) == Y)
CLAIM(freed_page_written, holds(P0) != S)
CLAIM(second_flushed, saw(FOUND) == EMPTY && saw(GATHERS) == COUNT(2))
CLAIM(flushed_in_vain, second_flushed(seen) && saw(READ) != BLOCKED)
CLAIM(first_flushed, saw(FOUND) == EMPTY && saw(GATHERS) == COUNT(1))

#define TWO_ZAPS(first, second, thread)                                                        \
	.id = "A12", .source = "mmu gather: two concurrent MADV_DONTNEED, the nested check",   \
	.needs = NEED_CPU3, .agents = { RUNS(C0, first), RUNS(C1, second), RUNS(C2, thread) }, \
	.warm = { RUNS(C2, thread##_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } },          \
	.content = { [P0] = O }

#define LOCKED    "locked operations keep this order on x86 without the page-table lock too"
#define TOO_EARLY "what is read before the second returns says nothing"

SCENARIO(A12_nested_gather) = {
	TWO_ZAPS(FIRST, SECOND, THREAD),
	.name = "nested_gather",
	.claim = "who finds a PTE cleared, and another gather pending, flushes before it returns",
	.forbid = { FORBID(returned_too_soon), FORBID(freed_page_read) },
	.allow = { ALLOW(second_flushed), ALLOW(first_flushed) },
	.control = { WITHOUT(C1, 6, returned_too_soon), WITHOUT(C0, 5, returned_too_soon),
		     WITHOUT(C0, 3, freed_page_read), WITHOUT(C2, 1, returned_too_soon),
		     SWAPPED(C0, 1, 3, returned_too_soon), SWAPPED(C0, 5, 6, freed_page_read),
		     SWAPPED(C0, 5, 7, returned_too_soon), SWAPPED(C1, 3, 5, returned_too_soon) },
	.spare = { SPARE(C0, 2, LOCKED), SPARE(C1, 2, LOCKED) },
};

SCENARIO(A12_skipped) = {
	TWO_ZAPS(FIRST, SKIPS, THREAD),
	.name = "skipped",
	.claim =
		"nothing to clear, nothing to flush: the second returns while the page is still read",
	.forbid = { FORBID(freed_page_read) },
	.shows = SHOWS(returned_too_soon),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 3, freed_page_read), WITHOUT(C0, 5, freed_page_read) },
	.spare = { SPARE(C0, 2, LOCKED), SPARE(C1, 1, LOCKED), SPARE(C2, 1, TOO_EARLY) },
};

SCENARIO(A12_counted_late) = {
	TWO_ZAPS(COUNTED_LATE, SECOND, THREAD),
	.name = "counted_late",
	.claim = "a gather that counts itself after it cleared the PTE is missed by the other",
	.forbid = { FORBID(freed_page_read), FORBID(flushed_in_vain) },
	.shows = SHOWS(returned_too_soon),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 2, freed_page_read), WITHOUT(C0, 5, freed_page_read),
		     WITHOUT(C1, 6, flushed_in_vain), WITHOUT(C2, 1, flushed_in_vain) },
	.spare = { SPARE(C0, 1, LOCKED), SPARE(C1, 2, LOCKED) },
};

SCENARIO(A12_nested_gather_store) = {
	TWO_ZAPS(FIRST, SECOND, STORES),
	.name = "nested_gather.store",
	.claim = "nor is the page written after the second returned",
	.forbid = { FORBID(written_after_return), FORBID(freed_page_written) },
	.allow = { ALLOW(second_flushed), ALLOW(first_flushed) },
	.control = { WITHOUT(C1, 6, written_to_the_old), WITHOUT(C0, 5, written_after_return),
		     WITHOUT(C0, 3, freed_page_written), WITHOUT(C2, 1, written_after_return),
		     SWAPPED(C0, 1, 3, written_to_the_old), SWAPPED(C0, 5, 6, freed_page_written),
		     SWAPPED(C0, 5, 7, written_to_the_old), SWAPPED(C1, 3, 5, written_to_the_old) },
	.spare = { SPARE(C0, 2, LOCKED), SPARE(C1, 2, LOCKED) },
};

SCENARIO(A12_skipped_store) = {
	TWO_ZAPS(FIRST, SKIPS, STORES),
	.name = "skipped.store",
	.claim =
		"nothing to clear, nothing to flush: the second returns while the page is still written",
	.forbid = { FORBID(freed_page_written) },
	.shows = SHOWS(written_to_the_old),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 3, freed_page_written), WITHOUT(C0, 5, freed_page_written) },
	.spare = { SPARE(C0, 2, LOCKED), SPARE(C1, 1, LOCKED), SPARE(C2, 1, TOO_EARLY) },
};
