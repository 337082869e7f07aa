#pragma once
#include "mm/protocol/pte.h"

/* Faults of mm/memory.c that bring a page. Swap entries: swap.h; migration entries: migrate.h. */

/* 5 steps: copy-on-write. From the second on under the page-table lock, where there is somebody to keep out. */
#define wp_page_copy(step, n, place, old, new)        \
	step(n, copy, old, new)                       \
	ptep_clear_flush_notify(step, (n) + 1, place) \
	step((n) + 4, pte_set, place, new, RW)

/* clang-format off */
/* 3 steps: a new page where there is none, if there was a fault. */
#define do_anonymous_page(step, n, access, place, frame, ptl) \
	step##_if(n, access, BLOCKED, lock, ptl)              \
	step##_if((n) + 1, access, BLOCKED, pte_set, place, frame, RW) \
	step##_if((n) + 2, access, BLOCKED, unlock, ptl)
/* clang-format on */
