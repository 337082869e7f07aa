/*
 * In caching mode a unit may keep that there was no entry, but of a first stage: who makes one present invalidates before anybody
 * relies on it. Elsewhere nobody need, C19_present.c. The tables are devices' own, as those that a hypervisor shadows are.
 */
#include "tests/scenario.h"

OBSERVE(BEFORE, AFTER)

#define TOLD_STEPS(step)                 \
	step(1, heed, E)                 \
	step(2, pte_set, MIRROR, P0, RW) \
	step(3, iommu_flush, MIRROR)     \
	step(4, tell, E)
#define NOT_TOLD_STEPS(step)             \
	step(1, heed, E)                 \
	step(2, pte_set, MIRROR, P0, RW) \
	step(3, tell, E)
#define DEVICE_STEPS(step)                    \
	step(1, dma_write, MIRROR, X, BEFORE) \
	step(2, tell, C0)                     \
	step(3, heed, C0)                     \
	step(4, dma_write, MIRROR, X, AFTER)

LISTING(TOLD)
LISTING(NOT_TOLD)
LISTING(DEVICE)

CLAIM(there_early, saw(BEFORE) == LANDED)
CLAIM(absence_kept, saw(AFTER) != LANDED)
CLAIM(found, saw(AFTER) == LANDED)

#define APPEARS(cpu)                                                                             \
	.id = "C19", .source = "VT-d 6.1: CAP.CM; 6.5.3.5", .needs = NEED_WRITE, .mirror = true, \
	.absence = true, .agents = { RUNS(C0, cpu), RUNS(E, DEVICE) }, .content = { [P0] = O }

SCENARIO(C19_told) = {
	APPEARS(TOLD),
	.name = "told",
	.claim =
		"made present, and invalidated: the next DMA is not refused, in caching mode either",
	.forbid = { FORBID(there_early), FORBID(absence_kept) },
	.control = { WITHOUT(C0, 1, there_early), WITHOUT(C0, 3, absence_kept),
		     WITHOUT(E, 3, absence_kept), SWAPPED(C0, 2, 3, absence_kept) },
};

SCENARIO(C19_not_told) = {
	APPEARS(NOT_TOLD),
	.name = "not_told",
	.claim = "made present, and nobody told: in caching mode the next DMA may be refused",
	.forbid = { FORBID(there_early) },
	.allow = { ALLOW(found) },
	.shows = SHOWS(absence_kept),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 1, there_early) },
	.spare = { SPARE(E, 3, "who comes early is refused as well") },
};
