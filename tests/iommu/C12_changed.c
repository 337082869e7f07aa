/* What is cached keeps the domain id that it was cached under: the entry's new one does not name it. Place B stands for that. */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE)

#define BY_NEW_STEPS(step)                  \
	step(1, entry_domain, B)            \
	step(2, pasid_queue)                \
	step(3, iommu_wait)                 \
	step(4, pte_clear, A)               \
	step(5, iommu_select, B, OF_DOMAIN) \
	step(6, iommu_wait)                 \
	step(7, reuse, P0)                  \
	step(8, tell, E)
#define BY_BOTH_STEPS(step)                 \
	step(1, entry_domain, B)            \
	step(2, pasid_queue)                \
	step(3, iommu_wait)                 \
	step(4, pte_clear, A)               \
	step(5, iommu_select, A, OF_DOMAIN) \
	step(6, iommu_select, B, OF_DOMAIN) \
	step(7, iommu_wait)                 \
	step(8, reuse, P0)                  \
	step(9, tell, E)
/* The page is gone before the id changes: nothing can be cached of it under the new one. */
#define BY_OLD_STEPS(step)                  \
	step(1, pte_clear, A)               \
	step(2, entry_domain, B)            \
	step(3, pasid_queue)                \
	step(4, iommu_wait)                 \
	step(5, iommu_select, A, OF_DOMAIN) \
	step(6, iommu_wait)                 \
	step(7, reuse, P0)                  \
	step(8, tell, E)
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, LATE)
#define WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(BY_NEW)
LISTING(BY_BOTH)
LISTING(BY_OLD)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(late, saw(LATE) == LANDED)
CLAIM(too_late, saw(EARLY) == BLOCKED)

#define LESS "an access that comes later shows less"
#define SAME \
	"either of the two that the entry is cached as leads to the same leaf, and both are named"
#define NOWHERE  "the page is gone, by whichever entry"
#define AS_STALE "what it was cached under is not named either way"
#define CHANGED(told)                                                                      \
	.id = "C12", .source = "VT-d 6.2.1: domain ids as tags; 6.2.3.1: DID changes",     \
	.needs = NEED_WRITE | NEED_ENTRY, .agents = { RUNS(C0, told), RUNS(E, DEVICE) },   \
	.warm = { RUNS(E, WARM) }, .entry = true, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O }

SCENARIO(C12_by_new_domain) = {
	CHANGED(BY_NEW),
	.name = "by_new_domain",
	.claim =
		"the domain id has changed, and the new one is invalidated: a freed page is written to",
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 2, AS_STALE), SPARE(C0, 3, AS_STALE), SPARE(C0, 4, AS_STALE),
		   SPARE(C0, 5, AS_STALE), SPARE(C0, 6, AS_STALE), SPARE_SWAP(E, 1, 2, LESS) },
};

SCENARIO(C12_by_both_domains) = {
	CHANGED(BY_BOTH),
	.name = "by_both_domains",
	.claim = "invalidated by the domain id that it was cached under, and by the new one",
	.forbid = { FORBID(stranger_hurt), FORBID(late) },
	.allow = { ALLOW(too_late) },
	.control = { WITHOUT(C0, 5, stranger_hurt), WITHOUT(C0, 4, stranger_hurt),
		     WITHOUT(E, 2, late) },
	.spare = { SPARE(C0, 2, SAME), SPARE(C0, 3, SAME), SPARE_SWAP(E, 1, 2, LESS) },
};

SCENARIO(C12_by_old_domain) = {
	CHANGED(BY_OLD),
	.name = "by_old_domain",
	.claim =
		"the page goes, then the domain id changes: invalidated by the one that it was cached under",
	.forbid = { FORBID(stranger_hurt), FORBID(late) },
	.allow = { ALLOW(too_late) },
	.control = { WITHOUT(C0, 1, late), WITHOUT(C0, 5, stranger_hurt), WITHOUT(E, 2, late) },
	.spare = { SPARE(C0, 3, NOWHERE), SPARE(C0, 4, NOWHERE), SPARE_SWAP(E, 1, 2, LESS) },
};
