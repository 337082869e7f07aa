/* A right is taken away. Until the IOMMU has confirmed that it forgot, a device may use it; from then on it is refused. */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE)

#define TO_READ_ONLY(step)   step(1, pte_set, A, P0, RO)
#define TO_EXCHANGED(step)   step(1, pte_exchange, A, P0, RO)
#define TO_PROTECTED(step)   step(1, pte_wrprotect, A)
#define TO_SUPERVISOR(step)  step(1, pte_set, A, P0, SUPERVISOR)
#define TO_NOT_PRESENT(step) step(1, pte_clear, A)
#define TOLD(step)              \
	step(2, iommu_flush, A) \
	step(3, tell, E)
#define NOT_TOLD(step) step(2, tell, E)

#define READ_ONLY_STEPS(step)       TO_READ_ONLY(step) TOLD(step)
#define EXCHANGED_STEPS(step)       TO_EXCHANGED(step) TOLD(step)
#define WRPROTECT_STEPS(step)       TO_PROTECTED(step) TOLD(step)
#define SUPERVISOR_STEPS(step)      TO_SUPERVISOR(step) TOLD(step)
#define NOT_PRESENT_STEPS(step)     TO_NOT_PRESENT(step) TOLD(step)
#define READ_ONLY_BAD_STEPS(step)   TO_READ_ONLY(step) NOT_TOLD(step)
#define WRPROTECT_BAD_STEPS(step)   TO_PROTECTED(step) NOT_TOLD(step)
#define SUPERVISOR_BAD_STEPS(step)  TO_SUPERVISOR(step) NOT_TOLD(step)
#define NOT_PRESENT_BAD_STEPS(step) TO_NOT_PRESENT(step) NOT_TOLD(step)
#define WRITER_STEPS(step)              \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, LATE)
#define WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(READ_ONLY)
LISTING(EXCHANGED)
LISTING(WRPROTECT)
LISTING(SUPERVISOR)
LISTING(NOT_PRESENT)
LISTING(READ_ONLY_BAD)
LISTING(WRPROTECT_BAD)
LISTING(SUPERVISOR_BAD)
LISTING(NOT_PRESENT_BAD)
LISTING(WRITER)
LISTING(WARM)

CLAIM(right_used, saw(LATE) == LANDED)
CLAIM(changed, holds(P0) != (saw(EARLY) == LANDED || saw(LATE) == LANDED ? X : O))
CLAIM(in_time, saw(EARLY) == LANDED && saw(LATE) == BLOCKED)
CLAIM(refused_before, saw(EARLY) == BLOCKED)

#define EARLIER "the first write may come at any time: later shows less"
#define DOWNGRADED(cpu)                                                                        \
	.id = "C13", .source = "VT-d 6.5.2.4, 6.5.3.5", .warm = { RUNS(E, WARM) },             \
	.agents = { RUNS(C0, cpu), RUNS(E, WRITER) }, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O }
#define SAFE(...)                                                                       \
	.forbid = { FORBID(right_used), FORBID(changed) },                              \
	.allow = { ALLOW(in_time), ALLOW(refused_before) },                             \
	.control = { __VA_ARGS__ WITHOUT(C0, 2, right_used), WITHOUT(E, 2, right_used), \
		     SWAPPED(C0, 1, 2, right_used) },                                   \
	.spare = { SPARE_SWAP(E, 1, 2, EARLIER) }
#define UNSAFE(...)                                                                         \
	.forbid = { FORBID(changed) }, .shows = SHOWS(right_used), .shown_by = CACHE_IOTLB, \
	.spare = { __VA_ARGS__ SPARE(E, 2, "who writes before that does so by right"),      \
		   SPARE_SWAP(E, 1, 2, EARLIER) }

SCENARIO(C13_read_only) = {
	DOWNGRADED(READ_ONLY),
	SAFE(),
	.name = "read_only",
	.claim = "R/W=0 stored, the IOMMU told: the device does not write any more",
	.needs = NEED_WRITE,
};

SCENARIO(C13_exchanged) = {
	DOWNGRADED(EXCHANGED),
	SAFE(),
	.name = "exchanged",
	.claim = "R/W=0 by XCHG, the IOMMU told: the device does not write any more",
	.needs = NEED_WRITE,
};

SCENARIO(C13_write_protect) = {
	DOWNGRADED(WRPROTECT),
	SAFE(),
	.name = "write_protect",
	.claim =
		"R/W cleared by a locked operation, the IOMMU told: the device does not write any more",
	.needs = NEED_WRITE,
};

SCENARIO(C13_supervisor) = {
	DOWNGRADED(SUPERVISOR),
	SAFE(),
	.name = "supervisor",
	.claim = "U/S=0 stored, the IOMMU told: a device's request, which is a user's, is refused",
	.needs = NEED_WRITE | NEED_MARKS,
};

SCENARIO(C13_not_present) = {
	DOWNGRADED(NOT_PRESENT),
	SAFE(WITHOUT(C0, 1, right_used), ),
	.name = "not_present",
	.claim = "P=0 by XCHG, the IOMMU told: the device does not write any more",
	.needs = NEED_WRITE,
};

SCENARIO(C13_read_only_not_told) = {
	DOWNGRADED(READ_ONLY_BAD),
	UNSAFE(),
	.name = "read_only_not_told",
	.claim = "R/W=0 stored, the IOMMU not told: the device goes on writing",
	.needs = NEED_WRITE,
};

SCENARIO(C13_write_protect_not_told) = {
	DOWNGRADED(WRPROTECT_BAD),
	UNSAFE(),
	.name = "write_protect_not_told",
	.claim =
		"R/W cleared by a locked operation, the IOMMU not told: the device goes on writing",
	.needs = NEED_WRITE,
};

SCENARIO(C13_supervisor_not_told) = {
	DOWNGRADED(SUPERVISOR_BAD),
	UNSAFE(),
	.name = "supervisor_not_told",
	.claim =
		"U/S=0 stored, the IOMMU not told: a device goes on writing a page of the kernel's",
	.needs = NEED_WRITE | NEED_MARKS,
};

SCENARIO(C13_not_present_not_told) = {
	DOWNGRADED(NOT_PRESENT_BAD),
	UNSAFE(SPARE(C0, 1, "with or without: that is the hazard"), ),
	.name = "not_present_not_told",
	.claim = "P=0 by XCHG, the IOMMU not told: the device goes on writing",
	.needs = NEED_WRITE,
};
