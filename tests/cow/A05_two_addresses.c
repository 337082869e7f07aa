/*
 * Two pages copied on write by two CPUs, one of which tells the IOMMU late. A thread writes the one whose IOMMU entry is
 * old, then the other: the device sees the second write and then, in the first page, what was there before. Each page by itself
 * is coherent. The thread that writes takes the second fault itself: one CPU fewer than the catalogue has, the same shape.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(WROTE_A, WROTE_B, SECOND, FIRST, LAST_B, LAST_A)

#define DEFERRED_STEPS(step)         \
	ptep_clear_flush(step, 1, A) \
	step(3, pte_set, A, P1, RW)  \
	step(4, tell, C1)            \
	mmu_notifier_invalidate_range_end(step, 5, A)
#define IN_TIME_STEPS(step)                 \
	ptep_clear_flush_notify(step, 1, A) \
	step(4, pte_set, A, P1, RW)         \
	step(5, tell, C1)
#define WRITER_STEPS(step)                  \
	step(1, heed, C0)                   \
	ptep_clear_flush_notify(step, 2, B) \
	step(5, pte_set, B, Q1, RW)         \
	step(6, store, A, N, WROTE_A)       \
	step(7, store, B, N, WROTE_B)       \
	step(8, tell, E)
#define DEVICE_STEPS(step)           \
	step(1, dma_read, B, SECOND) \
	step(2, dma_read, A, FIRST)  \
	step(3, heed, C1)            \
	step(4, dma_read, B, LAST_B) \
	step(5, dma_read, A, LAST_A)
#define DEVICE_WARM_STEPS(step) \
	step(1, dma_read, A)    \
	step(2, dma_read, B)

LISTING(DEFERRED)
LISTING(IN_TIME)
LISTING(WRITER)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(second_without_first, saw(SECOND) == N && saw(FIRST) == O)
CLAIM(neither, saw(SECOND) == O && saw(FIRST) == O)
CLAIM(first_only, saw(SECOND) == O && saw(FIRST) == N)
CLAIM(both, saw(SECOND) == N && saw(FIRST) == N)
CLAIM(write_refused, saw(WROTE_A) != LANDED || saw(WROTE_B) != LANDED)
CLAIM(b_stale, saw(LAST_B) != N)
CLAIM(a_stale, saw(LAST_A) != N)

#define TWO_ADDRESSES                                                               \
	.id = "A05", .source = "mmu notifier thread 2017; Linux, mmu_notifier.rst", \
	.needs = NEED_READ | NEED_CPU2, .warm = { RUNS(E, DEVICE_WARM) },           \
	.maps = { [A] = { P0, RO, LEAF_USED }, [B] = { Q0, RO, LEAF_USED } },       \
	.content = { [P0] = O, [P1] = O, [Q0] = O, [Q1] = O }
#define LATER          "what is looked at later shows less"
#define RIGHT_TO_WRITE "a stale read-only entry does not permit the store: the CPU walks again"

SCENARIO(A05_deferred) = {
	TWO_ADDRESSES,
	.name = "deferred",
	.claim = "one page's IOMMU flush late: the device sees the second write without the first",
	.agents = { RUNS(C0, DEFERRED), RUNS(C1, WRITER), RUNS(E, DEVICE) },
	.forbid = { FORBID(write_refused), FORBID(b_stale) },
	.shows = SHOWS(second_without_first),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C1, 1, write_refused), WITHOUT(C1, 2, b_stale),
		     WITHOUT(C1, 4, b_stale), WITHOUT(E, 3, b_stale) },
	.spare = { SPARE(C0, 1, "what the IOTLB holds is stale with or without a gap"),
		   SPARE(C0, 2, RIGHT_TO_WRITE),
		   SPARE(C0, 5, "it comes too late: that is the hazard"),
		   SPARE(C1, 3, RIGHT_TO_WRITE), SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A05_in_time) = {
	TWO_ADDRESSES,
	.name = "in_time",
	.claim =
		"clear, flush, invalidate, set for each page: the device sees writes in their order",
	.agents = { RUNS(C0, IN_TIME), RUNS(C1, WRITER), RUNS(E, DEVICE) },
	.forbid = { FORBID(second_without_first), FORBID(write_refused), FORBID(b_stale),
		    FORBID(a_stale) },
	.allow = { ALLOW(neither), ALLOW(first_only), ALLOW(both) },
	.control = { WITHOUT(C0, 1, a_stale), WITHOUT(C0, 3, second_without_first),
		     WITHOUT(C1, 1, write_refused), WITHOUT(C1, 2, b_stale),
		     WITHOUT(C1, 4, b_stale), WITHOUT(E, 3, b_stale), SWAPPED(C0, 1, 3, a_stale),
		     SWAPPED(C1, 6, 7, second_without_first) },
	.spare = { SPARE(C0, 2, RIGHT_TO_WRITE), SPARE(C1, 3, RIGHT_TO_WRITE),
		   SPARE_SWAP(E, 2, 3, LATER) },
};
