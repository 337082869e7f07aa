/*
 * A unit whose walks do not snoop reads memory, and what a CPU has stored in an entry may be in a cache still: an invalidation
 * before it is written back is in vain, as the next walk brings back what was there. Units that demand a flush of their write
 * buffer are the same (CAP.RWBF), but no first stage needs that, and the driver shares no other there.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE)

#define WRITTEN_BACK_STEPS(step)   \
	step(1, pte_clear, A)      \
	step(2, pte_write_back, A) \
	step(3, iommu_flush, A)    \
	step(4, reuse, P0)         \
	step(5, tell, E)
#define NOT_WRITTEN_BACK_STEPS(step) \
	step(1, pte_clear, A)        \
	step(2, iommu_flush, A)      \
	step(3, reuse, P0)           \
	step(4, tell, E)
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, LATE)
#define WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(WRITTEN_BACK)
LISTING(NOT_WRITTEN_BACK)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(late, saw(LATE) == LANDED)
CLAIM(too_late, saw(EARLY) == BLOCKED)

#define LESS "an access that comes later shows less"
#define UNMAPS(cpu)                                                                           \
	.id = "C21", .source = "VT-d 6.8: CAP.RWBF; 11.4.3: ECAP.C and SMPWCS",               \
	.needs = NEED_WRITE, .unsnooped = true, .agents = { RUNS(C0, cpu), RUNS(E, DEVICE) }, \
	.warm = { RUNS(E, WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } },                   \
	.content = { [P0] = O }

SCENARIO(C21_written_back) = {
	UNMAPS(WRITTEN_BACK),
	.name = "written_back",
	.claim = "entry cleared, written back, invalidated: no DMA reaches the freed page",
	.forbid = { FORBID(stranger_hurt), FORBID(late) },
	.allow = { ALLOW(too_late) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), WITHOUT(E, 2, late),
		     SWAPPED(C0, 1, 2, stranger_hurt), SWAPPED(C0, 2, 3, stranger_hurt) },
	.spare = { SPARE_SWAP(E, 1, 2, LESS) },
};

SCENARIO(C21_not_written_back) = {
	UNMAPS(NOT_WRITTEN_BACK),
	.name = "not_written_back",
	.claim =
		"entry cleared and invalidated, and in a CPU's cache still: a freed page is written to",
	.allow = { ALLOW(too_late) },
	.shows = SHOWS(stranger_hurt),
	.spare = { SPARE(C0, 1, LESS), SPARE(C0, 2, LESS), SPARE_SWAP(E, 1, 2, LESS) },
};
