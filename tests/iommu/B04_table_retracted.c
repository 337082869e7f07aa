/*
 * A table of small pages is taken out (khugepaged collapses a range, or retracts a page table of a file) and freed, and the IOMMU,
 * which walks the same tables, is not told: mended by Linux f268f6cf875f for pages of files and of shared memory. The pages
 * themselves stay, so that what it has cached of one does no harm; the table does not stay.
 */
#include "tests/scenario.h"

OBSERVE(CPU_READ_A, CPU_READ_B, READ_A, READ_B, TOUCHED)

/* The stranger's words look like entries for Q1. */
#define UNTOLD_STEPS(step)           \
	step(1, pde_clear, A)        \
	step(2, cpu_flush, A)        \
	step(3, cpu_flush, B)        \
	step(4, table_reuse, T0)     \
	step(5, load, A, CPU_READ_A) \
	step(6, load, B, CPU_READ_B) \
	step(7, tell, E)             \
	step(8, heed, E)             \
	step(9, table_touched, T0, TOUCHED)
#define TOLD_STEPS(step)             \
	step(1, pde_clear, A)        \
	step(2, cpu_flush, A)        \
	step(3, cpu_flush, B)        \
	step(4, iommu_flush, A)      \
	step(5, iommu_flush, B)      \
	step(6, table_reuse, T0)     \
	step(7, load, A, CPU_READ_A) \
	step(8, load, B, CPU_READ_B) \
	step(9, tell, E)             \
	step(10, heed, E)            \
	step(11, table_touched, T0, TOUCHED)
/* With the hint that leaves alone have changed (IH). */
#define LEAVES_STEPS(step)           \
	step(1, pde_clear, A)        \
	step(2, cpu_flush, A)        \
	step(3, cpu_flush, B)        \
	step(4, iommu_queue_leaf, A) \
	step(5, iommu_queue_leaf, B) \
	step(6, iommu_wait)          \
	step(7, table_reuse, T0)     \
	step(8, load, A, CPU_READ_A) \
	step(9, load, B, CPU_READ_B) \
	step(10, tell, E)            \
	step(11, heed, E)            \
	step(12, table_touched, T0, TOUCHED)
#define DEVICE_STEPS(step)           \
	step(1, heed, C0)            \
	step(2, dma_read, A, READ_A) \
	step(3, dma_read, B, READ_B) \
	step(4, tell, C0)
#define CPU_WARM_STEPS(step) \
	step(1, load, A)     \
	step(2, load, B)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, A)

LISTING(UNTOLD)
LISTING(TOLD)
LISTING(LEAVES)
LISTING(DEVICE)
LISTING(CPU_WARM)
LISTING(DEVICE_WARM)

CLAIM(cpu_reads, saw(CPU_READ_A) != BLOCKED || saw(CPU_READ_B) != BLOCKED)
CLAIM(old_page, saw(READ_A) == O)
CLAIM(device_reads, saw(READ_A) != BLOCKED || saw(READ_B) != BLOCKED)
CLAIM(strangers_page, saw(READ_A) == S || saw(READ_B) == S)
CLAIM(touched, saw(TOUCHED) == YES)

#define RETRACTED(collapse)                                                                 \
	.id = "B04",                                                                        \
	.source = "Linux f268f6cf875f: mmu notifiers for collapse of shmem and file pages", \
	.needs = NEED_READ, .agents = { RUNS(C0, collapse), RUNS(E, DEVICE) },              \
	.warm = { RUNS(C0, CPU_WARM), RUNS(E, DEVICE_WARM) }, .tables = true,               \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },               \
	.content = { [P0] = O, [P1] = N, [Q1] = S }

#define ABOVE "what is stale is the level above"

SCENARIO(B04_untold) = {
	RETRACTED(UNTOLD),
	.name = "untold",
	.claim =
		"the IOMMU still reads the page it has cached, and may go through the freed table to others",
	.forbid = { FORBID(cpu_reads) },
	.allow = { ALLOW(strangers_page), ALLOW(touched) },
	.shows = SHOWS(old_page),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 1, cpu_reads), WITHOUT(C0, 2, cpu_reads),
		     WITHOUT(C0, 3, cpu_reads) },
	.spare = { SPARE(E, 1, "who reads too early reads the old page as well") },
};

SCENARIO(B04_leaves) = {
	RETRACTED(LEAVES),
	.name = "leaves",
	.claim =
		"the IOMMU told that leaves changed: it may go through the freed table by what it remembers",
	.forbid = { FORBID(cpu_reads) },
	.allow = { ALLOW(old_page), ALLOW(touched) },
	.shows = SHOWS(strangers_page),
	.shown_by = CACHE_IOMMU_UPPER,
	.control = { WITHOUT(C0, 1, cpu_reads), WITHOUT(C0, 2, cpu_reads),
		     WITHOUT(C0, 3, cpu_reads) },
	.spare = { SPARE(C0, 4, ABOVE), SPARE(C0, 5, ABOVE), SPARE(C0, 6, ABOVE),
		   SPARE(E, 1, "who reads too early reads the old page, and then the stranger's") },
};

SCENARIO(B04_told) = {
	RETRACTED(TOLD),
	.name = "told",
	.claim =
		"the IOMMU told before the table is freed, every level of it: nobody reads anything",
	.forbid = { FORBID(cpu_reads), FORBID(device_reads), FORBID(strangers_page),
		    FORBID(touched) },
	.control = { WITHOUT(C0, 1, cpu_reads), WITHOUT(C0, 2, cpu_reads),
		     WITHOUT(C0, 3, cpu_reads), WITHOUT(C0, 4, device_reads),
		     WITHOUT(E, 1, device_reads) },
	.spare = { SPARE(C0, 10, "what is looked for too early is not found") },
};
