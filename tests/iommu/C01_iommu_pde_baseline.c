/* The IOMMU's half: it may remember a PDE until an invalidation that says "every level", and then forgets it. */
#include "tests/scenario.h"

OBSERVE(FIRST, KEPT, AFTER)

enum { FLUSHED };

#define REPLACE_STEPS(step)          \
	step(1, pde_exchange, A, T1) \
	step(2, tell, E)             \
	step(3, iommu_flush, B)      \
	step(4, word_set, FLUSHED, 1)
/* T1 has another leaf for B, which nobody has looked at. */
#define DEVICE_STEPS(step)             \
	step(1, dma_read, A, FIRST)    \
	step(2, heed, C0)              \
	step(3, dma_read, B, KEPT)     \
	step(4, word_wait, FLUSHED, 1) \
	step(5, dma_read, B, AFTER)
#define WARM_STEPS(step) step(1, table_leaf, T1, B, K)

LISTING(REPLACE)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(wrong_page, saw(FIRST) != O)
CLAIM(neither_table, saw(KEPT) != N && saw(KEPT) != Y)
CLAIM(stale, saw(AFTER) != Y)
CLAIM(pde_kept, saw(KEPT) == N)
CLAIM(never_dropped, saw(AFTER) == N)

#define IN_ORDER "in the one order there is it has been told by then"

SCENARIO(C01_iommu_pde_baseline) = {
	.id = "C01",
	.name = "iommu_pde_baseline",
	.claim =
		"after an invalidation of every level no DMA is translated by a table that was replaced",
	.source = "VT-d 6.2.5 and 6.5.2.4",
	.needs = NEED_READ,
	.agents = { RUNS(C0, REPLACE), RUNS(E, DEVICE) },
	.warm = { RUNS(C0, WARM) },
	.tables = true,
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },
	.content = { [P0] = O, [P1] = N, [K] = Y },
	.forbid = { FORBID(wrong_page), FORBID(neither_table), FORBID(stale) },
	.control = { { { C0, 3, 0 }, SHOWS(never_dropped), CACHE_IOMMU_UPPER },
		     { { C0, 1, 3 }, SHOWS(never_dropped), CACHE_IOTLB } },
	.spare = { SPARE(E, 2, IN_ORDER), SPARE(E, 4, IN_ORDER) },
	.fact = { SHOWS(pde_kept), FACT_IOMMU_UPPER_KEPT, EITHER },
	.shown_by = CACHE_IOMMU_UPPER,
	/* Of all orders the one that finds out: engines can be slow. */
	.orders = { { NULL, "e00ee00ee" } },
};
