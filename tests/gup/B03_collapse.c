/*
 * khugepaged collapses a range under a lockless walker. It takes the table out, counts references, copies, maps the copy (here: a
 * second table, which has it) and frees page and table. The walker that still has the old table takes a reference after the
 * count, and writes to a page that is nobody's any more. It looks at the PDE again, Linux 70cbc3cc78a9; or an interrupt that every
 * CPU answers comes before the count, 2ba99c5e0881. Only that one keeps it from reading a table that was freed.
 */
#include "mm/protocol/table.h"
#include "tests/scenario.h"

OBSERVE(REFS, LEFT, DIR, ENTRY, GOT, SAME, PINNED, WROTE)

/* clang-format off */
/* The count: one up, one down, and what is left. With more than the mapping's own it gives up. */
#define COPY_AND_FREE(step, n)                                  \
	step(n, get, P0)                                        \
	step((n) + 1, put, P0, REFS)                            \
	step##_if((n) + 2, REFS, COUNT(1), copy, P0, K)         \
	step##_if((n) + 3, REFS, COUNT(1), pde_set, A, T1)      \
	step##_if((n) + 4, REFS, COUNT(1), put, P0, LEFT)       \
	step##_if((n) + 5, REFS, COUNT(1), table_reuse, T0)     \
	step##_if((n) + 6, REFS, COUNT(2), pde_set, A, T0)
#define COLLAPSE_STEPS(step)          \
	step(1, pde_clear, A)         \
	step(2, broadcast, A)         \
	COPY_AND_FREE(step, 3)
#define COLLAPSE_AND_SYNC_STEPS(step)         \
	step(1, pde_clear, A)                 \
	step(2, broadcast, A)                 \
	tlb_remove_table_sync_one(step, 3, B) \
	COPY_AND_FREE(step, 5)
#define TRUSTS_STEPS(step)                                     \
	gup_fast_table_no_recheck(step, 1, A, DIR, ENTRY, GOT) \
	step##_if(6, GOT, YES, store_seen, ENTRY, Y)
/* mm/gup.c before 70cbc3cc78a9: it looks at the entry again, which is as it was, in the table that it has. */
#define LOOKS_AT_ENTRY_STEPS(step)                                \
	step(1, cli)                                              \
	step(2, pde_read, A, DIR)                                 \
	step(3, table_read, DIR, A, ENTRY)                        \
	step(4, try_get, ENTRY, GOT)                              \
	step##_if(5, GOT, YES, pte_same, A, ENTRY, SAME)          \
	step##_if(6, SAME, NO, put_seen, ENTRY, GOT)              \
	step(7, sti)                                              \
	step##_if(8, GOT, YES, store_seen, ENTRY, Y)
#define CHECKS_STEPS(step)                                \
	gup_fast_table(step, 1, A, DIR, ENTRY, GOT, SAME) \
	step##_if(8, GOT, YES, store_seen, ENTRY, Y)
/* Pinned for a long DMA, by an address of the device's own: B, which either table maps to that page. */
#define TRUSTS_FOR_DMA_STEPS(step)                             \
	gup_fast_table_no_recheck(step, 1, A, DIR, ENTRY, GOT) \
	step##_if(6, GOT, YES, word_set, 0, 1)                 \
	step(7, tell, E)
#define CHECKS_FOR_DMA_STEPS(step)                        \
	gup_fast_table(step, 1, A, DIR, ENTRY, GOT, SAME) \
	step##_if(8, GOT, YES, word_set, 0, 1)            \
	step(9, tell, E)
#define DEVICE_STEPS(step)                                \
	step(1, heed, C1)                                 \
	step(2, word_read, 0, PINNED)                     \
	step##_if(3, PINNED, COUNT(1), dma_write, B, X, WROTE)
/* clang-format on */
#define COPY_IS_READY_STEPS(step) step(1, table_leaf, T1, A, K)

LISTING(COLLAPSE)
LISTING(COLLAPSE_AND_SYNC)
LISTING(TRUSTS)
LISTING(LOOKS_AT_ENTRY)
LISTING(CHECKS)
LISTING(TRUSTS_FOR_DMA)
LISTING(CHECKS_FOR_DMA)
LISTING(DEVICE)
LISTING(COPY_IS_READY)

/* Both succeed, and what the walker has is not what is mapped. */
CLAIM(lost, saw(REFS) == COUNT(1) && saw(GOT) == YES && saw(ENTRY) != MARK(K))
CLAIM(strangers_words, saw(ENTRY) == MARK(Q1))
CLAIM(collapsed, saw(REFS) == COUNT(1) && saw(DIR) == TABLE(T1) && saw(GOT) == YES)
CLAIM(gave_up, saw(REFS) == COUNT(2) && saw(ENTRY) == MARK(P0) && saw(GOT) == YES)
CLAIM(found_no_table, saw(DIR) == EMPTY && saw(GOT) == NO)
CLAIM(given_back, saw(SAME) == NO)

