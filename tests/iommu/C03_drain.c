/*
 * A DMA that is translated and whose data are on the way: by an entry that is dropped meanwhile they still arrive in the old page. An
 * invalidation that drains is complete when they have; the page is then copied, and freed. By second stages and DR, DW = 0 it is complete
 * at once; a first stage's always drains, and QEMU's DMA takes no time.
 */
#include "tests/scenario.h"

OBSERVE(WROTE)

#define MIGRATE(step, queue)        \
	step(1, pte_clear, A)       \
	step(2, queue, A)           \
	step(3, iommu_wait)         \
	step(4, copy, P0, P1)       \
	step(5, pte_set, A, P1, RW) \
	step(6, reuse, P0)
#define DRAINED_STEPS(step)     MIGRATE(step, iommu_queue)
#define NOT_DRAINED_STEPS(step) MIGRATE(step, iommu_queue_no_drain)
#define WRITER_STEPS(step)      step(1, dma_write, A, X, WROTE)

LISTING(DRAINED)
LISTING(NOT_DRAINED)
LISTING(WRITER)

CLAIM(lost, saw(WROTE) == LANDED && holds(P1) != X)
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(landed, saw(WROTE) == LANDED && holds(P1) == X)
CLAIM(refused, saw(WROTE) == BLOCKED && holds(P1) == O)

#define MIGRATED(cpu)                                                               \
	.id = "C03", .source = "VT-d 6.5.2.3, 6.5.2.9, 6.5.4", .needs = NEED_WRITE, \
	.agents = { RUNS(C0, cpu), RUNS(E, WRITER) }, .warm = { RUNS(E, WRITER) },  \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }

SCENARIO(C03_drained) = {
	MIGRATED(DRAINED),
	.name = "drained",
	.claim = "a write that was accepted is in the copy, and not in the freed page",
	.forbid = { FORBID(lost), FORBID(stranger_hurt) },
	.allow = { ALLOW(landed), ALLOW(refused) },
	.control = { WITHOUT(C0, 1, lost), WITHOUT(C0, 2, lost) },
};

SCENARIO(C03_not_drained) = {
	MIGRATED(NOT_DRAINED),
	.name = "not_drained",
	.claim = "an invalidation does not drain: a write that was accepted is missing in the copy",
	.allow = { ALLOW(stranger_hurt), ALLOW(landed), ALLOW(refused) },
	.shows = SHOWS(lost),
	.shown_by = CACHE_IOTLB,
};
