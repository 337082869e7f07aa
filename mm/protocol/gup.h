#pragma once

/*
 * GUP-fast, the lockless walk of mm/gup.c: with interrupts off it reads the entry and takes a reference if the page has one
 * already. Who may call: anybody, no locks; that is the point.
 */

/* 6 steps: and looks again whether the entry is the same, else it gives the reference back. `got` is YES if it was kept. */
/* clang-format off */
#define gup_fast(step, n, place, entry, got, same)                 \
	step(n, cli)                                               \
	step((n) + 1, pte_read, place, entry)                      \
	step((n) + 2, try_get, entry, got)                         \
	step##_if((n) + 3, got, YES, pte_same, place, entry, same) \
	step##_if((n) + 4, same, NO, put_seen, entry, got)         \
	step((n) + 5, sti)
/* clang-format on */

/* 4 steps: without the second look; right only where the flush is an interrupt, or the page is freed a grace period later. */
#define gup_fast_no_recheck(step, n, place, entry, got) \
	step(n, cli)                                    \
	step((n) + 1, pte_read, place, entry)           \
	step((n) + 2, try_get, entry, got)              \
	step((n) + 3, sti)