#define RANGE                                                                                     \
	.id = "B03", .source = "Linux 70cbc3cc78a9 (the walker looks again), 2ba99c5e0881 (IPI)", \
	.warm = { RUNS(C0, COPY_IS_READY) }, .tables = true, .content = { [P0] = O, [Q1] = S },   \
	.refs = { [P0] = 1, [K] = 1, [Q1] = 1 }
#define COLLAPSE(collapse, walk)                                                     \
	RANGE, .needs = NEED_CPU2, .agents = { RUNS(C0, collapse), RUNS(C1, walk) }, \
	       .maps = { [A] = { P0, RW, LEAF_USED } }
#define NO_TLB      "the walker reads the tables itself: nothing is cached"
#define NOT_HELD_UP "a broadcast does not wait for a CPU with interrupts off"

#define NEITHER(claim)                                                                             \
	.shows = SHOWS(claim),                                                                     \
	.spare = { SPARE(C0, 1, "with the table in place the walker takes its reference as well"), \
		   SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) }
#define CHECKED(claim)                                               \
	.control = { WITHOUT(C0, 1, claim), WITHOUT(C1, 5, claim) }, \
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) }
#define SYNCED(claim)                                                                     \
	.control = { WITHOUT(C0, 1, claim), WITHOUT(C0, 3, claim), WITHOUT(C0, 4, claim), \
		     WITHOUT(C1, 1, claim), SWAPPED(C1, 1, 2, claim) },                   \
	.spare = { SPARE(C0, 2, NO_TLB) }

SCENARIO(B03_neither) = {
	COLLAPSE(COLLAPSE, LOOKS_AT_ENTRY),
	.name = "neither",
	.claim = "the walker takes a reference after they were counted: what it writes is lost",
	.allow = { ALLOW(strangers_words), ALLOW(found_no_table), ALLOW(gave_up) },
	NEITHER(lost),
};

SCENARIO(B03_recheck) = {
	COLLAPSE(COLLAPSE, CHECKS),
	.name = "recheck",
	.claim =
		"the walker that looks at the PDE again loses nothing, but it may read a freed table",
	.forbid = { FORBID(lost) },
	.allow = { ALLOW(collapsed), ALLOW(gave_up), ALLOW(found_no_table), ALLOW(given_back) },
	.shows = SHOWS(strangers_words),
	CHECKED(lost),
};

SCENARIO(B03_sync_one) = {
	COLLAPSE(COLLAPSE_AND_SYNC, TRUSTS),
	.name = "sync_one",
	.claim = "an IPI before the count: no walker is on its way, and none reads a freed table",
	.forbid = { FORBID(lost), FORBID(strangers_words) },
	.allow = { ALLOW(collapsed), ALLOW(gave_up), ALLOW(found_no_table) },
	SYNCED(lost),
};

CLAIM(dma_lost, lost(seen) && saw(WROTE) == LANDED && holds(P0) == X && holds(K) != X)
CLAIM(dma_before, saw(REFS) == COUNT(2) && saw(WROTE) == LANDED && holds(P0) == X)

#define COLLAPSE_UNDER_DMA(collapse, walk)                                        \
	RANGE, .needs = NEED_CPU2 | NEED_WRITE,                                   \
	       .agents = { RUNS(C0, collapse), RUNS(C1, walk), RUNS(E, DEVICE) }, \
	       .maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P0, RW, LEAF_USED } }

SCENARIO(B03_neither_device) = {
	COLLAPSE_UNDER_DMA(COLLAPSE, TRUSTS_FOR_DMA),
	.name = "neither.device",
	.claim =
		"a page pinned for a device after references were counted: what the device writes is lost",
	.allow = { ALLOW(dma_before) },
	NEITHER(dma_lost),
};

SCENARIO(B03_recheck_device) = {
	COLLAPSE_UNDER_DMA(COLLAPSE, CHECKS_FOR_DMA),
	.name = "recheck.device",
	.claim =
		"the walker that looks at the PDE again pins no page for a device that is being collapsed",
	.forbid = { FORBID(dma_lost) },
	.allow = { ALLOW(dma_before) },
	CHECKED(dma_lost),
};

SCENARIO(B03_sync_one_device) = {
	COLLAPSE_UNDER_DMA(COLLAPSE_AND_SYNC, TRUSTS_FOR_DMA),
	.name = "sync_one.device",
	.claim = "an IPI before the count: no page is collapsed that was pinned for a device",
	.forbid = { FORBID(dma_lost) },
	.allow = { ALLOW(dma_before) },
	SYNCED(dma_lost),
};
