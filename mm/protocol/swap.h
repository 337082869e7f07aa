#pragma once

/*
 * What mm/rmap.c and mm/vmscan.c do to the one entry of a page that goes to swap. Who calls holds the page lock. The swap cache is a
 * word: 1, the page is found by its swap entry; 0, it is not.
 */

/* 1 step. mm/swap_state.c. */
#define add_to_swap(step, n, cache)            step(n, word_set, cache, 1)
#define delete_from_swap_cache(step, n, cache) step(n, word_set, cache, 0)

/* 2 steps: a swap entry, and no CPU has the old one cached any more. Under the page-table lock. */
#define try_to_unmap(step, n, place)  \
	step(n, pte_tag, place, SWAP) \
	step((n) + 1, cpu_flush, place)

/* 1 step and 1: the same with one flush for many pages, later (TTU_BATCH_FLUSH). The second without locks, before pageout frees. */
#define try_to_unmap_batched(step, n, place) step(n, pte_tag, place, SWAP)
#define try_to_unmap_flush(step, n, place)   step(n, cpu_flush, place)

/* clang-format off */
/* 1 step: earlier, before the page is written out, if it was dirty. */
#define try_to_unmap_flush_dirty(step, n, place, dirty) \
	step##_if(n, dirty, YES, cpu_flush, place)

/* 2 steps: who changes entries flushes for a batch that is not flushed yet: a swap entry has nothing to tell. Under the page-table lock. */
#define flush_tlb_batched_pending(step, n, place, batched, pending) \
	step(n, word_read, batched, pending)                        \
	step##_if((n) + 1, pending, COUNT(1), cpu_flush, place)

/*
 * 8 steps of a fault, if there was one: of what the swap entry stands for the page in the swap cache is mapped, or another that was
 * read in; nobody has the page lock then. No locks are held. Nobody else maps it, so pte_same is left out. mm/memory.c.
 */
#define do_swap_page(step, n, access, place, entry, found, cache, page_lock, ptl, cached, read_in) \
	step##_if(n, access, BLOCKED, pte_read, place, entry)                                      \
	step##_if((n) + 1, entry, SWAP, word_read, cache, found)                                   \
	step##_if((n) + 2, entry, SWAP, lock, page_lock)                                           \
	step##_if((n) + 3, entry, SWAP, lock, ptl)                                                 \
	step##_if((n) + 4, found, COUNT(1), pte_set, place, cached, RW)                            \
	step##_if((n) + 5, found, COUNT(0), pte_set, place, read_in, RW)                           \
	step##_if((n) + 6, entry, SWAP, unlock, ptl)                                               \
	step##_if((n) + 7, entry, SWAP, unlock, page_lock)

/* 6 steps: one that does not wait for the page lock, and shares the page with who has it. */
#define do_swap_page_shared(step, n, access, place, entry, found, cache, ptl, cached, read_in) \
	step##_if(n, access, BLOCKED, pte_read, place, entry)                                  \
	step##_if((n) + 1, entry, SWAP, word_read, cache, found)                               \
	step##_if((n) + 2, entry, SWAP, lock, ptl)                                             \
	step##_if((n) + 3, found, COUNT(1), pte_set, place, cached, RW)                        \
	step##_if((n) + 4, found, COUNT(0), pte_set, place, read_in, RW)                       \
	step##_if((n) + 5, entry, SWAP, unlock, ptl)
/* clang-format on */
