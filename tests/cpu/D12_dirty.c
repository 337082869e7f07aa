/*
 * Accessed and dirty bits that CPUs set while software changes the entry: what software writes back after it has read it loses
 * what came in between, and an entry that stays cached sets nothing a second time.
 */
#include "tests/scenario.h"

OBSERVE(WROTE, LATE, WAS_DIRTY, DIRTY, ENTRY, MARKED)

/* Unmap, and drop the page if nobody wrote it. */
#define EXCHANGE_STEPS(step)               \
	step(1, pte_clear_dirty, A, DIRTY) \
	step(2, cpu_flush, A)              \
	step(3, reuse, P0)
#define READ_AND_STORE_STEPS(step)   \
	step(1, pte_dirty, A, DIRTY) \
	step(2, pte_set, A, P0, 0)   \
	step(3, cpu_flush, A)        \
	step(4, reuse, P0)
#define WRITES_TWICE_STEPS(step)    \
	step(1, store, A, Y, WROTE) \
	step(2, store, A, X, LATE)

/* Write-protect, and keep D. */
#define PROTECT_STEPS(step)          \
	step(1, pte_wrprotect, A)    \
	step(2, cpu_flush, A)        \
	step(3, pte_dirty, A, DIRTY) \
	step(4, tell, C1)
#define PROTECT_BY_STORE_STEPS(step)     \
	step(1, pte_dirty, A, WAS_DIRTY) \
	step(2, pte_set, A, P0, RO)      \
	step(3, cpu_flush, A)            \
	step(4, pte_dirty, A, DIRTY)     \
	step(5, tell, C1)
#define WRITES_LATE_STEPS(step)     \
	step(1, store, A, Y, WROTE) \
	step(2, heed, C0)           \
	step(3, store, A, X, LATE)

/* Not present, with a payload that has no room for A and D; and does a walker set them there? */
#define TAG_STEPS(step)           \
	step(1, pte_tag, A, SWAP) \
	step(2, cpu_flush, A)     \
	step(3, tell, C1)         \
	step(4, heed, C1)         \
	step(5, pte_read, A, ENTRY)
#define TAG_AND_LOOK_STEPS(step)  \
	step(1, pte_tag, A, SWAP) \
	step(2, cpu_flush, A)     \
	step(3, tell, C1)         \
	step(4, heed, C1)         \
	step(5, table_touched, T0, MARKED)
#define WRITES_AND_TELLS_STEPS(step) \
	step(1, store, A, Y, WROTE)  \
	step(2, heed, C0)            \
	step(3, store, A, X, LATE)   \
	step(4, tell, C0)
#define READER_WARM_STEPS(step) step(1, load, A)

LISTING(EXCHANGE)
LISTING(READ_AND_STORE)
LISTING(WRITES_TWICE)
LISTING(PROTECT)
LISTING(PROTECT_BY_STORE)
LISTING(WRITES_LATE)
LISTING(TAG)
LISTING(TAG_AND_LOOK)
LISTING(WRITES_AND_TELLS)
LISTING(READER_WARM)

CLAIM(dirt_lost, saw(WROTE) == LANDED && saw(DIRTY) == NO)
CLAIM(dirt_overwritten, saw(WROTE) == LANDED && saw(WAS_DIRTY) == NO && saw(DIRTY) == NO)
CLAIM(dirt_kept, saw(WROTE) == LANDED && saw(DIRTY) == YES)
CLAIM(clean_and_refused, saw(WROTE) == BLOCKED && saw(DIRTY) == NO)
CLAIM(freed_page_written, holds(P0) != S)
CLAIM(written_late, saw(LATE) != BLOCKED)
CLAIM(payload_changed, saw(ENTRY) != SWAP)
CLAIM(marked_absent, saw(MARKED) == YES)

#define DIRT(cpu, writer, leaf)                                                         \
	.id = "D12", .needs = NEED_CPU2, .agents = { RUNS(C0, cpu), RUNS(C1, writer) }, \
	.warm = { RUNS(C1, READER_WARM) }, .maps = { [A] = { P0, RW, leaf } },          \
	.content = { [P0] = O }
