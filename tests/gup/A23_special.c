/*
 * Pages that GUP-fast can never return, because software has marked their entries: a lockless walker leaves them alone, and whoever
 * unmaps may free at once when the TLBs are flushed. Nobody waits for the walker.
 */
#include "mm/protocol/gup.h"
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(ENTRY, GOT, LATE)

/* clang-format off */
#define GUP_STEPS(step)                              \
	gup_fast_no_recheck(step, 1, A, ENTRY, GOT)  \
	step##_if(5, GOT, YES, store_seen, ENTRY, Y)
#define GUP_AND_LOAD_STEPS(step)                    \
	gup_fast_no_recheck(step, 1, A, ENTRY, GOT)  \
	step##_if(5, GOT, YES, store_seen, ENTRY, Y) \
	step(6, load, A, LATE)
/* clang-format on */
#define UNMAP_STEPS(step)     \
	step(1, pte_clear, A) \
	step(2, broadcast, A) \
	step(3, reuse, P0)
#define UNMAP_NOTIFY_STEPS(step)                  \
	step(1, pte_clear, A)                     \
	step(2, broadcast, A)                     \
	mmu_notifier_invalidate_range(step, 3, A) \
	step(4, reuse, P0)
#define DEVICE_STEPS(step)      step(1, dma_write, A, X, LATE)
#define CPU_WARM_STEPS(step)    step(1, load, A)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(GUP)
LISTING(GUP_AND_LOAD)
LISTING(UNMAP)
LISTING(UNMAP_NOTIFY)
LISTING(DEVICE)
LISTING(CPU_WARM)
LISTING(DEVICE_WARM)

CLAIM(returned, saw(GOT) == YES)
CLAIM(freed_page_written, holds(P0) != S)
CLAIM(written_by_its_walker, saw(GOT) == YES && holds(P0) == Y)
CLAIM(read_by_a_stale_entry, saw(LATE) == S)
CLAIM(written_by_a_stale_entry, saw(LATE) == LANDED && holds(P0) == X)
CLAIM(walker_missed, saw(GOT) == YES && holds(P0) == O)
CLAIM(looked_in_time, saw(ENTRY) == SPECIAL)
CLAIM(looked_too_late, saw(ENTRY) == EMPTY)

#define REFUSED "nobody can get the page, in whatever order: that is the scenario"
#define SPECIAL_PAGE(rights_)                                                             \
	.id = "A23",                                                                      \
	.source = "P2PDMA thread 2021: no serialisation where GUP-fast never returns it", \
	.maps = { [A] = { P0, rights_, LEAF_USED } }, .content = { [P0] = O },            \
	.refs = { [P0] = 1 }

SCENARIO(A23_special) = {
	SPECIAL_PAGE(RW_SPECIAL),
	.name = "special",
	.claim = "a marked page is freed right after the flush, and no lockless walker has it",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, UNMAP), RUNS(C1, GUP_AND_LOAD) },
	.warm = { RUNS(C1, CPU_WARM) },
	.forbid = { FORBID(returned), FORBID(read_by_a_stale_entry) },
	.allow = { ALLOW(looked_in_time), ALLOW(looked_too_late) },
	.control = { WITHOUT(C0, 1, read_by_a_stale_entry), WITHOUT(C0, 2, read_by_a_stale_entry),
		     SWAPPED(C0, 2, 3, read_by_a_stale_entry) },
	.spare = { SPARE(C1, 1, REFUSED), SPARE(C1, 3, REFUSED) },
};

SCENARIO(A23_unmarked) = {
	SPECIAL_PAGE(RW),
	.name = "unmarked",
	.claim = "the mark is missing: a lockless walker writes to a page that was freed at once",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, UNMAP), RUNS(C1, GUP) },
	.forbid = { FORBID(walker_missed) },
	.shows = SHOWS(written_by_its_walker),
	.spare = { SPARE(C0, 1, "a page that is mapped still is freed all the same"),
		   SPARE(C0, 2, "the walker reads the PTE itself: nothing is cached"),
		   SPARE(C1, 1, "a broadcast does not wait for a CPU with interrupts off") },
};

SCENARIO(A23_special_device) = {
	SPECIAL_PAGE(RW_SPECIAL),
	.name = "special.device",
	.claim =
		"a marked page is freed right after CPUs and IOMMU are flushed: no device has it either",
	.needs = NEED_CPU2 | NEED_WRITE,
	.agents = { RUNS(C0, UNMAP_NOTIFY), RUNS(C1, GUP), RUNS(E, DEVICE) },
	.warm = { RUNS(E, DEVICE_WARM) },
	.forbid = { FORBID(returned), FORBID(freed_page_written) },
	.allow = { ALLOW(looked_in_time), ALLOW(looked_too_late) },
	.control = { WITHOUT(C0, 1, written_by_a_stale_entry),
		     WITHOUT(C0, 3, written_by_a_stale_entry),
		     SWAPPED(C0, 3, 4, written_by_a_stale_entry) },
	.spare = { SPARE(C0, 2, "nobody has it in a TLB here"), SPARE(C1, 1, REFUSED),
		   SPARE(C1, 3, REFUSED) },
};
