/* Which walker sets A and D in an entry that it uses for the first time? */
#include "tests/scenario.h"

OBSERVE(ACCESSED, DIRTY)

#define CPU_STEPS(step)                    \
	step(1, store, A, N)               \
	step(2, pte_accessed, A, ACCESSED) \
	step(3, pte_dirty, A, DIRTY)
#define DEVICE_STEPS(step)       \
	step(1, dma_write, A, X) \
	step(2, tell, C0)
#define LOOK_STEPS(step)                   \
	step(1, heed, E)                   \
	step(2, pte_accessed, A, ACCESSED) \
	step(3, pte_dirty, A, DIRTY)

LISTING(CPU)
LISTING(DEVICE)
LISTING(LOOK)

CLAIM(unmarked, saw(ACCESSED) != YES || saw(DIRTY) != YES)
CLAIM(marked, saw(ACCESSED) == YES && saw(DIRTY) == YES)

#define FRESH                                                                           \
	.id = "C00", .maps = { [A] = { P0, RW, LEAF_FRESH } }, .content = { [P0] = O }, \
	.forbid = { FORBID(unmarked) }

SCENARIO(C00_cpu_marks) = {
	FRESH,
	.name = "cpu_marks",
	.claim = "a store through an entry with A=D=0 sets both",
	.source = "SDM 3A 4.8",
	.agents = { RUNS(C0, CPU) },
	.fact = { SHOWS(marked), FACT_CPU_MARKS, EITHER },
};

SCENARIO(C00_iommu_marks) = {
	FRESH,
	.name = "iommu_marks",
	.claim = "a device's write through a first-stage entry with A=D=0 sets both",
	.source = "VT-d 3.6.2",
	.needs = NEED_WRITE | NEED_MARKS,
	.agents = { RUNS(C0, LOOK), RUNS(E, DEVICE) },
	.fact = { SHOWS(marked), FACT_IOMMU_MARKS, EITHER },
};