#define LATER "a write that comes later is refused, and marks nothing"

SCENARIO(D12_exchange) = {
	DIRT(EXCHANGE, WRITES_TWICE, LEAF_CLEAN),
	.name = "exchange",
	.claim = "unmap by XCHG: a write is in the D that it returned, or took #PF",
	.source = "SDM 3A 4.8, 8.1.2.1: A and D are set in locked operations",
	.forbid = { FORBID(dirt_lost), FORBID(freed_page_written) },
	.allow = { ALLOW(dirt_kept), ALLOW(clean_and_refused) },
	.control = { WITHOUT(C0, 1, freed_page_written), WITHOUT(C0, 2, freed_page_written),
		     SWAPPED(C0, 1, 2, freed_page_written), SWAPPED(C0, 2, 3, freed_page_written) },
};

SCENARIO(D12_read_and_store) = {
	DIRT(READ_AND_STORE, WRITES_TWICE, LEAF_CLEAN),
	.name = "read_and_store",
	.claim =
		"unmap by a read and a store: D is set in between, and lost with the page's content",
	.source = "SDM 3A 4.8",
	.forbid = { FORBID(freed_page_written) },
	.shows = SHOWS(dirt_lost),
	.control = { WITHOUT(C0, 3, freed_page_written), SWAPPED(C0, 2, 3, freed_page_written),
		     SWAPPED(C0, 3, 4, freed_page_written) },
};

SCENARIO(D12_protect) = {
	DIRT(PROTECT, WRITES_LATE, LEAF_CLEAN),
	.name = "protect",
	.claim = "write-protect by compare and exchange: D that a CPU sets meanwhile stays",
	.source = "SDM 3A 4.8",
	.forbid = { FORBID(dirt_lost), FORBID(written_late) },
	.allow = { ALLOW(dirt_kept), ALLOW(clean_and_refused) },
	.control = { WITHOUT(C0, 2, written_late), WITHOUT(C1, 2, written_late),
		     SWAPPED(C0, 1, 2, written_late) },
	.spare = { SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(D12_protect_by_store) = {
	DIRT(PROTECT_BY_STORE, WRITES_LATE, LEAF_CLEAN),
	.name = "protect_by_store",
	.claim = "write-protect by a read and a store: D that a CPU sets in between is lost",
	.source = "SDM 3A 4.8",
	.forbid = { FORBID(written_late) },
	.shows = SHOWS(dirt_overwritten),
	.control = { WITHOUT(C0, 3, written_late), WITHOUT(C1, 2, written_late),
		     SWAPPED(C0, 2, 3, written_late) },
};

#define ERRATA "SDM 3A 4.8; errata of some processors, pte.h of Linux: swap offsets avoid both bits"

SCENARIO(D12_marks_absent) = {
	DIRT(TAG_AND_LOOK, WRITES_AND_TELLS, LEAF_FRESH),
	.name = "marks_absent",
	.claim = "does a CPU's walk set A or D in an entry that is a swap entry by then?",
	.source = ERRATA,
	.tables = true,
	.forbid = { FORBID(written_late) },
	.fact = { SHOWS(marked_absent), FACT_MARKS_ABSENT, EITHER },
	.control = { WITHOUT(C0, 2, written_late), WITHOUT(C1, 2, written_late),
		     SWAPPED(C0, 1, 2, written_late) },
	.spare = { SPARE(C0, 4, "who looks early may find a mark, or none yet"),
		   SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(D12_payload) = {
	DIRT(TAG, WRITES_AND_TELLS, LEAF_FRESH),
	.name = "payload",
	.claim =
		"a CPU's store walks an entry that becomes a swap entry: a payload that avoids A and D stays",
	.source = ERRATA,
	.forbid = { FORBID(payload_changed), FORBID(written_late) },
	.control = { SWAPPED(C0, 1, 5, payload_changed), WITHOUT(C0, 2, written_late),
		     WITHOUT(C1, 2, written_late), SWAPPED(C0, 1, 2, written_late) },
	.spare = { SPARE(C0, 4, "a walk that compares marks nothing later either"),
		   SPARE_SWAP(C1, 1, 2, LATER) },
};
