/*
 * A PASID goes: its entry, what is cached of it, and only then its frames and tables, which are a stranger's from there on. His words look
 * like leaves of Q1 to whoever still walks. By the manual the context cache need not be told; QEMU goes by what it has there.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE)

#define RETIRE_STEPS(step)                 \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, iommu_wait)                \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, entry_wipe)                \
	step(7, reuse, P0)                 \
	step(8, pte_set, A, Q1, RW)        \
	step(9, tell, E)
#define RETIRE_CONTEXT_STEPS(step)         \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	step(7, entry_wipe)                \
	step(8, reuse, P0)                 \
	step(9, pte_set, A, Q1, RW)        \
	step(10, tell, E)
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, LATE)
#define WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(RETIRE)
LISTING(RETIRE_CONTEXT)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(by_freed_table, holds(Q1) != S)
CLAIM(late, saw(LATE) == LANDED)
CLAIM(in_time, saw(EARLY) == LANDED)
CLAIM(too_late, saw(EARLY) == BLOCKED)

/* A unit that reads the entry first, at each request, refuses when that is wiped, whatever the IOTLB has. */
#define IF_KEPT(step, with, id)          \
	{                                \
		{                        \
			C0, step         \
			, with           \
		}                        \
		, SHOWS(id), CACHE_PASID \
	}
#define IN_TURN "the unit tells the IOTLB after entries, waited for or not: VT-d 6.5.2.12"
#define LATER   SPARE_SWAP(E, 1, 2, "an access that comes later shows less")
#define TEARDOWN(told)                                                                           \
	.id = "C09",                                                                             \
	.source = "VT-d 6.5.3.3; Linux: intel_pasid_tear_down_entry(), in that order",           \
	.needs = NEED_WRITE | NEED_NO_RINGS | NEED_ENTRY,                                        \
	.agents = { RUNS(C0, told), RUNS(E, DEVICE) }, .warm = { RUNS(E, WARM) }, .entry = true, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [Q1] = S },              \
	.forbid = { FORBID(stranger_hurt), FORBID(by_freed_table), FORBID(late) },               \
	.allow = { ALLOW(in_time), ALLOW(too_late) }

SCENARIO(C09_teardown) = {
	TEARDOWN(RETIRE),
	.name = "teardown",
	.claim = "Present, PASID cache, IOTLB, the rest: nothing of the PASID is reached any more",
	.control = { IF_KEPT(4, 0, stranger_hurt) },
	.spare = { SPARE(C0, 3, IN_TURN), LATER },
};

SCENARIO(C09_teardown_context) = {
	TEARDOWN(RETIRE_CONTEXT),
	.name = "teardown_context",
	.claim =
		"the same, and the context cache is told: nothing of the PASID is reached any more",
	.control = { IF_KEPT(1, 0, stranger_hurt), IF_KEPT(2, 0, by_freed_table),
		     IF_KEPT(5, 0, stranger_hurt), IF_KEPT(6, 0, stranger_hurt),
		     IF_KEPT(2, 5, stranger_hurt), IF_KEPT(5, 8, stranger_hurt),
		     IF_KEPT(6, 8, stranger_hurt), WITHOUT(E, 2, late) },
	.spare = { SPARE(C0, 4, IN_TURN), LATER },
};
