/*
 * A right is given. A CPU whose entry forbids the store takes #PF and walks again (D11); a device's request that an IOTLB entry
 * forbids may be refused as it is, and again at each try: who gives a device a right tells the IOMMU too.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, WROTE)

#define UPGRADE_STEPS(step)         \
	step(1, pte_set, A, P0, RW) \
	step(2, iommu_flush, A)     \
	step(3, tell, E)
#define NOT_TOLD_STEPS(step)        \
	step(1, pte_set, A, P0, RW) \
	step(2, tell, E)
#define WRITER_STEPS(step)              \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, WROTE)
#define READ_STEPS(step) step(1, dma_read_mark, A)

LISTING(UPGRADE)
LISTING(NOT_TOLD)
LISTING(WRITER)
LISTING(READ)

CLAIM(refused, saw(WROTE) != LANDED)
CLAIM(lost, (saw(EARLY) == LANDED || saw(WROTE) == LANDED) != (holds(P0) == X))
CLAIM(refused_before, saw(EARLY) == BLOCKED && saw(WROTE) == LANDED)
CLAIM(landed_at_once, saw(EARLY) == LANDED)

#define EARLIER "the first write may come at any time: later shows less"
#define UPGRADED(cpu)                                                                          \
	.id = "C14", .source = "VT-d 6.5.3.5: which rights need no invalidation; 7.2.1",       \
	.needs = NEED_READ | NEED_WRITE | NEED_LEARNS, .warm = { RUNS(E, READ) },              \
	.agents = { RUNS(C0, cpu), RUNS(E, WRITER) }, .maps = { [A] = { P0, RO, LEAF_USED } }, \
	.content = { [P0] = O }

SCENARIO(C14_upgrade) = {
	UPGRADED(UPGRADE),
	.name = "upgrade",
	.claim = "a page made writable, the IOMMU told: from then on the device's writes land",
	.forbid = { FORBID(refused), FORBID(lost) },
	.allow = { ALLOW(refused_before), ALLOW(landed_at_once) },
	.control = { WITHOUT(C0, 2, refused), WITHOUT(E, 2, refused), SWAPPED(C0, 1, 2, refused) },
	.spare = { SPARE_SWAP(E, 1, 2, EARLIER) },
};

SCENARIO(C14_not_told) = {
	UPGRADED(NOT_TOLD),
	.name = "not_told",
	.claim =
		"a page made writable, the IOMMU not told: it may refuse the device's writes for ever",
	.forbid = { FORBID(lost) },
	.allow = { ALLOW(landed_at_once) },
	.shows = SHOWS(refused),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(E, 2, "who writes before that is refused by right"),
		   SPARE_SWAP(E, 1, 2, EARLIER) },
};
