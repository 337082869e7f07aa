/*
 * Copy-on-write that flushes the CPUs and does not tell the IOMMU: ptep_clear_flush where it takes
 * ptep_clear_flush_notify. The device goes on with the page it knew, for ever.
 */
#include "tests/scenario.h"

OBSERVE(DEVICE, CPU, CPU_MARK)

#define COW_STEPS(step)                 \
	step(1, copy, P0, P1)           \
	step(2, pte_clear, A)           \
	step(3, cpu_flush, A)           \
	step(4, pte_set, A, P1, RW)     \
	step(5, load_mark, A, CPU_MARK) \
	step(6, store, A, N)            \
	step(7, load, A, CPU)           \
	step(8, tell, E)

/* The page lock changes nothing: a walker takes no locks. */
#define LOCKED_STEPS(step)              \
	step(1, lock, 0)                \
	step(2, copy, P0, P1)           \
	step(3, pte_clear, A)           \
	step(4, cpu_flush, A)           \
	step(5, pte_set, A, P1, RW)     \
	step(6, unlock, 0)              \
	step(7, load_mark, A, CPU_MARK) \
	step(8, store, A, N)            \
	step(9, load, A, CPU)           \
	step(10, tell, E)

/* For a device that only writes: the old page belongs to somebody else by now. */
#define FREED_STEPS(step)               \
	step(1, copy, P0, P1)           \
	step(2, pte_clear, A)           \
	step(3, cpu_flush, A)           \
	step(4, pte_set, A, P1, RW)     \
	step(5, load_mark, A, CPU_MARK) \
	step(6, store, A, N)            \
	step(7, load, A, CPU)           \
	step(8, reuse, P0)              \
	step(9, tell, E)

#define CPU_WARM_STEPS(step)    step(1, load_mark, A)
#define READER_WARM_STEPS(step) step(1, dma_read, A)
#define READER_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, DEVICE)
#define WRITER_WARM_STEPS(step) step(1, dma_write, A, X)
#define WRITER_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_write, A, X, DEVICE)

LISTING(COW)
LISTING(LOCKED)
LISTING(FREED)
LISTING(CPU_WARM)
LISTING(READER_WARM)
LISTING(READER)
LISTING(WRITER_WARM)
LISTING(WRITER)
CLAIM(cpu_stale, saw(CPU) != N || saw(CPU_MARK) != MARK(P1))
CLAIM(cpu_on_old_page, saw(CPU_MARK) == MARK(P0))
CLAIM(device_reads_old_page, saw(DEVICE) == O && saw(CPU) == N && holds(P1) == N)
CLAIM(device_writes_old_page, holds(P0) == X && saw(CPU) == N && holds(P1) == N)

SCENARIO(A01_read) = {
	.id = "A01",
	.name = "read",
	.claim = "CPU TLBs flushed, IOMMU not told: the device goes on reading the old page",
	.source = "mmu notifier thread 2017, first trace",
	.needs = NEED_READ,
	.agents = { RUNS(C0, COW), RUNS(E, READER) },
	.warm = { RUNS(C0, CPU_WARM), RUNS(E, READER_WARM) },
	.maps = { [A] = { P0, RO } },
	.content = { [P0] = O },
	.forbid = { FORBID(cpu_stale) },
	.shows = SHOWS(device_reads_old_page),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 3, cpu_on_old_page) },
	.orders = { { NULL, "00000000 ee" } },
};

SCENARIO(A01_pagelock) = {
	.id = "A01",
	.name = "pagelock",
	.claim = "the page lock held throughout changes nothing: the walker takes no locks",
	.source = "mmu notifier thread 2017, first trace",
	.needs = NEED_READ,
	.agents = { RUNS(C0, LOCKED), RUNS(E, READER) },
	.warm = { RUNS(C0, CPU_WARM), RUNS(E, READER_WARM) },
	.maps = { [A] = { P0, RO } },
	.content = { [P0] = O },
	.forbid = { FORBID(cpu_stale) },
	.shows = SHOWS(device_reads_old_page),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 4, cpu_on_old_page) },
	.orders = { { NULL, "0000000000 ee" } },
};

SCENARIO(A01_write) = {
	.id = "A01",
	.name = "write",
	.claim = "CPU TLBs flushed, IOMMU not told: the device writes a page that is somebody "
		 "else's",
	.source = "mmu notifier thread 2017, first trace",
	.needs = NEED_WRITE,
	.agents = { RUNS(C0, FREED), RUNS(E, WRITER) },
	.warm = { RUNS(C0, CPU_WARM), RUNS(E, WRITER_WARM) },
	.maps = { [A] = { P0, RW } },
	.content = { [P0] = O },
	.forbid = { FORBID(cpu_stale) },
	.shows = SHOWS(device_writes_old_page),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 3, cpu_on_old_page) },
	.orders = { { NULL, "000000000 ee" } },
};
