/* A right is taken away, and the device keeps translations: until it is told it may write, and the IOMMU is not asked. */
#include "tests/scenario.h"

OBSERVE(AGAIN, WROTE, READ)

#define DOWNGRADE_STEPS(step)     \
	step(1, pte_wrprotect, A) \
	step(2, iommu_queue, A)   \
	step(3, dtlb_queue, A)    \
	step(4, iommu_wait)       \
	step(5, tell, E)
#define IOTLB_ALONE_STEPS(step)   \
	step(1, pte_wrprotect, A) \
	step(2, iommu_flush, A)   \
	step(3, tell, E)
#define DEVICE_STEPS(step)              \
	step(1, ats_request, A)         \
	step(2, ats_request, A, AGAIN)  \
	step(3, heed, C0)               \
	step(4, ats_write, A, X, WROTE) \
	step(5, ats_read, A, READ)
#define GRANTED_STEPS(step) step(1, ats_request, A)
LISTING(DOWNGRADE)
LISTING(IOTLB_ALONE)
LISTING(DEVICE)
LISTING(GRANTED)

CLAIM(written, saw(WROTE) == LANDED)
CLAIM(another_page, saw(READ) != O && saw(READ) != BLOCKED)
CLAIM(still_reads, saw(WROTE) == BLOCKED && saw(READ) == O)

#define DOWNGRADED                                                             \
	.id = "C13", .source = "VT-d 6.5.2.5; PCIe 10.3.3", .needs = NEED_ATS, \
	.warm = { RUNS(E, GRANTED) }, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O }

SCENARIO(C13_device_tlb) = {
	DOWNGRADED,
	.name = "device_tlb",
	.claim = "write-protected, IOTLB and device told: the device reads and does not write",
	.agents = { RUNS(C0, DOWNGRADE), RUNS(E, DEVICE) },
	.forbid = { FORBID(written), FORBID(another_page) },
	.allow = { ALLOW(still_reads) },
	.control = { WITHOUT(C0, 2, written), WITHOUT(C0, 3, written), WITHOUT(E, 3, written),
		     SWAPPED(C0, 1, 2, written), SWAPPED(C0, 2, 3, written) },
};

SCENARIO(C13_device_tlb_iotlb_alone) = {
	DOWNGRADED,
	.name = "device_tlb_iotlb_alone",
	.claim = "write-protected, the device not told: it writes what nobody may",
	.agents = { RUNS(C0, IOTLB_ALONE), RUNS(E, DEVICE) },
	.shows = SHOWS(written),
	.shown_by = CACHE_DTLB,
	.spare = { SPARE(C0, 2, "the device does not ask again"),
		   SPARE(E, 3, "who writes before that does so by right") },
};
