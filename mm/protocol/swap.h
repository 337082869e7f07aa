#pragma once

/* What mm/rmap.c and mm/vmscan.c do to the one entry of a page that goes to swap. Who calls holds the page lock. */

/* 2 steps: a swap entry, and no CPU has the old one cached any more. Under the page-table lock. */
#define try_to_unmap(step, n, place)  \
	step(n, pte_tag, place, SWAP) \
	step((n) + 1, cpu_flush, place)

/* 1 step and 1: the same with one flush for many pages, later (TTU_BATCH_FLUSH). The second without locks, before pageout frees. */
#define try_to_unmap_batched(step, n, place) step(n, pte_tag, place, SWAP)
#define try_to_unmap_flush(step, n, place)   step(n, cpu_flush, place)
