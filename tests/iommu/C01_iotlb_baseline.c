/* What everything else rests on: the IOTLB keeps an entry until it is told, and then forgets it. */
#include "tests/scenario.h"

OBSERVE(FIRST, KEPT, AFTER)

enum { FLUSHED };

#define REMAP_STEPS(step)           \
	step(1, pte_set, A, P1, RW) \
	step(2, tell, E)            \
	step(3, iommu_flush, A)     \
	step(4, word_set, FLUSHED, 1)
#define DEVICE_STEPS(step)             \
	step(1, dma_read, A, FIRST)    \
	step(2, heed, C0)              \
	step(3, dma_read, A, KEPT)     \
	step(4, dma_write, A, X)       \
	step(5, word_wait, FLUSHED, 1) \
	step(6, dma_read, A, AFTER)    \
	step(7, dma_write, A, X)

LISTING(REMAP)
LISTING(DEVICE)

CLAIM(neither_page, saw(FIRST) != O && saw(FIRST) != N)
/* The write landed in the new page already if the entry was dropped before it. */
CLAIM(stale_read, saw(AFTER) != (holds(P0) == X ? N : X))
CLAIM(stale_write, holds(P1) != X)
CLAIM(entry_kept, saw(KEPT) == O && holds(P0) == X)
CLAIM(never_dropped, saw(AFTER) == X && holds(P1) == N)

SCENARIO(C01_iotlb_baseline) = {
	.id = "C01",
	.name = "iotlb_baseline",
	.claim = "after a completed page invalidation no DMA uses the old frame",
	.source = "VT-d 6.5.2.4 and 6.5.2.9",
	.needs = NEED_READ | NEED_WRITE,
	.agents = { RUNS(C0, REMAP), RUNS(E, DEVICE) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O, [P1] = N },
	.forbid = { FORBID(neither_page), FORBID(stale_read), FORBID(stale_write) },
	.control = { WITHOUT(C0, 3, never_dropped), WITHOUT(E, 5, stale_read),
		     SWAPPED(C0, 1, 3, never_dropped) },
	.spare = { SPARE(
		E, 2,
		"what is read before the change is old by right: only the fact is not established") },
	.fact = { SHOWS(entry_kept), FACT_IOTLB_KEEPS, MUST_BE_SEEN },
	.shown_by = CACHE_IOTLB,
};
