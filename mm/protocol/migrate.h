#pragma once

/* What mm/migrate.c does to the one entry of a page that moves. Who calls holds the page lock. */

/* 2 steps: a migration entry, and no CPU has the old one cached any more. Under the page-table lock. mm/rmap.c. */
#define try_to_migrate(step, n, place)     \
	step(n, pte_tag, place, MIGRATION) \
	step((n) + 1, cpu_flush, place)

/* 1 step: the page's new place. Under the page-table lock. */
#define remove_migration_ptes(step, n, place, frame) step(n, pte_set, place, frame, RW)

/* 2 steps of a fault that found such an entry: whoever moves the page has it locked until it is done. No locks are held. */
/* clang-format off */
#define migration_entry_wait(step, n, entry, page_lock)   \
	step##_if(n, entry, MIGRATION, lock, page_lock)   \
	step##_if((n) + 1, entry, MIGRATION, unlock, page_lock)
/* clang-format on */
