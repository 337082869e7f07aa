/*
 * Copy-on-write that flushes the CPUs and does not tell the IOMMU: ptep_clear_flush where it takes
 * ptep_clear_flush_notify. A device that used the old page before goes on with it, for ever.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(FIRST, LAST, CPU_MARK, WROTE)

#define COW_STEPS(step)              \
	step(1, copy, P0, P1)        \
	ptep_clear_flush(step, 2, A) \
	step(4, pte_set, A, P1, RW)  \
	step(5, tell, C1)
#define LOCKED_STEPS(step)           \
	step(1, lock, 0)             \
	step(2, copy, P0, P1)        \
	ptep_clear_flush(step, 3, A) \
	step(5, pte_set, A, P1, RW)  \
	step(6, unlock, 0)           \
	step(7, tell, C1)
/* For a device that only writes: the old page belongs to somebody else by now. */
#define FREED_STEPS(step)            \
	step(1, copy, P0, P1)        \
	ptep_clear_flush(step, 2, A) \
	step(4, pte_set, A, P1, RW)  \
	step(5, reuse, P0)           \
	step(6, tell, C1)
#define THREAD_STEPS(step)              \
	step(1, load, A)                \
	step(2, heed, C0)               \
	step(3, load_mark, A, CPU_MARK) \
	step(4, store, A, N, WROTE)     \
	step(5, tell, E)
#define READER_STEPS(step)          \
	step(1, dma_read, A, FIRST) \
	step(2, heed, C1)           \
	step(3, dma_read, A, LAST)
#define WRITER_STEPS(step)              \
	step(1, dma_write, A, X, FIRST) \
	step(2, heed, C1)               \
	step(3, dma_write, A, X, LAST)

LISTING(COW)
LISTING(LOCKED)
LISTING(FREED)
LISTING(THREAD)
LISTING(READER)
LISTING(WRITER)

CLAIM(cpu_stale, saw(CPU_MARK) != MARK(P1) || saw(WROTE) != LANDED)
CLAIM(cpu_on_old_page, saw(CPU_MARK) == MARK(P0))
CLAIM(cpu_too_early, saw(CPU_MARK) == BLOCKED)
CLAIM(reads_neither_page, saw(LAST) != O && saw(LAST) != N)
CLAIM(write_refused, saw(LAST) != LANDED)
CLAIM(device_too_early, saw(LAST) == BLOCKED)
CLAIM(device_reads_old_page, saw(LAST) == O && holds(P1) == N)
CLAIM(device_writes_old_page, holds(P0) == X && saw(CPU_MARK) == MARK(P1))

#define PRIMARY_ONLY(cow_, device_, rights_)                                   \
	.id = "A01", .source = "mmu notifier thread 2017, first trace",        \
	.agents = { RUNS(C0, cow_), RUNS(C1, THREAD), RUNS(E, device_) },      \
	.maps = { [A] = { P0, rights_, LEAF_USED } }, .content = { [P0] = O }, \
	.shown_by = CACHE_IOTLB
#define LOADS_ITSELF "an IOTLB may load the old PTE without this access: it only makes sure"

SCENARIO(A01_read) = {
	PRIMARY_ONLY(COW, READER, RO),
	.name = "read",
	.claim = "CPU TLBs flushed, IOMMU not told: the device goes on reading the old page",
	.needs = NEED_READ | NEED_CPU2,
	.forbid = { FORBID(cpu_stale), FORBID(reads_neither_page) },
	.shows = SHOWS(device_reads_old_page),
	.control = { WITHOUT(C0, 2, cpu_on_old_page), WITHOUT(C0, 3, cpu_on_old_page),
		     WITHOUT(C1, 2, cpu_too_early), WITHOUT(E, 2, device_too_early) },
	.spare = { SPARE_SWAP(E, 1, 2, LOADS_ITSELF) },
};

SCENARIO(A01_pagelock) = {
	PRIMARY_ONLY(LOCKED, READER, RO),
	.name = "pagelock",
	.claim = "the page lock held throughout changes nothing: the walker takes no locks",
	.needs = NEED_READ | NEED_CPU2,
	.forbid = { FORBID(cpu_stale), FORBID(reads_neither_page) },
	.shows = SHOWS(device_reads_old_page),
	.control = { WITHOUT(C0, 3, cpu_on_old_page), WITHOUT(C0, 4, cpu_on_old_page),
		     WITHOUT(C1, 2, cpu_too_early), WITHOUT(E, 2, device_too_early) },
	.spare = { SPARE(C0, 1, "nobody else takes it: that it changes nothing is the claim"),
		   SPARE_SWAP(E, 1, 2, LOADS_ITSELF) },
};

SCENARIO(A01_write) = {
	PRIMARY_ONLY(FREED, WRITER, RW),
	.name = "write",
	.claim = "CPU TLBs flushed, IOMMU not told: the device writes a page that is somebody "
		 "else's",
	.needs = NEED_WRITE | NEED_CPU2,
	.forbid = { FORBID(cpu_stale), FORBID(write_refused) },
	.shows = SHOWS(device_writes_old_page),
	.control = { WITHOUT(C0, 2, cpu_on_old_page), WITHOUT(C0, 3, cpu_on_old_page),
		     WITHOUT(C1, 2, cpu_too_early), WITHOUT(E, 2, device_too_early) },
	.spare = { SPARE_SWAP(E, 1, 2, LOADS_ITSELF) },
};
