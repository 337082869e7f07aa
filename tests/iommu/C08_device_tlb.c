/*
 * The same with a device that keeps translations: by its own TLB it gets to the old table's page without asking, whatever its PASID entry
 * says. It is told last, or it asks again for what is there still. Place A is the page by the old table, B by the new one.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE, AGAIN)

#define REWRITE(step, last)                \
	step(1, entry_root, B)             \
	step(2, pasid_queue)               \
	step(3, iommu_select, A, OF_PASID) \
	last
#define TOLD_STEPS(step)                      \
	REWRITE(step, step(4, dtlb_queue, A)) \
	step(5, iommu_wait)                   \
	step(6, tell, E)
#define NOT_TOLD_STEPS(step)               \
	REWRITE(step, step(4, iommu_wait)) \
	step(5, tell, E)
#define DEVICE_STEPS(step)          \
	step(1, ats_read, A, EARLY) \
	step(2, ats_request, A)     \
	step(3, heed, C0)           \
	step(4, ats_read, A, LATE)  \
	step(5, ats_request, A, AGAIN)
#define GRANTED_STEPS(step) step(1, ats_request, A)

LISTING(TOLD)
LISTING(NOT_TOLD)
LISTING(DEVICE)
LISTING(GRANTED)

CLAIM(old_table, saw(LATE) == O)
CLAIM(granted, saw(AGAIN) != MARK(P1))
CLAIM(in_time, saw(EARLY) == O)
CLAIM(dropped, saw(EARLY) == BLOCKED)
CLAIM(new_late, saw(LATE) == N)

#define LATER SPARE_SWAP(E, 2, 3, "the device may ask at any time: later shows less")
#define REWRITTEN(told)                                                                           \
	.id = "C08", .source = "VT-d 6.2.3, 6.5.2.5 and 6.5.3.3", .needs = NEED_ATS | NEED_ENTRY, \
	.agents = { RUNS(C0, told), RUNS(E, DEVICE) }, .warm = { RUNS(E, GRANTED) },              \
	.entry = true, .maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },      \
	.content = { [P0] = O, [P1] = N }
#define ALL_TOLD                                                           \
	REWRITTEN(TOLD), .forbid = { FORBID(old_table), FORBID(granted) }, \
			 .allow = { ALLOW(in_time), ALLOW(dropped), ALLOW(new_late) }

SCENARIO(C08_device_tlb) = {
	ALL_TOLD,
	.name = "device_tlb",
	.claim =
		"PASID cache, IOTLB, then the device: it has nothing of the old table, and is granted none of it",
	.control = { WITHOUT(C0, 3, old_table), WITHOUT(C0, 4, old_table),
		     WITHOUT(E, 3, old_table) },
	.spare = { LATER },
};

SCENARIO(C08_device_tlb_last) = {
	ALL_TOLD,
	.name = "device_tlb_last",
	.claim = "the same, where the unit caches PASID entries, and a device takes its time",
	.control = { { { C0, 2, 0 }, SHOWS(granted), CACHE_PASID }, WITHOUT(C0, 5, old_table) },
	.spare = { LATER },
};

SCENARIO(C08_device_tlb_not_told) = {
	REWRITTEN(NOT_TOLD),
	.name = "device_tlb_not_told",
	.claim = "PASID cache and IOTLB are told, the device is not: it goes on by the old table",
	.forbid = { FORBID(granted) },
	.allow = { ALLOW(in_time) },
	.shows = SHOWS(old_table),
	.shown_by = CACHE_DTLB,
	.spare = { LATER },
};
