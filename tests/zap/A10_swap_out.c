/*
 * A page is written out and freed. Every cached right to write must be gone before the first, every cached translation before the
 * second, of CPUs and of the IOMMU. A clean page is not written out: whoever would write it through a cached entry has to walk,
 * to set D, and finds the entry gone; so it takes the flush before the free only. (That QEMU's IOMMU does not walk for D: C16.) Inside the
 * page-table lock or after it is all the same.
 */
#include "mm/protocol/pte.h"
#include "mm/protocol/swap.h"
#include "tests/scenario.h"

OBSERVE(WROTE, READ, DIRTY, EARLY)

enum { PTL };

#define AFTER_LOCK_STEPS(step)                        \
	step(1, lock, PTL)                            \
	try_to_unmap(step, 2, A)                      \
	step(4, unlock, PTL)                          \
	mmu_notifier_invalidate_range_end(step, 5, A) \
	step(6, copy, P0, Q0)                         \
	step(7, reuse, P0)                            \
	step(8, copy, Q0, P1)                         \
	step(9, pte_set, A, P1, RW)
#define INSIDE_STEPS(step)       \
	step(1, lock, PTL)       \
	try_to_unmap(step, 2, A) \
	step(4, iommu_flush, A)  \
	step(5, unlock, PTL)     \
	step(6, copy, P0, Q0)    \
	step(7, reuse, P0)       \
	step(8, copy, Q0, P1)    \
	step(9, pte_set, A, P1, RW)
#define TOLD_LATE_STEPS(step)                         \
	step(1, lock, PTL)                            \
	try_to_unmap(step, 2, A)                      \
	step(4, unlock, PTL)                          \
	step(5, copy, P0, Q0)                         \
	step(6, reuse, P0)                            \
	mmu_notifier_invalidate_range_end(step, 7, A) \
	step(8, copy, Q0, P1)                         \
	step(9, pte_set, A, P1, RW)
#define BATCHED_LATE_STEPS(step)         \
	try_to_unmap_batched(step, 1, A) \
	step(2, copy, P0, Q0)            \
	step(3, reuse, P0)               \
	try_to_unmap_flush(step, 4, A)   \
	step(5, copy, Q0, P1)            \
	step(6, pte_set, A, P1, RW)
/* clang-format off */
#define CLEAN_STEPS(step)                             \
	step(1, pte_clear_dirty, A, DIRTY)            \
	try_to_unmap_flush_dirty(step, 2, A, DIRTY)   \
	step##_if(3, DIRTY, YES, copy, P0, Q0)        \
	try_to_unmap_flush(step, 4, A)                \
	step(5, reuse, P0)
/* clang-format on */
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, O)        \
	step(2, dma_write, A, X, WROTE) \
	step(3, dma_read, A, READ)
#define THREAD_STEPS(step)          \
	step(1, store, A, O, EARLY) \
	step(2, store, A, X, WROTE) \
	step(3, load, A, READ)
#define WRITES_TWICE_STEPS(step)    \
	step(1, load, A, READ)      \
	step(2, store, A, N, EARLY) \
	step(3, store, A, X, WROTE)
#define READ_BEFORE_STEPS(step) step(1, load, A)

LISTING(AFTER_LOCK)
LISTING(INSIDE)
LISTING(TOLD_LATE)
LISTING(BATCHED_LATE)
LISTING(CLEAN)
LISTING(DEVICE)
LISTING(THREAD)
LISTING(WRITES_TWICE)
LISTING(READ_BEFORE)

CLAIM(lost_write, saw(WROTE) == LANDED && holds(P1) != X)
CLAIM(not_on_disk, saw(WROTE) == LANDED && holds(Q0) != X)
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(freed_page_read, saw(READ) == S)
CLAIM(wrote_before, saw(WROTE) == LANDED && holds(Q0) == X)
CLAIM(wrote_after, saw(WROTE) == LANDED && holds(Q0) == O)
CLAIM(between, saw(WROTE) == BLOCKED)

#define SWAP_OUT                                                                        \
	.id = "A10",                                                                    \
	.source = "mmu notifier thread 2017: late is fine while the page is not freed", \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }
#define GOOD                                                                              \
	.forbid = { FORBID(lost_write), FORBID(stranger_hurt), FORBID(freed_page_read) }, \
	.allow = { ALLOW(wrote_before), ALLOW(wrote_after), ALLOW(between) }
#define NOT_MINE "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define ALONE    "nobody else takes it here; who wants the page back meanwhile: A09"
#define BY_DEVICE(out)                                                                     \
	.needs = NEED_WRITE_ANY | NEED_READ, .agents = { RUNS(C0, out), RUNS(E, DEVICE) }, \
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 3, NOT_MINE) }
#define TOLD_IN_TIME(out, told)                                                                    \
	BY_DEVICE(out), GOOD,                                                                      \
		.control = { WITHOUT(C0, told, freed_page_read), SWAPPED(C0, told, 6, lost_write), \
			     SWAPPED(C0, told, 7, stranger_hurt) }

SCENARIO(A10_device) = {
	SWAP_OUT,
	.name = "device",
	.claim =
		"IOMMU told before the page is written out and freed: no write of a device is lost",
	TOLD_IN_TIME(AFTER_LOCK, 5),
};

SCENARIO(A10_inside_device) = {
	SWAP_OUT,
	.name = "inside.device",
	.claim = "IOMMU told inside the lock: no write of a device is lost either",
	TOLD_IN_TIME(INSIDE, 4),
};

SCENARIO(A10_cpu) = {
	SWAP_OUT,
	.name = "cpu",
	.claim = "TLBs flushed before the page is written out and freed: no write of a CPU is lost",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, AFTER_LOCK), RUNS(C1, THREAD) },
	GOOD,
	.control = { WITHOUT(C0, 3, freed_page_read), SWAPPED(C0, 2, 3, stranger_hurt),
		     SWAPPED(C0, 3, 6, lost_write) },
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 5, NOT_MINE) },
};

SCENARIO(A10_device_late) = {
	SWAP_OUT,
	.name = "device_late",
	.claim =
		"IOMMU told after the page was freed: the device writes a page that is somebody else's",
	BY_DEVICE(TOLD_LATE),
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_IOTLB,
};

SCENARIO(A10_cpu_late) = {
	SWAP_OUT,
	.name = "cpu_late",
	.claim =
		"one flush for a batch, after the pages were freed: a CPU writes what is somebody else's",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, BATCHED_LATE), RUNS(C1, THREAD) },
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_TLB,
};

SCENARIO(A10_clean) = {
	.id = "A10",
	.name = "clean",
	.claim =
		"a clean page takes the flush before it is freed, a dirty one before it is written out",
	.source =
		"Linux, mm/rmap.c: a clear to dirty transition of a cached entry traps if the PTE is gone",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, CLEAN), RUNS(C1, WRITES_TWICE) },
	.warm = { RUNS(C1, READ_BEFORE) },
	.maps = { [A] = { P0, RW, LEAF_CLEAN } },
	.content = { [P0] = O, [Q0] = O },
	.forbid = { FORBID(not_on_disk), FORBID(stranger_hurt), FORBID(freed_page_read) },
	.allow = { ALLOW(wrote_before), ALLOW(between) },
	.control = { WITHOUT(C0, 2, not_on_disk), WITHOUT(C0, 4, freed_page_read),
		     SWAPPED(C0, 2, 3, not_on_disk), SWAPPED(C0, 4, 5, freed_page_read) },
};
