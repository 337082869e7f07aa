/*
 * A DMA that is translated and whose data are on the way: by an entry that is dropped meanwhile a write still arrives in the old page, and
 * a read has what is there by then. An invalidation that drains is complete when they have; the page is then copied, and freed. By second
 * stages and DR, DW = 0 it is complete at once; a first stage's always drains, and QEMU's DMA takes no time.
 */
#include "tests/scenario.h"

OBSERVE(WROTE, GOT, READ)

/* What a CPU reads by the address in the end is the copy. */
#define MIGRATE(step, queue)        \
	step(1, pte_clear, A)       \
	step(2, invlpg, A)          \
	step(3, queue, A)           \
	step(4, iommu_wait)         \
	step(5, copy, P0, P1)       \
	step(6, pte_set, A, P1, RW) \
	step(7, reuse, P0)          \
	step(8, heed, E)            \
	step(9, load, A, READ)
#define GIVE(step, queue)     \
	step(1, pte_clear, A) \
	step(2, queue, A)     \
	step(3, iommu_wait)   \
	step(4, reuse, P0)
#define DRAINED_STEPS(step)     MIGRATE(step, iommu_queue)
#define NOT_DRAINED_STEPS(step) MIGRATE(step, iommu_queue_no_drain)
#define GIVEN_STEPS(step)       GIVE(step, iommu_queue)
#define GIVEN_EARLY_STEPS(step) GIVE(step, iommu_queue_no_drain)
#define WRITER_STEPS(step)              \
	step(1, dma_write, A, X, WROTE) \
	step(2, tell, C0)
#define READER_STEPS(step)    step(1, dma_read, A, GOT)
#define WARM_STEPS(step)      step(1, dma_write, A, X)
#define LOAD_STEPS(step)      step(1, load, A)
#define WARM_READ_STEPS(step) step(1, dma_read, A)

LISTING(DRAINED)
LISTING(NOT_DRAINED)
LISTING(GIVEN)
LISTING(GIVEN_EARLY)
LISTING(WRITER)
LISTING(READER)
LISTING(WARM)
LISTING(LOAD)
LISTING(WARM_READ)

CLAIM(lost, saw(WROTE) == LANDED && (holds(P1) != X || saw(READ) != X))
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(landed, saw(WROTE) == LANDED && holds(P1) == X && saw(READ) == X)
CLAIM(refused, saw(WROTE) == BLOCKED && holds(P1) == O && saw(READ) == O)
CLAIM(leaked, saw(GOT) == S)
CLAIM(read_in_time, saw(GOT) == O)
CLAIM(read_refused, saw(GOT) == BLOCKED)

#define MOVED(cpu, device, warmth)                                                                 \
	.id = "C03", .source = "VT-d 6.5.2.3, 6.5.2.9, 6.5.4",                                     \
	.agents = { RUNS(C0, cpu), RUNS(E, device) }, .warm = { RUNS(C0, LOAD), RUNS(E, warmth) }, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }

SCENARIO(C03_drained) = {
	MOVED(DRAINED, WRITER, WARM),
	.name = "drained",
	.claim = "a write that was accepted is in the copy, and not in the freed page",
	.needs = NEED_WRITE,
	.forbid = { FORBID(lost), FORBID(stranger_hurt) },
	.allow = { ALLOW(landed), ALLOW(refused) },
	.control = { WITHOUT(C0, 1, lost), WITHOUT(C0, 2, lost), WITHOUT(C0, 3, lost),
		     WITHOUT(C0, 8, lost) },
};

SCENARIO(C03_not_drained) = {
	MOVED(NOT_DRAINED, WRITER, WARM),
	.name = "not_drained",
	.claim = "an invalidation does not drain: a write that was accepted is missing in the copy",
	.needs = NEED_WRITE,
	.allow = { ALLOW(stranger_hurt), ALLOW(landed), ALLOW(refused) },
	.shows = SHOWS(lost),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE_SWAP(C0, 7, 8,
			      "what the copy lacks it lacks, whoever has the page next") },
};

SCENARIO(C03_read_drained) = {
	MOVED(GIVEN, READER, WARM_READ),
	.name = "read_drained",
	.claim = "a read that was accepted has what was in the page before it was freed",
	.needs = NEED_READ,
	.forbid = { FORBID(leaked) },
	.allow = { ALLOW(read_in_time), ALLOW(read_refused) },
	.control = { WITHOUT(C0, 1, leaked), WITHOUT(C0, 2, leaked) },
};

SCENARIO(C03_read_not_drained) = {
	MOVED(GIVEN_EARLY, READER, WARM_READ),
	.name = "read_not_drained",
	.claim = "an invalidation does not drain: a read that was accepted has a stranger's word",
	.needs = NEED_READ,
	.allow = { ALLOW(read_in_time), ALLOW(read_refused) },
	.shows = SHOWS(leaked),
	.shown_by = CACHE_IOTLB,
};
