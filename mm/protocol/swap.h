#pragma once

/* What mm/rmap.c and mm/vmscan.c do to the one entry of a page that goes to swap. Who calls holds the page lock. */

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

/* 4 steps of a fault, if there was one: what the swap entry stands for is mapped, the page in the swap cache or another. mm/memory.c. */
#define do_swap_page(step, n, access, place, entry, frame, ptl) \
	step##_if(n, access, BLOCKED, lock, ptl)                \
	step##_if((n) + 1, access, BLOCKED, pte_read, place, entry) \
	step##_if((n) + 2, entry, SWAP, pte_set, place, frame, RW)  \
	step##_if((n) + 3, access, BLOCKED, unlock, ptl)
/* clang-format on */
