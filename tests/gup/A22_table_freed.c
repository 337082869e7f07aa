/*
 * The lockless walker of GUP-fast against a page-table page that is taken out and freed. Looking at the PDE again finds out, but
 * by then the walker has read what is a stranger's; so a table is freed after a grace period, or after an interrupt that every
 * CPU has answered. And a page may be freed while its table stays: that finds only who looks at the entry again too.
 */
#include "mm/protocol/rcu.h"
#include "mm/protocol/table.h"
#include "tests/scenario.h"

OBSERVE(DIR, ENTRY, GOT, SAME, ROOM, LEFT, TAKEN)

/* The stranger's words look like an entry for Q1, which is his. */
#define IMMEDIATE_STEPS(step) \
	step(1, pde_clear, A) \
	step(2, broadcast, A) \
	step(3, table_reuse, T0)
/* The page first, for a stranger to take, its table later. */
#define PAGE_FIRST_STEPS(step)    \
	step(1, pte_clear, A)     \
	step(2, broadcast, A)     \
	step(3, put, P0, LEFT)    \
	step(4, alloc, P0, TAKEN) \
	step(5, pde_clear, A)     \
	step(6, table_reuse, T0)
#define GRACE_PERIOD_STEPS(step) \
	step(1, pde_clear, A)    \
	step(2, broadcast, A)    \
	synchronize_rcu(step, 3) \
	step(5, table_reuse, T0)
#define BY_IPI_STEPS(step)    \
	step(1, pde_clear, A) \
	step(2, ipi, A)       \
	step(3, ipi_wait)     \
	step(4, table_reuse, T0)
#define SYNC_ONE_STEPS(step)                  \
	step(1, pde_clear, A)                 \
	step(2, broadcast, A)                 \
	tlb_remove_table_sync_one(step, 3, B) \
	step(5, table_reuse, T0)
/* clang-format off */
/* A batch of tables needs a page to be noted in. */
#define BATCH_STEPS(step)                          \
	step(1, pde_clear, A)                      \
	step(2, broadcast, A)                      \
	step(3, alloc, Q0, ROOM)                   \
	step##_if(4, ROOM, YES, rcu_start)         \
	step##_if(5, ROOM, YES, rcu_wait)          \
	step##_if(6, ROOM, NO, ipi, B)             \
	step##_if(7, ROOM, NO, ipi_wait)           \
	step(8, table_reuse, T0)
#define TRUSTS_STEPS(step)                                  \
	gup_fast_table_no_recheck(step, 1, A, DIR, ENTRY, GOT)  \
	step##_if(6, GOT, YES, store_seen, ENTRY, Y)
#define CHECKS_STEPS(step)                                  \
	gup_fast_pte_range(step, 1, A, DIR, ENTRY, GOT, SAME)   \
	step##_if(9, GOT, YES, store_seen, ENTRY, Y)
/* Meanwhile a page for a batch comes back. */
#define PUTS_AND_TRUSTS_STEPS(step)                \
	step(1, cli)                               \
	step(2, pde_read, A, DIR)                  \
	step(3, put, Q0, LEFT)                     \
	step(4, table_read, DIR, A, ENTRY)         \
	step(5, try_get, ENTRY, GOT)               \
	step(6, sti)                               \
	step##_if(7, GOT, YES, store_seen, ENTRY, Y)
/* clang-format on */

LISTING(IMMEDIATE)
LISTING(PAGE_FIRST)
LISTING(GRACE_PERIOD)
LISTING(BY_IPI)
LISTING(SYNC_ONE)
LISTING(BATCH)
LISTING(TRUSTS)
LISTING(CHECKS)
LISTING(PUTS_AND_TRUSTS)

CLAIM(strangers_words, saw(ENTRY) == MARK(Q1))
CLAIM(strangers_page, saw(ENTRY) == MARK(Q1) && saw(GOT) == YES)
CLAIM(stranger_hurt, holds(Q1) != S)
CLAIM(freed_page, saw(ENTRY) == MARK(P0) && saw(GOT) == YES && saw(TAKEN) == YES)
CLAIM(freed_page_hurt, saw(TAKEN) == YES && holds(P0) != S)
CLAIM(nothing_got, saw(GOT) == NOTHING)
CLAIM(put_back, saw(ENTRY) == MARK(Q1) && saw(SAME) == NO && saw(GOT) == COUNT(1))
CLAIM(walker_has_it, saw(ENTRY) == MARK(P0) && saw(GOT) == YES && holds(P0) == Y)
CLAIM(no_table, saw(DIR) == EMPTY && saw(ENTRY) == NOTHING)
CLAIM(has_it_with_room, saw(ROOM) == YES && saw(ENTRY) == MARK(P0))
CLAIM(has_it_without_room, saw(ROOM) == NO && saw(ENTRY) == MARK(P0))

#define TABLE_FREED(unmap, walk)                                                           \
	.id = "A22",                                                                       \
	.source = "P2PDMA thread 2021: MMU_GATHER_RCU_TABLE_FREE frees tables by RCU, "    \
		  "tlb_remove_table_sync_one by an IPI",                                   \
	.needs = NEED_CPU2, .agents = { RUNS(C0, unmap), RUNS(C1, walk) }, .tables = true, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [Q1] = S },        \
	.refs = { [P0] = 1, [Q1] = 1, [Q0] = 1 }
