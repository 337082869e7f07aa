/* What everything else rests on: the IOTLB keeps an entry until it is told, and then forgets it. */
#include "tests/scenario.h"

OBSERVE(FIRST, KEPT, AFTER)

#define REMAP_STEPS(step)           \
	step(1, pte_set, A, P1, RW) \
	step(2, iommu_flush, A)

#define DEVICE_STEPS(step)          \
	step(1, dma_read, A, FIRST) \
	step(2, dma_read, A, KEPT)  \
	step(3, dma_write, A, X)    \
	step(4, dma_read, A, AFTER) \
	step(5, dma_write, A, Y)

LISTING(REMAP)
LISTING(DEVICE)
CLAIM(wrong_page, saw(FIRST) != O)
/* The write landed in the new page already if the entry was dropped before it. */
CLAIM(stale_read, saw(AFTER) != (holds(P0) == X ? N : X))
CLAIM(stale_write, holds(P1) != Y)
CLAIM(entry_kept, saw(KEPT) == O && holds(P0) == X)
CLAIM(never_dropped, saw(AFTER) == X && holds(P0) == Y)

SCENARIO(C01_iotlb_baseline) = {
	.id = "C01",
	.name = "iotlb_baseline",
	.claim = "after a completed page invalidation no DMA uses the old frame",
	.source = "VT-d 6.5.2.4 and 6.5.2.8",
	.needs = NEED_READ | NEED_WRITE_ANY,
	.agents = { RUNS(C0, REMAP), RUNS(E, DEVICE) },
	.maps = { [A] = { P0, RW } },
	.content = { [P0] = O, [P1] = N },
	.forbid = { FORBID(wrong_page), FORBID(stale_read), FORBID(stale_write) },
	.control = { WITHOUT(C0, 2, never_dropped) },
	.fact = { SHOWS(entry_kept), FACT_IOTLB_KEEPS },
	.shown_by = CACHE_IOTLB,
	.orders = { { NULL, "e 0 ee 0 ee" } },
};
