/*
 * What becomes present is there for the next access, and nobody need be told: absence is not cached, but where CAP.CM says so. An entry of
 * each level. Where it says so caches are told, in the order of a walk; of leaves see C19_absence.c.
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
/* In caching mode. */
#define TABLE_TOLD_STEPS(step)  \
	step(1, heed, E)        \
	step(2, pde_set, A, T0) \
	step(3, iommu_flush, A) \
	step(4, tell, E)
#define TOLD(step, set, queue)             \
	step(1, heed, E)                   \
	step(2, set)                       \
	step(3, queue)                     \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, tell, E)
#define PASID_TOLD_STEPS(step)   TOLD(step, entry_set, pasid_queue)
#define CONTEXT_TOLD_STEPS(step) TOLD(step, context_set, context_queue)
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
LISTING(TABLE_TOLD)
LISTING(PASID_TOLD)
LISTING(CONTEXT_TOLD)
LISTING(NO_TABLE)
LISTING(NO_PASID)
LISTING(NO_CONTEXT)
LISTING(DEVICE)

CLAIM(there_early, saw(BEFORE) == LANDED)
CLAIM(absence_kept, saw(AFTER) != LANDED)

#define PRESENT(becomes, ...)                                                      \
	.id = "C19", .source = "VT-d 6.1: CAP.CM; 6.5.3.3, 6.5.3.5",               \
	.agents = { RUNS(C0, becomes), RUNS(E, DEVICE) }, .content = { [P0] = O }, \
	.forbid = { FORBID(there_early), FORBID(absence_kept) },                   \
	.control = { WITHOUT(C0, 1, there_early), WITHOUT(E, 3, absence_kept), __VA_ARGS__ }
#define ENTRY_TOLD(becomes, ...)                                                        \
	.absence = true,                                                                \
	PRESENT(becomes, SWAPPED(C0, 2, 3, absence_kept), WITHOUT(C0, 4, absence_kept), \
		WITHOUT(C0, 5, absence_kept), SWAPPED(C0, 3, 4, absence_kept), __VA_ARGS__)
#define MAPPED .maps = { [A] = { P0, RW, LEAF_USED } }
#define OF_ENTRY(mode) \
	MAPPED, .entry = true, .needs = NEED_WRITE | NEED_NO_RINGS | NEED_ENTRY | (mode)
#define SO_IN_CM "is told: the next DMA is not refused, in caching mode either"

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
	OF_ENTRY(NEED_NO_CM),
	.name = "pasid",
	.claim = "a PASID entry becomes present: the next DMA is not refused",
	.warm = { RUNS(C0, NO_PASID) },
};

SCENARIO(C19_context) = {
	PRESENT(CONTEXT),
	OF_ENTRY(NEED_NO_CM),
	.name = "context",
	.claim = "a context entry becomes present: the next DMA is not refused",
	.warm = { RUNS(C0, NO_CONTEXT) },
};

SCENARIO(C19_table_told) = {
	PRESENT(TABLE_TOLD, WITHOUT(C0, 3, absence_kept), SWAPPED(C0, 2, 3, absence_kept)),
	MAPPED,
	.name = "table_told",
	.claim = "an entry for a table becomes present, and the unit " SO_IN_CM,
	.needs = NEED_WRITE | NEED_CM,
	.tables = true,
	.absence = true,
	.warm = { RUNS(C0, NO_TABLE) },
};

SCENARIO(C19_pasid_told) = {
	ENTRY_TOLD(PASID_TOLD, WITHOUT(C0, 3, absence_kept)),
	OF_ENTRY(NEED_CM),
	.name = "pasid_told",
	.claim = "a PASID entry becomes present, and the unit " SO_IN_CM,
	.warm = { RUNS(C0, NO_PASID) },
};

SCENARIO(C19_context_told) = {
	ENTRY_TOLD(CONTEXT_TOLD),
	OF_ENTRY(NEED_CM),
	.name = "context_told",
	.claim = "a context entry becomes present, and the unit " SO_IN_CM,
	.warm = { RUNS(C0, NO_CONTEXT) },
};
