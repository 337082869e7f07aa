/*
 * The safe order of copy-on-write: clear the PTE, flush the CPUs, invalidate the IOMMU, set the new PTE.
 * Three windows for a device access in between; afterwards nobody is on the old page.
 */
#include "tests/scenario.h"

OBSERVE(WINDOW, WINDOW_MARK, CPU_MARK, LAST, LAST_MARK)

#define COW_STEPS(step)                 \
	step(1, copy, P0, P1)           \
	step(2, pte_clear, A)           \
	step(3, cpu_flush, A)           \
	step(4, iommu_flush, A)         \
	step(5, pte_set, A, P1, RW)     \
	step(6, load_mark, A, CPU_MARK) \
	step(7, store, A, N)            \
	step(8, tell, E)

#define DEVICE_STEPS(step)                     \
	step(1, dma_read, A, WINDOW)           \
	step(2, dma_read_mark, A, WINDOW_MARK) \
	step(3, heed, C0)                      \
	step(4, dma_read, A, LAST)             \
	step(5, dma_read_mark, A, LAST_MARK)

#define CPU_WARM_STEPS(step)    step(1, load_mark, A)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, A)

LISTING(COW)
LISTING(DEVICE)
LISTING(CPU_WARM)
LISTING(DEVICE_WARM)

/* The walk may start before the clear and end after the invalidation: the entry must not survive. */
CLAIM(old_page_after_flush, after(E, 2, C0, 4) && saw(WINDOW_MARK) == MARK(P0))
CLAIM(mapped_in_the_gap, after(E, 1, C0, 4) && !after(E, 2, C0, 5) && saw(WINDOW) != BLOCKED)
CLAIM(fault_after_set, after(E, 1, C0, 5) && saw(WINDOW) == BLOCKED)
CLAIM(not_the_copy, after(E, 1, C0, 5) && !after(E, 1, C0, 7) && saw(WINDOW) != O)
CLAIM(neither_page, !after(E, 2, C0, 2) && saw(WINDOW) != O)
CLAIM(device_stale, saw(LAST) != N || saw(LAST_MARK) != MARK(P1))
CLAIM(cpu_stale, saw(CPU_MARK) != MARK(P1))
CLAIM(device_on_old_page, saw(LAST) == O && saw(LAST_MARK) == MARK(P0))
CLAIM(cpu_on_old_page, saw(CPU_MARK) == MARK(P0))

SCENARIO(A02_clear_notify_set) = {
	.id = "A02",
	.name = "clear_notify_set",
	.claim = "clear, flush, invalidate, set: no access uses the old page after the new PTE is set",
	.source = "mmu notifier thread 2017, second trace",
	.needs = NEED_READ,
	.agents = { RUNS(C0, COW), RUNS(E, DEVICE) },
	.warm = { RUNS(C0, CPU_WARM), RUNS(E, DEVICE_WARM) },
	.maps = { [A] = { P0, RO } },
	.content = { [P0] = O },
	.forbid = { FORBID(old_page_after_flush), FORBID(mapped_in_the_gap), FORBID(fault_after_set),
		    FORBID(not_the_copy), FORBID(neither_page), FORBID(device_stale), FORBID(cpu_stale) },
	.control = { WITHOUT(C0, 4, device_on_old_page), WITHOUT(C0, 3, cpu_on_old_page) },
	.orders = {
		{ "window_before_flush", "0 ee 0 00000 0 eee" },
		{ "window_cleared_cached", "00 ee 0 00000 eee" },
		{ "window_between_flush_and_set", "0000 ee 0000 eee" },
		{ "window_after_set", "000000 ee 00 eee" },
	},
};
