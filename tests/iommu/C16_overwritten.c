/*
 * A and D that walks for a device set while software changes the entry: what software writes back after it has read it loses
 * what came in between. D12 has the same for CPUs, C15 what a walk can do to software's change.
 */
#include "tests/scenario.h"

OBSERVE(WROTE, LATE, WAS_DIRTY, DIRTY)

/* Unmap, and drop the page if nobody wrote it. */
#define EXCHANGE_STEPS(step)               \
	step(1, pte_clear_dirty, A, DIRTY) \
	step(2, iommu_flush, A)            \
	step(3, reuse, P0)
#define READ_AND_STORE_STEPS(step)   \
	step(1, pte_dirty, A, DIRTY) \
	step(2, pte_set, A, P0, 0)   \
	step(3, iommu_flush, A)      \
	step(4, reuse, P0)
#define WRITES_TWICE_STEPS(step)        \
	step(1, dma_write, A, X, WROTE) \
	step(2, dma_write, A, X, LATE)

/* Write-protect, and keep D. */
#define PROTECT_STEPS(step)          \
	step(1, pte_wrprotect, A)    \
	step(2, iommu_flush, A)      \
	step(3, pte_dirty, A, DIRTY) \
	step(4, tell, E)
#define CLEAN_RO_STEPS(step)             \
	step(1, pte_dirty, A, WAS_DIRTY) \
	step(2, pte_set, A, P0, RO)      \
	step(3, iommu_flush, A)          \
	step(4, pte_dirty, A, DIRTY)     \
	step(5, tell, E)
#define WRITES_LATE_STEPS(step)         \
	step(1, dma_write, A, X, WROTE) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, LATE)

LISTING(EXCHANGE)
LISTING(READ_AND_STORE)
LISTING(WRITES_TWICE)
LISTING(PROTECT)
LISTING(CLEAN_RO)
LISTING(WRITES_LATE)

CLAIM(dirt_lost, saw(WROTE) == LANDED && saw(DIRTY) == NO)
CLAIM(dirt_overwritten, saw(WROTE) == LANDED && saw(WAS_DIRTY) == NO && saw(DIRTY) == NO)
CLAIM(dirt_kept, saw(WROTE) == LANDED && saw(DIRTY) == YES)
CLAIM(clean_and_refused, saw(WROTE) == BLOCKED && saw(DIRTY) == NO)
CLAIM(freed_page_written, holds(P0) != S)
CLAIM(written_late, saw(LATE) != BLOCKED)

#define LATER "a write that comes later is refused, and marks nothing"
#define DIRT(cpu, writer)                                                               \
	.id = "C16", .source = "VT-d 3.6.2: A and D are set atomically",                \
	.needs = NEED_WRITE | NEED_MARKS, .agents = { RUNS(C0, cpu), RUNS(E, writer) }, \
	.maps = { [A] = { P0, RW, LEAF_FRESH } }, .content = { [P0] = O }

SCENARIO(C16_exchange) = {
	DIRT(EXCHANGE, WRITES_TWICE),
	.name = "exchange",
	.claim = "unmap by XCHG: a device's write is in the D that it returned, or was refused",
	.forbid = { FORBID(dirt_lost), FORBID(freed_page_written) },
	.allow = { ALLOW(dirt_kept), ALLOW(clean_and_refused) },
	.control = { WITHOUT(C0, 1, freed_page_written), WITHOUT(C0, 2, freed_page_written),
		     SWAPPED(C0, 1, 2, freed_page_written), SWAPPED(C0, 2, 3, freed_page_written) },
};

SCENARIO(C16_read_and_store) = {
	DIRT(READ_AND_STORE, WRITES_TWICE),
	.name = "read_and_store",
	.claim =
		"unmap by a read and a store: a device's D is set in between, and lost with what it wrote",
	.forbid = { FORBID(freed_page_written) },
	.shows = SHOWS(dirt_lost),
	.control = { WITHOUT(C0, 3, freed_page_written), SWAPPED(C0, 2, 3, freed_page_written),
		     SWAPPED(C0, 3, 4, freed_page_written) },
};

SCENARIO(C16_protect) = {
	DIRT(PROTECT, WRITES_LATE),
	.name = "protect",
	.claim =
		"write-protect by compare and exchange: D that a device's walk sets meanwhile stays",
	.forbid = { FORBID(dirt_lost), FORBID(written_late) },
	.allow = { ALLOW(dirt_kept), ALLOW(clean_and_refused) },
	.control = { WITHOUT(C0, 2, written_late), WITHOUT(E, 2, written_late),
		     SWAPPED(C0, 1, 2, written_late) },
	.spare = { SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(C16_protect_by_store) = {
	DIRT(CLEAN_RO, WRITES_LATE),
	.name = "protect_by_store",
	.claim =
		"write-protect by a read and a store: D that a device's walk sets in between is lost",
	.forbid = { FORBID(written_late) },
	.shows = SHOWS(dirt_overwritten),
	.control = { WITHOUT(C0, 3, written_late), WITHOUT(E, 2, written_late),
		     SWAPPED(C0, 2, 3, written_late) },
};
