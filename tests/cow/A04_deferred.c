/*
 * The IOMMU told only at the end of the range, after the page-table lock was dropped: by then another thread has
 * taken the lock, acted on the new PTE and told the device that its data is there. The page lock does not help: neither takes it.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(AT_ONCE, AT_THE_END, ENTRY, CPU_MARK, WROTE)

enum { PTL, PAGE_LOCK };

#define DEFERRED_STEPS(step)                          \
	step(1, lock, PTL)                            \
	ptep_clear_flush(step, 2, A)                  \
	step(4, pte_set, A, P1, RW)                   \
	step(5, unlock, PTL)                          \
	mmu_notifier_invalidate_range_end(step, 6, A) \
	step(7, tell, E)
#define PAGE_LOCKED_STEPS(step)                       \
	step(1, lock, PAGE_LOCK)                      \
	step(2, lock, PTL)                            \
	ptep_clear_flush(step, 3, A)                  \
	step(5, pte_set, A, P1, RW)                   \
	step(6, unlock, PTL)                          \
	mmu_notifier_invalidate_range_end(step, 7, A) \
	step(8, unlock, PAGE_LOCK)                    \
	step(9, tell, E)
#define INSIDE_STEPS(step)                  \
	step(1, lock, PTL)                  \
	ptep_clear_flush_notify(step, 2, A) \
	step(5, pte_set, A, P1, RW)         \
	step(6, unlock, PTL)
#define THREAD_STEPS(step)              \
	step(1, load, A)                \
	step(2, lock, PTL)              \
	step(3, pte_read, A, ENTRY)     \
	step(4, load_mark, A, CPU_MARK) \
	step(5, unlock, PTL)            \
	step(6, store, A, N, WROTE)     \
	step(7, tell, E)
#define DEVICE_STEPS(step)   \
	step(1, dma_read, A) \
	step(2, heed, C1)    \
	step(3, dma_read, A, AT_ONCE)
#define DEVICE_TO_THE_END_STEPS(step) \
	step(1, dma_read, A)          \
	step(2, heed, C1)             \
	step(3, dma_read, A, AT_ONCE) \
	step(4, heed, C0)             \
	step(5, dma_read, A, AT_THE_END)

LISTING(DEFERRED)
LISTING(PAGE_LOCKED)
LISTING(INSIDE)
LISTING(THREAD)
LISTING(DEVICE)
LISTING(DEVICE_TO_THE_END)

/* A store that took a fault did not happen: there is nothing new to be missed. */
CLAIM(device_stale, saw(WROTE) == LANDED && saw(AT_ONCE) != N)
CLAIM(device_reads_old, saw(WROTE) == LANDED && saw(AT_ONCE) == O && holds(P1) == N)
CLAIM(device_stale_at_the_end, saw(WROTE) == LANDED && saw(AT_THE_END) != N)
CLAIM(entry_missing, saw(ENTRY) == EMPTY)
CLAIM(cpu_stale, saw(ENTRY) == MARK(P1) && saw(CPU_MARK) != MARK(P1))

#define RANGE_END                                                                            \
	.id = "A04",                                                                         \
	.source = "mmu notifier thread 2017: may ->invalidate_range wait until the lock is " \
		  "dropped?",                                                                \
	.needs = NEED_READ | NEED_CPU2, .maps = { [A] = { P0, RO, LEAF_USED } },             \
	.content = { [P0] = O, [P1] = O }

SCENARIO(A04_deferred) = {
	RANGE_END,
	.name = "deferred",
	.claim = "flush at the range's end, after the lock: the device reads older data than it "
		 "was told of",
	.agents = { RUNS(C0, DEFERRED), RUNS(C1, THREAD), RUNS(E, DEVICE_TO_THE_END) },
	.forbid = { FORBID(device_stale_at_the_end), FORBID(entry_missing), FORBID(cpu_stale) },
	.shows = SHOWS(device_reads_old),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 1, entry_missing), WITHOUT(C1, 2, entry_missing),
		     WITHOUT(C0, 2, cpu_stale), WITHOUT(C0, 3, cpu_stale),
		     WITHOUT(C0, 6, device_stale_at_the_end),
		     WITHOUT(E, 2, device_stale_at_the_end),
		     WITHOUT(E, 4, device_stale_at_the_end) },
	.spare = { SPARE_SWAP(C0, 5, 6, "inside the lock it still comes after the new PTE") },
};

SCENARIO(A04_pagelock) = {
	RANGE_END,
	.name = "pagelock",
	.claim =
		"the page lock held until the IOMMU is told changes nothing: neither the thread nor "
		"the walker takes it",
	.agents = { RUNS(C0, PAGE_LOCKED), RUNS(C1, THREAD), RUNS(E, DEVICE_TO_THE_END) },
	.forbid = { FORBID(device_stale_at_the_end), FORBID(entry_missing), FORBID(cpu_stale) },
	.shows = SHOWS(device_reads_old),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 2, entry_missing), WITHOUT(C1, 2, entry_missing),
		     WITHOUT(C0, 3, cpu_stale), WITHOUT(C0, 4, cpu_stale),
		     WITHOUT(C0, 7, device_stale_at_the_end),
		     WITHOUT(E, 2, device_stale_at_the_end),
		     WITHOUT(E, 4, device_stale_at_the_end) },
	.spare = { SPARE(C0, 1, "nobody else takes it: that it changes nothing is the claim"),
		   SPARE_SWAP(C0, 6, 7, "inside the lock it still comes after the new PTE") },
};

SCENARIO(A04_inside_lock) = {
	RANGE_END,
	.name = "inside_lock",
	.claim = "flush inside the lock, before the new PTE: the device reads what it was told of",
	.agents = { RUNS(C0, INSIDE), RUNS(C1, THREAD), RUNS(E, DEVICE) },
	.forbid = { FORBID(device_stale), FORBID(entry_missing), FORBID(cpu_stale) },
	.control = { WITHOUT(C0, 1, entry_missing), WITHOUT(C1, 2, entry_missing),
		     WITHOUT(C0, 2, device_reads_old), WITHOUT(C0, 3, cpu_stale),
		     WITHOUT(C0, 4, device_reads_old), WITHOUT(E, 2, device_reads_old),
		     SWAPPED(C0, 2, 4, device_reads_old), SWAPPED(C0, 4, 5, device_reads_old) },
};
