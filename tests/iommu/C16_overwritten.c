/* A and D that walks for a device set while software changes the entry. C15 has what a walk can do to software's change. */
#define EXCHANGE_STEPS(step)         EXCHANGE(step, iommu_flush)
#define READ_AND_STORE_STEPS(step)   READ_AND_STORE(step, iommu_flush)
#define PROTECT_STEPS(step)          PROTECT(step, iommu_flush, E)
#define PROTECT_BY_STORE_STEPS(step) PROTECT_BY_STORE(step, iommu_flush, E)
#define WRITES_TWICE_STEPS(step)     WRITES_TWICE(step, dma_write)
#define WRITES_LATE_STEPS(step)      WRITES_LATE(step, dma_write)
#include "tests/cpu/D12_overwritten.h"

#define DIRT(cpu, writer)                                                               \
	.id = "C16", .source = "VT-d 3.6.2: A and D are set atomically",                \
	.needs = NEED_WRITE | NEED_MARKS, .agents = { RUNS(C0, cpu), RUNS(E, writer) }, \
	.maps = { [A] = { P0, RW, LEAF_FRESH } }, .content = { [P0] = O }

SCENARIO(C16_exchange) = {
	DIRT(EXCHANGE, WRITES_TWICE),
	EXCHANGED,
	.claim = "unmap by XCHG: a device's write is in the D that it returned, or was refused",
};

SCENARIO(C16_read_and_store) = {
	DIRT(READ_AND_STORE, WRITES_TWICE),
	READ_AND_STORED,
	.claim =
		"unmap by a read and a store: a device's D is set in between, and lost with what it wrote",
};

SCENARIO(C16_protect) = {
	DIRT(PROTECT, WRITES_LATE),
	PROTECTED(E),
	.claim =
		"write-protect by compare and exchange: D that a device's walk sets meanwhile stays",
};

SCENARIO(C16_protect_by_store) = {
	DIRT(PROTECT_BY_STORE, WRITES_LATE),
	PROTECTED_BY_STORE(E),
	.claim =
		"write-protect by a read and a store: D that a device's walk sets in between is lost",
};
