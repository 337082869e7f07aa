/*
 * The safe order of copy-on-write: clear the PTE, flush the CPUs, invalidate the IOMMU, set the new PTE.
 * Three windows for a device access in between; afterwards nobody is on the old page.
 */
#include "mm/protocol/fault.h"
#include "tests/scenario.h"

OBSERVE(WINDOW, WINDOW_MARK, CPU_MARK, LAST, LAST_MARK)

#define COW_STEPS(step)                  \
	wp_page_copy(step, 1, A, P0, P1) \
	step(6, load_mark, A, CPU_MARK)  \
	step(7, store, A, N)             \
	step(8, tell, E)
#define DEVICE_STEPS(step)                     \
	step(1, dma_read, A, WINDOW)           \
	step(2, dma_read_mark, A, WINDOW_MARK) \
	step(3, heed, C0)                      \
	step(4, dma_read, A, LAST)             \
	step(5, dma_read_mark, A, LAST_MARK)

/* The middle window by itself, for races too: the new PTE waits until the device has tried. */
enum { GAP, TRIED };
#define HELD_OPEN_STEPS(step)               \
	ptep_clear_flush_notify(step, 1, A) \
	step(4, word_set, GAP, 1)           \
	step(5, word_wait, TRIED, 1)        \
	step(6, pte_set, A, P1, RW)         \
	step(7, store, A, N)                \
	step(8, tell, E)
#define IN_THE_GAP_STEPS(step)       \
	step(1, dma_read, A)         \
	step(2, word_wait, GAP, 1)   \
	step(3, dma_read, A, WINDOW) \
	step(4, word_set, TRIED, 1)  \
	step(5, heed, C0)            \
	step(6, dma_read, A, LAST)

#define CPU_WARM_STEPS(step)    step(1, load_mark, A)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, A)

LISTING(COW)
LISTING(DEVICE)
LISTING(HELD_OPEN)
LISTING(IN_THE_GAP)
LISTING(CPU_WARM)
LISTING(DEVICE_WARM)

/* The walk may start before the clear and end after the invalidation: the entry must not survive. */
CLAIM(old_page_after_flush, after(E, 2, C0, 4) && saw(WINDOW_MARK) == MARK(P0))
CLAIM(two_pages, after(E, 2, C0, 5) && saw(WINDOW_MARK) == MARK(P0))
CLAIM(mapped_in_the_gap, after(E, 1, C0, 4) && after(C0, 5, E, 1) && saw(WINDOW) != BLOCKED)
CLAIM(fault_after_set, after(E, 1, C0, 5) && saw(WINDOW) == BLOCKED)
CLAIM(not_the_copy, after(E, 1, C0, 5) && after(C0, 7, E, 1) && saw(WINDOW) != O)
CLAIM(neither_page, after(C0, 2, E, 1) && saw(WINDOW) != O)
CLAIM(device_stale, saw(LAST) != N || saw(LAST_MARK) != MARK(P1))
CLAIM(cpu_stale, saw(CPU_MARK) != MARK(P1))
CLAIM(device_too_early, saw(LAST) == BLOCKED)
CLAIM(device_on_old_page, saw(LAST) == O && saw(LAST_MARK) == MARK(P0))
CLAIM(cpu_on_old_page, saw(CPU_MARK) == MARK(P0))

SCENARIO(A02_clear_notify_set) = {
	.id = "A02",
	.name = "clear_notify_set",
	.claim =
		"clear, flush, invalidate, set: no access uses the old page after the new PTE is set",
	.source = "mmu notifier thread 2017, second trace",
	.needs = NEED_READ,
	.agents = { RUNS(C0, COW), RUNS(E, DEVICE) },
	.warm = { RUNS(C0, CPU_WARM), RUNS(E, DEVICE_WARM) },
	.maps = { [A] = { P0, RO, LEAF_USED } },
	.content = { [P0] = O },
	.forbid = { FORBID(old_page_after_flush), FORBID(two_pages), FORBID(mapped_in_the_gap),
		    FORBID(fault_after_set), FORBID(not_the_copy), FORBID(neither_page),
		    FORBID(device_stale), FORBID(cpu_stale) },
	.control = { WITHOUT(C0, 2, device_on_old_page), WITHOUT(C0, 3, cpu_on_old_page),
		     WITHOUT(C0, 4, device_on_old_page), WITHOUT(E, 3, device_too_early),
		     SWAPPED(C0, 2, 4, device_on_old_page), SWAPPED(C0, 4, 5, two_pages) },
	.spare = { SPARE_SWAP(E, 2, 3, "a look into the window that comes later shows less") },
};

CLAIM(gap_is_open, saw(WINDOW) == BLOCKED)
CLAIM(gap_is_closed, saw(WINDOW) != BLOCKED)
CLAIM(old_in_the_gap, saw(WINDOW) == O)
CLAIM(not_new, saw(LAST) != N)

SCENARIO(A02_gap) = {
	.id = "A02",
	.name = "gap",
	.claim =
		"after the invalidation and before the new PTE a device finds nothing, and afterwards the new page",
	.source = "mmu notifier thread 2017, second trace",
	.needs = NEED_READ,
	.agents = { RUNS(C0, HELD_OPEN), RUNS(E, IN_THE_GAP) },
	.maps = { [A] = { P0, RO, LEAF_USED } },
	.content = { [P0] = O, [P1] = O },
	.forbid = { FORBID(gap_is_closed), FORBID(not_new) },
	.allow = { ALLOW(gap_is_open) },
	.control = { WITHOUT(C0, 1, old_in_the_gap), WITHOUT(C0, 3, old_in_the_gap),
		     WITHOUT(C0, 5, gap_is_closed), WITHOUT(E, 2, old_in_the_gap),
		     WITHOUT(E, 5, not_new), SWAPPED(C0, 1, 3, old_in_the_gap) },
	.spare = { SPARE(C0, 2, "a device does not see the TLBs of CPUs: clear_notify_set does") },
};
