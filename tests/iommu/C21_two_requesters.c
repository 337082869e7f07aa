/*
 * Two devices go by the same tables, and each has what it cached under its own domain id: place B is the page as the second has it.
 * To invalidate by one of the two ids is nothing to the other, so whoever unmaps must know of every device, from before its
 * first access on. Under one id, one invalidation is for both.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND, EARLY, LISTED)

enum { LIST }; /* software's: is the second device on it? */

#define ONE_STEPS(step)         \
	step(1, pte_clear, A)   \
	step(2, iommu_flush, A) \
	step(3, reuse, P0)      \
	step(4, tell, E)        \
	step(5, tell, E2)
#define BOTH_STEPS(step)        \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, A) \
	step(3, iommu_queue, B) \
	step(4, iommu_wait)     \
	step(5, reuse, P0)      \
	step(6, tell, E)        \
	step(7, tell, E2)
#define FIRST_STEPS(step) \
	step(1, heed, C0) \
	step(2, dma_write, A, X, FIRST)
#define SECOND_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_write, B, X, SECOND)
#define SAME_STEPS(step)  \
	step(1, heed, C0) \
	step(2, dma_write, A, X, SECOND)
#define FIRST_WARM_STEPS(step)  step(1, dma_write, A, X)
#define SECOND_WARM_STEPS(step) step(1, dma_write, B, X)
#define SAME_WARM_STEPS(step)   step(1, dma_write, A, X)
/* clang-format off */
#define BY_LIST_STEPS(step)                              \
	step(1, pte_clear, A)                            \
	step(2, word_read, LIST, LISTED)                 \
	step##_if(3, LISTED, COUNT(1), iommu_flush, B)   \
	step(4, reuse, P0)                               \
	step(5, tell, E2)
/* clang-format on */
/* What the id was used for before is not to be found under it any more. */
#define ATTACH_STEPS(step)         \
	step(1, word_set, LIST, 1) \
	step(2, iommu_flush, B)    \
	step(3, tell, E2)
#define ATTACHED_STEPS(step)            \
	step(1, heed, C1)               \
	step(2, dma_write, B, X, EARLY) \
	step(3, heed, C0)               \
	step(4, dma_write, B, X, SECOND)

/* A device alone, which has no PASID entry yet: what it may do begins with that. */
#define ENTERS_STEPS(step)         \
	step(1, word_set, LIST, 1) \
	step(2, entry_set)
/* clang-format off */
#define UNLISTS_STEPS(step)                            \
	step(1, pte_clear, A)                          \
	step(2, word_read, LIST, LISTED)               \
	step##_if(3, LISTED, COUNT(1), iommu_flush, A) \
	step(4, reuse, P0)                             \
	step(5, tell, E)
/* clang-format on */
#define ENTERED_STEPS(step)             \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, FIRST)
#define NO_ENTRY_STEPS(step)               \
	step(1, entry_clear)               \
	step(2, context_queue)             \
	step(3, iommu_wait)                \
	step(4, pasid_queue)               \
	step(5, iommu_wait)                \
	step(6, iommu_select, A, OF_PASID) \
	step(7, iommu_wait)

LISTING(ONE)
LISTING(BOTH)
LISTING(FIRST)
LISTING(SECOND)
LISTING(SAME)
LISTING(FIRST_WARM)
LISTING(SECOND_WARM)
LISTING(SAME_WARM)
LISTING(BY_LIST)
LISTING(ATTACH)
LISTING(ATTACHED)
LISTING(ENTERS)
LISTING(UNLISTS)
LISTING(ENTERED)
LISTING(NO_ENTRY)

CLAIM(first_reaches, saw(FIRST) == LANDED)
CLAIM(second_reaches, saw(SECOND) == LANDED)
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(in_time, saw(EARLY) == LANDED && holds(P0) == S)