#define NOT_HELD_UP "a broadcast does not wait for a CPU with interrupts off: that is the scenario"
#define NO_TLB      "the walker reads the tables itself: nothing is cached"

SCENARIO(A22_immediate) = {
	TABLE_FREED(IMMEDIATE, TRUSTS),
	.name = "immediate",
	.claim =
		"a table freed when TLBs are clean: a walker gets a stranger's page by a stranger's words",
	.shows = SHOWS(strangers_page),
	.control = { WITHOUT(C1, 4, nothing_got) },
	.spare = { SPARE(C0, 1, "a table that is in place still is a stranger's as well"),
		   SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) },
};

SCENARIO(A22_recheck) = {
	TABLE_FREED(IMMEDIATE, CHECKS),
	.name = "recheck",
	.claim =
		"the walker that looks at the PDE again gives the page back, but it has read a stranger's words",
	.forbid = { FORBID(strangers_page), FORBID(stranger_hurt) },
	.shows = SHOWS(strangers_words),
	.allow = { ALLOW(walker_has_it), ALLOW(put_back) },
	.control = { WITHOUT(C0, 1, strangers_page), WITHOUT(C1, 5, strangers_page),
		     SWAPPED(C1, 4, 5, strangers_page) },
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP),
		   SPARE(C1, 6, "no page is freed here: page_first has it") },
};

SCENARIO(A22_page_first) = {
	TABLE_FREED(PAGE_FIRST, CHECKS),
	.name = "page_first",
	.claim =
		"a page freed before its table: the walker that looks at PDE and entry again keeps no freed page",
	.forbid = { FORBID(strangers_page), FORBID(stranger_hurt), FORBID(freed_page),
		    FORBID(freed_page_hurt) },
	.allow = { ALLOW(walker_has_it), ALLOW(put_back) },
	.control = { WITHOUT(C0, 1, freed_page), WITHOUT(C0, 5, strangers_page),
		     WITHOUT(C1, 5, strangers_page), WITHOUT(C1, 6, freed_page),
		     SWAPPED(C1, 4, 5, strangers_page) },
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) },
};

SCENARIO(A22_grace_period) = {
	TABLE_FREED(GRACE_PERIOD, TRUSTS),
	.name = "grace_period",
	.claim =
		"a table freed when all walkers of before have ended is no stranger's while it is read",
	.forbid = { FORBID(strangers_words), FORBID(stranger_hurt) },
	.allow = { ALLOW(walker_has_it), ALLOW(no_table) },
	.control = { WITHOUT(C0, 1, strangers_words), WITHOUT(C0, 3, strangers_words),
		     WITHOUT(C0, 4, strangers_words), WITHOUT(C1, 1, strangers_words),
		     SWAPPED(C0, 1, 3, strangers_words), SWAPPED(C0, 4, 5, strangers_words),
		     SWAPPED(C1, 1, 2, strangers_words) },
	.spare = { SPARE(C0, 2, NO_TLB) },
};

SCENARIO(A22_by_ipi) = {
	TABLE_FREED(BY_IPI, TRUSTS),
	.name = "by_ipi",
	.claim = "where the flush is an IPI it waits for the walker, and so does the table's end",
	.forbid = { FORBID(strangers_words), FORBID(stranger_hurt) },
	.allow = { ALLOW(walker_has_it), ALLOW(no_table) },
	.control = { WITHOUT(C0, 1, strangers_words), WITHOUT(C0, 2, strangers_words),
		     WITHOUT(C0, 3, strangers_words), WITHOUT(C1, 1, strangers_words),
		     SWAPPED(C0, 1, 2, strangers_words), SWAPPED(C0, 3, 4, strangers_words),
		     SWAPPED(C1, 1, 2, strangers_words) },
};

SCENARIO(A22_sync_one) = {
	TABLE_FREED(SYNC_ONE, TRUSTS),
	.name = "sync_one",
	.claim = "one IPI after the flush, whatever it says, is as good as a grace period",
	.forbid = { FORBID(strangers_words), FORBID(stranger_hurt) },
	.allow = { ALLOW(walker_has_it), ALLOW(no_table) },
	.control = { WITHOUT(C0, 1, strangers_words), WITHOUT(C0, 3, strangers_words),
		     WITHOUT(C0, 4, strangers_words), WITHOUT(C1, 1, strangers_words),
		     SWAPPED(C0, 1, 3, strangers_words), SWAPPED(C0, 4, 5, strangers_words),
		     SWAPPED(C1, 1, 2, strangers_words) },
	.spare = { SPARE(C0, 2, NO_TLB) },
};

SCENARIO(A22_batch) = {
	TABLE_FREED(BATCH, PUTS_AND_TRUSTS),
	.name = "batch",
	.claim = "with no page for a batch of tables one IPI takes the place of the grace period",
	.forbid = { FORBID(strangers_words), FORBID(stranger_hurt) },
	.allow = { ALLOW(has_it_with_room), ALLOW(has_it_without_room) },
	.control = { WITHOUT(C0, 1, strangers_words), WITHOUT(C0, 4, strangers_words),
		     WITHOUT(C0, 5, strangers_words), WITHOUT(C0, 6, strangers_words),
		     WITHOUT(C0, 7, strangers_words), WITHOUT(C1, 1, strangers_words),
		     SWAPPED(C1, 1, 2, strangers_words) },
	.spare = { SPARE(C0, 2, NO_TLB) },
};
