/*
 * The IOMMU told only at the end of the range, after the page-table lock was dropped: by then another thread has
 * acted on the new PTE and told the device that its data is there.
 */
#include "tests/scenario.h"

OBSERVE(DEVICE, MARK_SEEN)

#define PTL 0

#define DEFERRED_STEPS(step)        \
	step(1, lock, PTL)          \
	step(2, copy, P0, P1)       \
	step(3, pte_clear, A)       \
	step(4, cpu_flush, A)       \
	step(5, pte_set, A, P1, RW) \
	step(6, unlock, PTL)        \
	step(7, tell, C1)           \
	step(8, iommu_flush, A)

#define INSIDE_STEPS(step)          \
	step(1, lock, PTL)          \
	step(2, copy, P0, P1)       \
	step(3, pte_clear, A)       \
	step(4, cpu_flush, A)       \
	step(5, iommu_flush, A)     \
	step(6, pte_set, A, P1, RW) \
	step(7, unlock, PTL)        \
	step(8, tell, C1)

#define THREAD_STEPS(step)               \
	step(1, heed, C0)                \
	step(2, load_mark, A, MARK_SEEN) \
	step(3, store, A, N)             \
	step(4, tell, E)

#define DEVICE_STEPS(step)   \
	step(1, dma_read, A) \
	step(2, heed, C1)    \
	step(3, dma_read, A, DEVICE)

#define THREAD_WARM_STEPS(step) step(1, load_mark, A)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, A)

LISTING(DEFERRED)
LISTING(INSIDE)
LISTING(THREAD)
LISTING(DEVICE)
LISTING(THREAD_WARM)
LISTING(DEVICE_WARM)

CLAIM(device_stale, saw(DEVICE) != N)
CLAIM(device_reads_old, saw(DEVICE) == O && holds(P1) == N)
CLAIM(device_stale_after_flush, after(E, 3, C0, 8) && saw(DEVICE) != N)
CLAIM(thread_stale, saw(MARK_SEEN) != MARK(P1))
CLAIM(thread_on_old_page, saw(MARK_SEEN) == MARK(P0))

SCENARIO(A04_deferred) = {
	.id = "A04",
	.name = "deferred",
	.claim =
		"flush at the range's end, after the lock: the device reads older data than it was told of",
	.source =
		"mmu notifier thread 2017: may ->invalidate_range wait until the lock is dropped?",
	.needs = NEED_READ | NEED_CPU2,
	.agents = { RUNS(C0, DEFERRED), RUNS(C1, THREAD), RUNS(E, DEVICE) },
	.warm = { RUNS(C1, THREAD_WARM), RUNS(E, DEVICE_WARM) },
	.maps = { [A] = { P0, RO } },
	.content = { [P0] = O },
	.forbid = { FORBID(device_stale_after_flush), FORBID(thread_stale) },
	.shows = SHOWS(device_reads_old),
	.shown_by = CACHE_IOTLB,
};

SCENARIO(A04_inside_lock) = {
	.id = "A04",
	.name = "inside_lock",
	.claim = "flush inside the lock, before the new PTE: the device reads what it was told of",
	.source =
		"mmu notifier thread 2017: may ->invalidate_range wait until the lock is dropped?",
	.needs = NEED_READ | NEED_CPU2,
	.agents = { RUNS(C0, INSIDE), RUNS(C1, THREAD), RUNS(E, DEVICE) },
	.warm = { RUNS(C1, THREAD_WARM), RUNS(E, DEVICE_WARM) },
	.maps = { [A] = { P0, RO } },
	.content = { [P0] = O },
	.forbid = { FORBID(device_stale), FORBID(thread_stale) },
	.control = { WITHOUT(C0, 5, device_reads_old), WITHOUT(C0, 4, thread_on_old_page) },
};
