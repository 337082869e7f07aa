/*
 * A PASID goes, and the device has translations of it: by its own TLB it gets to the frames without asking, whether there is an entry or
 * not. It is told when the IOTLB has forgotten, or it asks again for what is there still.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE, AGAIN)

#define RETIRE_STEPS(step)                 \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, dtlb_queue, A)             \
	step(7, iommu_wait)                \
	step(8, entry_wipe)                \
	step(9, reuse, P0)                 \
	step(10, tell, E)
#define NOT_TOLD_STEPS(step)               \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	step(7, entry_wipe)                \
	step(8, reuse, P0)                 \
	step(9, tell, E)
#define DEVICE_STEPS(step)              \
	step(1, ats_write, A, X, EARLY) \
	step(2, ats_request, A)         \
	step(3, heed, C0)               \
	step(4, ats_write, A, X, LATE)  \
	step(5, ats_request, A, AGAIN)
#define GRANTED_STEPS(step) step(1, ats_request, A)

LISTING(RETIRE)
LISTING(NOT_TOLD)
LISTING(DEVICE)
LISTING(GRANTED)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(late, saw(LATE) == LANDED)
CLAIM(granted, saw(AGAIN) != BLOCKED)
CLAIM(in_time, saw(EARLY) == LANDED && holds(P0) == S)
CLAIM(too_late, saw(EARLY) == BLOCKED)

#define TEARDOWN(told)                                                                          \
	.id = "C09",                                                                            \
	.source = "VT-d 6.5.2.5, 6.5.3.3; Linux: intel_pasid_tear_down_entry(), in that order", \
	.needs = NEED_ATS | NEED_ENTRY, .agents = { RUNS(C0, told), RUNS(E, DEVICE) },          \
	.warm = { RUNS(E, GRANTED) }, .entry = true, .maps = { [A] = { P0, RW, LEAF_USED } },   \
	.content = { [P0] = O }
#define IN_TURN "the unit tells the IOTLB after entries, waited for or not: VT-d 6.5.2.12"
#define LATER   SPARE_SWAP(E, 2, 3, "the device may ask at any time: later shows less")

#define RETIRED                                                                               \
	TEARDOWN(RETIRE), .spare = { SPARE(C0, 4, IN_TURN), LATER },                          \
			  .forbid = { FORBID(stranger_hurt), FORBID(late), FORBID(granted) }, \
			  .allow = { ALLOW(in_time), ALLOW(too_late) }

SCENARIO(C09_device_tlb) = {
	RETIRED,
	.name = "device_tlb",
	.claim =
		"the device is told before its page is free: nothing of the PASID is reached any more, nor granted",
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 6, stranger_hurt),
		     SWAPPED(C0, 6, 9, stranger_hurt), WITHOUT(E, 3, late) },
};

/* A unit that looks at the PASID entry first, at each request, refuses by that, whatever the IOTLB has. */
SCENARIO(C09_device_tlb_last) = {
	RETIRED,
	.name = "device_tlb_last",
	.claim = "PASID cache, IOTLB, then the device: it asks for nothing that is there still",
	.control = { { { C0, 2, 0 }, SHOWS(stranger_hurt), CACHE_PASID },
		     { { C0, 5, 0 }, SHOWS(stranger_hurt), CACHE_PASID },
		     { { C0, 5, 6 }, SHOWS(stranger_hurt), CACHE_PASID } },
};

SCENARIO(C09_device_tlb_not_told) = {
	TEARDOWN(NOT_TOLD),
	.name = "device_tlb_not_told",
	.claim = "the device is not told: it writes a stranger's page, by an entry that is gone",
	.forbid = { FORBID(granted) },
	.allow = { ALLOW(in_time) },
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_DTLB,
	.spare = { SPARE(C0, 4, IN_TURN), LATER },
};
