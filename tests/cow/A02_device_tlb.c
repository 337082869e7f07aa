/*
 * A02 for a device that keeps translations: to invalidate is IOTLB, device, and the wait for both. It reads by what it was
 * granted, before, in the gap and afterwards.
 */
#include "tests/scenario.h"

OBSERVE(WINDOW, GAP_GRANT, GRANT, LAST)

#define COW_STEPS(step)             \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, iommu_queue, A)     \
	step(4, dtlb_queue, A)      \
	step(5, iommu_wait)         \
	step(6, pte_set, A, P1, RW) \
	step(7, store, A, N)        \
	step(8, tell, E)
#define DEVICE_STEPS(step)                 \
	step(1, ats_request, A, GAP_GRANT) \
	step(2, ats_read, A, WINDOW)       \
	step(3, heed, C0)                  \
	step(4, ats_request, A, GRANT)     \
	step(5, ats_read, A, LAST)
#define WARM_STEPS(step) step(1, ats_request, A)
LISTING(COW)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(granted_in_the_gap, after(E, 1, C0, 5) && after(C0, 6, E, 1) && saw(GAP_GRANT) != BLOCKED)
CLAIM(neither_page, saw(WINDOW) != O && saw(WINDOW) != N && saw(WINDOW) != BLOCKED)
CLAIM(old_grant, saw(GRANT) != MARK(P1))
CLAIM(stale, saw(LAST) == O)
CLAIM(stale_window, after(E, 2, C0, 7) && saw(WINDOW) == O)
CLAIM(found_nothing, saw(WINDOW) == BLOCKED)

SCENARIO(A02_device_tlb) = {
	.id = "A02",
	.name = "device_tlb",
	.claim =
		"clear, invalidate IOTLB and device, set: a device with a TLB is on the new page afterwards",
	.source = "mmu notifier thread 2017, second trace",
	.needs = NEED_ATS,
	.agents = { RUNS(C0, COW), RUNS(E, DEVICE) },
	.warm = { RUNS(E, WARM) },
	.maps = { [A] = { P0, RO, LEAF_USED } },
	.content = { [P0] = O },
	.forbid = { FORBID(granted_in_the_gap), FORBID(neither_page), FORBID(old_grant),
		    FORBID(stale_window), FORBID(stale) },
	.allow = { ALLOW(found_nothing) },
	.control = { WITHOUT(C0, 2, old_grant), WITHOUT(C0, 3, old_grant),
		     WITHOUT(C0, 4, stale_window), WITHOUT(E, 3, old_grant),
		     SWAPPED(C0, 2, 3, old_grant), SWAPPED(C0, 3, 4, stale_window) },
	.spare = { SPARE_SWAP(E, 2, 3, "a look into the window that comes later shows less") },
};