#define DEVICES(told, first, second, ...)                                                            \
	__VA_ARGS__,                                                                                 \
		.source =                                                                            \
			"VT-d 6.2.1 and 6.5.2.4: what is cached is tagged with domain id and PASID", \
		.agents = { RUNS(C0, told), RUNS(E, first), RUNS(E2, second) },                      \
		.warm = { RUNS(E, first##_WARM), RUNS(E2, second##_WARM) },                          \
		.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }
#define LATER     "an access that comes later shows less"
#define SAME_TAGS .needs = (NEED_WRITE | NEED_TWO)
#define BY_DOMAIN .needs = NEED_WRITE | NEED_TWO, .spaces = TWO_DOMAINS
#define BY_PASID  .needs = NEED_WRITE | NEED_TWO | NEED_PASIDS, .spaces = TWO_PASIDS
/* One told of two, and both. */
#define ONE_OF_TWO(ID, ...)                                                                \
	DEVICES(ONE, FIRST, SECOND, __VA_ARGS__),                                          \
		.id = ID, .name = "one_told", .forbid = { FORBID(first_reaches) },         \
		.shows = SHOWS(second_reaches), .shown_by = CACHE_IOTLB,                   \
		.control = { WITHOUT(C0, 1, first_reaches), WITHOUT(C0, 2, first_reaches), \
			     WITHOUT(E, 1, first_reaches) }
#define TWO_OF_TWO(ID, ...)                                                            \
	DEVICES(BOTH, FIRST, SECOND, __VA_ARGS__),                                     \
		.id = ID, .name = "both_told",                                         \
		.forbid = { FORBID(first_reaches), FORBID(second_reaches),             \
			    FORBID(stranger_hurt) },                                   \
		.control = {                                                           \
			WITHOUT(C0, 1, stranger_hurt),  WITHOUT(C0, 2, first_reaches), \
			WITHOUT(C0, 3, second_reaches), WITHOUT(E, 1, first_reaches),  \
			WITHOUT(E2, 1, second_reaches),                                \
		}

SCENARIO(C21_one_told) = {
	ONE_OF_TWO("C21", BY_DOMAIN),
	.claim = "invalidated by the domain id of one device: the other writes to a freed page",
};

SCENARIO(C21_both_told) = {
	TWO_OF_TWO("C21", BY_DOMAIN),
	.claim = "invalidated by the domain ids of both: neither reaches a freed page",
};

SCENARIO(C11_one_told) = {
	ONE_OF_TWO("C11", BY_PASID),
	.claim = "invalidated by the PASID of one device: the other writes to a freed page",
};

SCENARIO(C11_both_told) = {
	TWO_OF_TWO("C11", BY_PASID),
	.claim = "invalidated by the PASIDs of both: neither reaches a freed page",
};

SCENARIO(C21_same_tags) = {
	DEVICES(ONE, FIRST, SAME, SAME_TAGS),
	.id = "C21",
	.name = "same_tags",
	.claim = "two devices under one domain id and PASID: one invalidation is for both",
	.forbid = { FORBID(first_reaches), FORBID(second_reaches), FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(E, 1, first_reaches), WITHOUT(E2, 1, second_reaches) },
};

SCENARIO(C21_attach) = {
	.id = "C21",
	.name = "attach",
	.claim =
		"a device is listed, its id cleaned, and then it may do DMA: whoever unmaps meanwhile tells it too",
	.source = "VT-d 6.2.1; Linux: cache tags are assigned before the PASID entry is set",
	.needs = NEED_WRITE | NEED_TWO | NEED_CPU2,
	.agents = { RUNS(C0, BY_LIST), RUNS(C1, ATTACH), RUNS(E2, ATTACHED) },
	.warm = { RUNS(E2, SECOND_WARM) },
	.spaces = TWO_DOMAINS,
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O },
	.forbid = { FORBID(second_reaches), FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 3, stranger_hurt),
		     WITHOUT(E2, 1, stranger_hurt), WITHOUT(E2, 3, second_reaches),
		     WITHOUT(C1, 2, second_reaches), SWAPPED(C1, 1, 3, stranger_hurt),
		     SWAPPED(C1, 2, 3, stranger_hurt), SWAPPED(C0, 1, 2, stranger_hurt) },
	.spare = { SPARE_SWAP(E2, 2, 3, LATER) },
};

SCENARIO(C21_entered) = {
	.id = "C21",
	.name = "entered",
	.claim =
		"a device is listed, and then its PASID entry becomes present: whoever unmaps meanwhile tells it too",
	.source = "VT-d 6.2.1; Linux: cache tags are assigned before the PASID entry is set",
	.needs = NEED_WRITE | NEED_CPU2 | NEED_NO_RINGS | NEED_ENTRY | NEED_NO_CM,
	.agents = { RUNS(C0, UNLISTS), RUNS(C1, ENTERS), RUNS(E, ENTERED) },
	.warm = { RUNS(C0, NO_ENTRY) },
	.entry = true,
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O },
	.forbid = { FORBID(first_reaches), FORBID(stranger_hurt) },
	.allow = { ALLOW(in_time) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 3, stranger_hurt),
		     WITHOUT(E, 2, first_reaches), SWAPPED(C1, 1, 2, stranger_hurt),
		     SWAPPED(C0, 1, 2, stranger_hurt) },
	.spare = { SPARE_SWAP(E, 1, 2, LATER) },
};
