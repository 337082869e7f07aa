/*
 * What becomes present is there for the next access, and nobody need be told: absence is not cached, but where CAP.CM says so. An entry of
 * each level.
 */
#include "tests/scenario.h"

OBSERVE(BEFORE, AFTER)

#define APPEARS(step, ...)   \
	step(1, heed, E)     \
	step(2, __VA_ARGS__) \
	step(3, tell, E)
#define LEAF_STEPS(step)    APPEARS(step, pte_set, A, P0, RW)
#define TABLE_STEPS(step)   APPEARS(step, pde_set, A, T0)
#define PASID_STEPS(step)   APPEARS(step, entry_set)
#define CONTEXT_STEPS(step) APPEARS(step, context_set)
/* Absent, and nothing of it is cached. */
#define NO_TABLE_STEPS(step)  \
	step(1, pde_clear, A) \
	step(2, cpu_flush, A) \
	step(3, iommu_flush, A)
#define FORGOTTEN(step)                    \
	step(2, context_queue)             \
	step(3, iommu_wait)                \
	step(4, pasid_queue)               \
	step(5, iommu_wait)                \
	step(6, iommu_select, A, OF_PASID) \
	step(7, iommu_wait)
#define NO_PASID_STEPS(step) \
	step(1, entry_clear) \
	FORGOTTEN(step)
#define NO_CONTEXT_STEPS(step) \
	step(1, context_clear) \
	FORGOTTEN(step)
#define DEVICE_STEPS(step)               \
	step(1, dma_write, A, X, BEFORE) \
	step(2, tell, C0)                \
	step(3, heed, C0)                \
	step(4, dma_write, A, X, AFTER)

LISTING(LEAF)
LISTING(TABLE)
LISTING(PASID)
LISTING(CONTEXT)
LISTING(NO_TABLE)
LISTING(NO_PASID)
LISTING(NO_CONTEXT)
LISTING(DEVICE)

CLAIM(there_early, saw(BEFORE) == LANDED)
CLAIM(absence_kept, saw(AFTER) == BLOCKED)

#define PRESENT(becomes)                                                           \
	.id = "C19", .source = "VT-d 6.1: CAP.CM; 6.5.3.3, 6.5.3.5",               \
	.agents = { RUNS(C0, becomes), RUNS(E, DEVICE) }, .content = { [P0] = O }, \
	.forbid = { FORBID(there_early), FORBID(absence_kept) },                   \
	.control = { WITHOUT(C0, 1, there_early), WITHOUT(E, 3, absence_kept) }
#define MAPPED .maps = { [A] = { P0, RW, LEAF_USED } }
#define OF_ENTRY \
	MAPPED, .entry = true, .needs = NEED_WRITE | NEED_NO_RINGS | NEED_ENTRY | NEED_NO_CM

SCENARIO(C19_leaf) = {
	PRESENT(LEAF),
	.name = "leaf",
	.claim = "a leaf becomes present: the next DMA is not refused",
	.needs = NEED_WRITE,
};

SCENARIO(C19_table) = {
	PRESENT(TABLE),
	MAPPED,
	.name = "table",
	.claim = "an entry for a table becomes present: the next DMA is not refused",
	.needs = NEED_WRITE,
	.tables = true,
	.warm = { RUNS(C0, NO_TABLE) },
};

SCENARIO(C19_pasid) = {
	PRESENT(PASID),
	OF_ENTRY,
	.name = "pasid",
	.claim = "a PASID entry becomes present: the next DMA is not refused",
	.warm = { RUNS(C0, NO_PASID) },
};

SCENARIO(C19_context) = {
	PRESENT(CONTEXT),
	OF_ENTRY,
	.name = "context",
	.claim = "a context entry becomes present: the next DMA is not refused",
	.warm = { RUNS(C0, NO_CONTEXT) },
};
