/*
 * KSM replaces a page by a shared one with the same words. The IOMMU may be told late, after the new PTE is set and all locks are
 * dropped: a device that still reads the old page reads the same. Two conditions: it is told before the old page is free, and
 * neither page can be written, by anybody's cached right either (A07).
 */
#include "mm/protocol/ksm.h"
#include "tests/scenario.h"

OBSERVE(EARLY, WHICH, LAST, CPU_EARLY, CPU_LAST)

enum { PTL };

#define LATE_STEPS(step)                              \
	step(1, lock, PTL)                            \
	replace_page(step, 2, A, K)                   \
	step(5, unlock, PTL)                          \
	step(6, tell, E)                              \
	mmu_notifier_invalidate_range_end(step, 7, A) \
	step(8, reuse, P0)
#define INSIDE_STEPS(step)                  \
	step(1, lock, PTL)                  \
	ptep_clear_flush_notify(step, 2, A) \
	step(5, pte_set, A, K, RO)          \
	step(6, unlock, PTL)                \
	step(7, tell, E)                    \
	step(8, reuse, P0)
#define THREAD_STEPS(step)          \
	step(1, load, A, CPU_EARLY) \
	step(2, load, A, CPU_LAST)
#define DEVICE_STEPS(step)               \
	step(1, dma_read, A, EARLY)      \
	step(2, heed, C0)                \
	step(3, dma_read_mark, A, WHICH) \
	step(4, dma_read, A, LAST)
#define THREAD_WARM_STEPS(step) step(1, load, A)

LISTING(LATE)
LISTING(INSIDE)
LISTING(THREAD)
LISTING(DEVICE)
LISTING(THREAD_WARM)

/* Between clear and set there is nothing to read. */
CLAIM(other_words, saw(EARLY) != O && saw(EARLY) != BLOCKED)
CLAIM(other_words_at_the_end, saw(LAST) != O)
CLAIM(cpu_reads_other_words, (saw(CPU_EARLY) != O && saw(CPU_EARLY) != BLOCKED) ||
				     (saw(CPU_LAST) != O && saw(CPU_LAST) != BLOCKED))
CLAIM(freed_page_read, saw(LAST) == S)
CLAIM(cpu_reads_freed_page, saw(CPU_LAST) == S)
CLAIM(refused, saw(LAST) == BLOCKED)
CLAIM(old_page_still, saw(WHICH) == MARK(P0) && saw(LAST) == O)
CLAIM(shared_page, saw(WHICH) == MARK(K) && saw(LAST) == O)

#define REPLACE(replace)                                                                \
	.id = "A06", .source = "mmu notifier thread 2017, scenario 4; Linux, mm/ksm.c", \
	.needs = NEED_READ | NEED_CPU2,                                                 \
	.agents = { RUNS(C0, replace), RUNS(C1, THREAD), RUNS(E, DEVICE) },             \
	.warm = { RUNS(C1, THREAD_WARM) }, .maps = { [A] = { P0, RO, LEAF_USED } },     \
	.content = { [P0] = O, [K] = O }

#define EARLY_ENOUGH \
	"as long as the old page is not free it does not matter when: that is the claim"
#define ALONE "nobody else takes it here"
#define LATER "what is looked at later shows less"

SCENARIO(A06_late) = {
	REPLACE(LATE),
	.name = "late",
	.claim =
		"IOMMU told after the shared page is mapped, before the old one is free: no device "
		"can tell",
	.forbid = { FORBID(other_words), FORBID(other_words_at_the_end),
		    FORBID(cpu_reads_other_words) },
	.allow = { ALLOW(old_page_still), ALLOW(shared_page) },
	.control = { WITHOUT(C0, 2, cpu_reads_freed_page), WITHOUT(C0, 3, cpu_reads_freed_page),
		     WITHOUT(C0, 7, freed_page_read), WITHOUT(E, 2, refused),
		     SWAPPED(C0, 2, 3, cpu_reads_freed_page), SWAPPED(C0, 7, 8, freed_page_read) },
	.spare = { SPARE(C0, 1, ALONE), SPARE_SWAP(C0, 6, 7, EARLY_ENOUGH),
		   SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(A06_inside) = {
	REPLACE(INSIDE),
	.name = "inside_lock",
	.claim = "IOMMU told before the shared page is mapped: no device is on the old page then",
	.forbid = { FORBID(other_words), FORBID(other_words_at_the_end),
		    FORBID(cpu_reads_other_words), FORBID(old_page_still) },
	.allow = { ALLOW(shared_page) },
	.control = { WITHOUT(C0, 2, cpu_reads_freed_page), WITHOUT(C0, 3, cpu_reads_freed_page),
		     WITHOUT(C0, 4, freed_page_read), WITHOUT(E, 2, refused),
		     SWAPPED(C0, 2, 3, cpu_reads_freed_page) },
	.spare = { SPARE(C0, 1, ALONE), SPARE_SWAP(C0, 4, 5, EARLY_ENOUGH),
		   SPARE_SWAP(E, 1, 2, LATER) },
};
