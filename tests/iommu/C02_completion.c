/*
 * An invalidation is over when its own wait descriptor has reported, not before. Nobody here is told that the page is free: the
 * device writes whenever it likes. That the driver's wait descriptor is the last one, and its number new, is looked at after every
 * wait of every scenario: tests/machine_queue.c.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, WROTE)

#define AWAITED_STEPS(step)     \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, A) \
	step(3, iommu_wait)     \
	step(4, reuse, P0)
/* Also by a status word that still says of an earlier wait that it is done. */
#define NOT_AWAITED_STEPS(step) \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, A) \
	step(3, reuse, P0)
#define WAIT_FIRST_STEPS(step)  \
	step(1, pte_clear, A)   \
	step(2, iommu_wait)     \
	step(3, iommu_queue, A) \
	step(4, reuse, P0)
#define OTHERS_STATUS_STEPS(step) \
	step(1, pte_clear, A)     \
	step(2, iommu_queue, A)   \
	step(3, heed, C1)         \
	step(4, reuse, P0)
#define OTHER_STEPS(step)   \
	step(1, iommu_wait) \
	step(2, tell, C0)
/* The tail is ahead of the words: what is in the slot is an invalidation of something else. */
#define TORN_STEPS(step)        \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, B) \
	step(3, iommu_wait)     \
	step(4, reuse, P0)
/* Or nothing that the unit knows: it stops, and who waits takes that out and goes on. */
#define TORN_REFUSED_STEPS(step)         \
	step(1, pte_clear, A)            \
	step(2, queue_refused, BAD_TYPE) \
	step(3, iommu_wait)              \
	step(4, reuse, P0)
#define WRITER_STEPS(step)              \
	step(1, dma_write, A, X, FIRST) \
	step(2, dma_write, A, X, WROTE)
#define WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(AWAITED)
LISTING(NOT_AWAITED)
LISTING(WAIT_FIRST)
LISTING(OTHERS_STATUS)
LISTING(OTHER)
LISTING(TORN)
LISTING(TORN_REFUSED)
LISTING(WRITER)
LISTING(WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(landed_in_time, saw(WROTE) == LANDED && holds(P0) == S)
CLAIM(refused, saw(FIRST) == BLOCKED && holds(P0) == S)

#define FREED(...)                                                                               \
	.id = "C02", __VA_ARGS__, .warm = { RUNS(E, WARM) }, .source = "VT-d 6.5.2.9, 6.5.2.12", \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O },                        \
	.allow = { ALLOW(landed_in_time), ALLOW(refused) }
#define BROKEN .shows = SHOWS(stranger_hurt), .shown_by = CACHE_IOTLB
#define NOBODY_WAITS(n) \
	SPARE(C0, n, "nobody waits for it, so that it need not be there: that is the hazard")

SCENARIO(C02_awaited) = {
	FREED(.agents = { RUNS(C0, AWAITED), RUNS(E, WRITER) }, .needs = NEED_WRITE),
	.name = "awaited",
	.claim =
		"the entry's invalidation is complete before the page is freed: a write is in time, or refused",
	.forbid = { FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     SWAPPED(C0, 1, 2, stranger_hurt) },
};

/* The same with its wait's controls too: who works the queue off while the tail is written cannot show those. */
SCENARIO(C02_own_wait) = {
	FREED(.agents = { RUNS(C0, AWAITED), RUNS(E, WRITER) }, .needs = NEED_WRITE),
	.name = "own_wait",
	.claim =
		"the wait behind the entry's invalidation says that it is complete, and no other does",
	.forbid = { FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), SWAPPED(C0, 1, 2, stranger_hurt),
		     SWAPPED(C0, 2, 3, stranger_hurt) },
};

SCENARIO(C02_not_awaited) = {
	FREED(.agents = { RUNS(C0, NOT_AWAITED), RUNS(E, WRITER) }, .needs = NEED_WRITE),
	BROKEN,
	.name = "not_awaited",
	.claim =
		"nobody waits for the invalidation, or an old status word is taken for its own: a freed page is written",
	.spare = { NOBODY_WAITS(1), NOBODY_WAITS(2) },
};

SCENARIO(C02_wait_first) = {
	FREED(.agents = { RUNS(C0, WAIT_FIRST), RUNS(E, WRITER) }, .needs = NEED_WRITE),
	BROKEN,
	.name = "wait_first",
	.claim = "the wait descriptor is in front of the invalidation: a freed page is written",
	.spare = { NOBODY_WAITS(1), NOBODY_WAITS(2), NOBODY_WAITS(3) },
};

SCENARIO(C02_others_status) = {
	FREED(.agents = { RUNS(C0, OTHERS_STATUS), RUNS(C1, OTHER), RUNS(E, WRITER) },
	      .needs = NEED_WRITE | NEED_CPU2),
	BROKEN,
	.name = "others_status",
	.claim = "another CPU's wait is taken for one's own: a freed page is written",
	.spare = { NOBODY_WAITS(1), NOBODY_WAITS(2), NOBODY_WAITS(3),
		   SPARE(C1, 1, "it is not for this invalidation") },
};

SCENARIO(C02_torn) = {
	FREED(.agents = { RUNS(C0, TORN), RUNS(E, WRITER) }, .needs = NEED_WRITE),
	BROKEN,
	.name = "torn",
	.claim =
		"the tail was written before the descriptor, and the unit executed what was there: a freed page is written",
	.spare = { NOBODY_WAITS(1), NOBODY_WAITS(2), NOBODY_WAITS(3) },
};

SCENARIO(C02_torn_refused) = {
	FREED(.agents = { RUNS(C0, TORN_REFUSED), RUNS(E, WRITER) }, .needs = NEED_WRITE),
	BROKEN,
	.name = "torn_refused",
	.claim =
		"the tail was written before the descriptor, and the unit refused what was there: a freed page is written",
	.spare = { NOBODY_WAITS(1), NOBODY_WAITS(3) },
};
