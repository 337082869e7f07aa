/*
 * Dirty tracking, and a device that keeps translations. What is granted for writing is dirty before it is written, because the
 * IOMMU does not see the write; and what was granted before D was cleared sets it no more.
 */
#include "tests/scenario.h"

OBSERVE(GRANT, DIRTY, WROTE)

#define LOOK_STEPS(step) \
	step(1, heed, E) \
	step(2, pte_dirty, A, DIRTY)
#define ASK_STEPS(step)                \
	step(1, ats_request, A, GRANT) \
	step(2, tell, C0)
#define CLEAN_STEPS(step)       \
	step(1, pte_clean, A)   \
	step(2, pte_age, A)     \
	step(3, iommu_queue, A) \
	step(4, dtlb_queue, A)  \
	step(5, iommu_wait)     \
	step(6, tell, E)        \
	step(7, heed, E)        \
	step(8, pte_dirty, A, DIRTY)
#define IOTLB_ALONE_STEPS(step) \
	step(1, pte_clean, A)   \
	step(2, pte_age, A)     \
	step(3, iommu_flush, A) \
	step(4, tell, E)        \
	step(5, heed, E)        \
	step(6, pte_dirty, A, DIRTY)
/* clang-format off */
#define WRITER_STEPS(step)                                      \
	step(1, heed, C0)                                       \
	step(2, ats_write, A, X, WROTE)                         \
	step##_if(3, WROTE, BLOCKED, ats_request, A)            \
	step##_if(4, WROTE, BLOCKED, ats_write, A, X, WROTE)    \
	step(5, tell, C0)
/* clang-format on */
#define GRANTED_STEPS(step) step(1, ats_request, A)
LISTING(LOOK)
LISTING(ASK)
LISTING(CLEAN)
LISTING(IOTLB_ALONE)
LISTING(WRITER)
LISTING(GRANTED)

CLAIM(granted_clean, saw(GRANT) == MARK(P0) && saw(DIRTY) == NO)
CLAIM(dirty_unused, holds(P0) == O && saw(DIRTY) == YES)
CLAIM(dirt_lost, saw(WROTE) == LANDED && saw(DIRTY) == NO)
CLAIM(marked, saw(WROTE) == LANDED && saw(DIRTY) == YES)

#define DIRT(cpu, device, leaf)                                                             \
	.id = "C16", .source = "VT-d 4.2.3.1; PCIe 10.2.3", .needs = NEED_ATS | NEED_MARKS, \
	.agents = { RUNS(C0, cpu), RUNS(E, device) }, .maps = { [A] = { P0, RW, leaf } },   \
	.content = { [P0] = O }

SCENARIO(C16_granted_is_dirty) = {
	DIRT(LOOK, ASK, LEAF_FRESH),
	.name = "granted_is_dirty",
	.claim = "what a device is granted for writing is dirty from then on, used or not",
	.forbid = { FORBID(granted_clean) },
	.allow = { ALLOW(dirty_unused) },
	.control = { WITHOUT(C0, 1, granted_clean) },
};

SCENARIO(C16_device_told) = {
	DIRT(CLEAN, WRITER, LEAF_USED),
	.name = "device_told",
	.claim = "A and D cleared, IOTLB and device told: who writes has asked again, and D is set",
	.warm = { RUNS(E, GRANTED) },
	.forbid = { FORBID(dirt_lost) },
	.allow = { ALLOW(marked) },
	.control = { WITHOUT(C0, 3, dirt_lost), WITHOUT(C0, 4, dirt_lost),
		     WITHOUT(C0, 7, dirt_lost) },
};

SCENARIO(C16_device_not_told) = {
	DIRT(IOTLB_ALONE, WRITER, LEAF_USED),
	.name = "device_not_told",
	.claim = "D cleared, IOTLB told, the device not: it writes, and nobody learns of it",
	.warm = { RUNS(E, GRANTED) },
	.shows = SHOWS(dirt_lost),
	.shown_by = CACHE_DTLB,
};
