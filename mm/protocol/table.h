#pragma once

/*
 * Page-table pages: who takes one out, and who walks through one without a lock. Steps are of scenarios that have tables.
 */

/*
 * 2 steps: every CPU has answered an interrupt, so that no walker of before is in the middle of a table. Its words (place) are
 * nothing to it. mm/mmu_gather.c.
 */
#define tlb_remove_table_sync_one(step, n, place) \
	step(n, ipi, place)                       \
	step((n) + 1, ipi_wait)

/*
 * 7 steps: GUP-fast by the PDE and the table that it points to, and looks again whether that is the same table, else it gives
 * the reference back. `got` is YES if it was kept. No locks. Where entries of a table do not change under the walker.
 */
/* clang-format off */
#define gup_fast_table(step, n, place, dir, entry, got, same)     \
	step(n, cli)                                              \
	step((n) + 1, pde_read, place, dir)                       \
	step((n) + 2, table_read, dir, place, entry)              \
	step((n) + 3, try_get, entry, got)                        \
	step##_if((n) + 4, got, YES, pde_same, place, dir, same)  \
	step##_if((n) + 5, same, NO, put_seen, entry, got)        \
	step((n) + 6, sti)

/* 8 steps: GUP-fast as mm/gup.c has it: then looks again at the entry too, in the table that it had, which is T0. */
#define gup_fast_pte_range(step, n, place, dir, entry, got, same) \
	step(n, cli)                                              \
	step((n) + 1, pde_read, place, dir)                       \
	step((n) + 2, table_read, dir, place, entry)              \
	step((n) + 3, try_get, entry, got)                        \
	step##_if((n) + 4, got, YES, pde_same, place, dir, same)  \
	step##_if((n) + 5, same, YES, pte_same, place, entry, same) \
	step##_if((n) + 6, same, NO, put_seen, entry, got)        \
	step((n) + 7, sti)
/* clang-format on */

/* 5 steps: without the second look. */
#define gup_fast_table_no_recheck(step, n, place, dir, entry, got) \
	step(n, cli)                                               \
	step((n) + 1, pde_read, place, dir)                        \
	step((n) + 2, table_read, dir, place, entry)               \
	step((n) + 3, try_get, entry, got)                         \
	step((n) + 4, sti)
