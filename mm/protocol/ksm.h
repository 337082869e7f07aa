#pragma once
#include "mm/protocol/pte.h"

/* What mm/ksm.c does to a page that has the same words as another, shared one. Under the page-table lock. */

/* 3 steps: nobody writes through this entry any more, as far as CPUs go. */
#define write_protect_page(step, n, place, frame) \
	ptep_clear_flush(step, n, place)          \
	step((n) + 2, pte_set, place, frame, RO)

/* 1 step: have both pages the same words? When nobody can write. */
#define pages_identical(step, n, frame, other, equal) step(n, compare, frame, other, equal)

/* 3 steps: the shared page instead. Both are read-only and have the same words. */
#define replace_page(step, n, place, shared) \
	ptep_clear_flush(step, n, place)     \
	step((n) + 2, pte_set, place, shared, RO)
