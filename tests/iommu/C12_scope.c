/*
 * What an invalidation is for. Two devices, each with a domain id, or a PASID, of its own for the same tables; place B is the page as
 * the second has it. What is told by the first's id is for what has it, and for nothing else.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND)

#define BY_PAGE(step, place) step(2, iommu_queue, place)
#define BY(step, scope)      step(2, iommu_select, A, scope)
#define TELLING(step, by)      \
	step(1, pte_clear, A)  \
	by step(3, iommu_wait) \
	step(4, reuse, P0)     \
	step(5, tell, E)       \
	step(6, tell, E2)
#define OTHER_PAGE_STEPS(step)    TELLING(step, BY_PAGE(step, B))
#define ALL_OF_PASID_STEPS(step)  TELLING(step, BY(step, OF_PASID))
#define ALL_OF_DOMAIN_STEPS(step) TELLING(step, BY(step, OF_DOMAIN))
#define EVERYTHING_STEPS(step)    TELLING(step, BY(step, OF_ALL))
#define FIRST_STEPS(step) \
	step(1, heed, C0) \
	step(2, dma_write, A, X, FIRST)
#define SECOND_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_write, B, X, SECOND)
#define FIRST_WARM_STEPS(step)  step(1, dma_write, A, X)
#define SECOND_WARM_STEPS(step) step(1, dma_write, B, X)

LISTING(OTHER_PAGE)
LISTING(ALL_OF_PASID)
LISTING(ALL_OF_DOMAIN)
LISTING(EVERYTHING)
LISTING(FIRST)
LISTING(SECOND)
LISTING(FIRST_WARM)
LISTING(SECOND_WARM)

CLAIM(first_reaches, saw(FIRST) == LANDED)
CLAIM(second_reaches, saw(SECOND) == LANDED)

#define DEVICES(told, ...)                                                                      \
	__VA_ARGS__, .id = "C12",                                                               \
		     .source = "VT-d 6.2.1 and 6.5.2: tags, and what descriptors name of them", \
		     .agents = { RUNS(C0, told), RUNS(E, FIRST), RUNS(E2, SECOND) },            \
		     .warm = { RUNS(E, FIRST_WARM), RUNS(E2, SECOND_WARM) },                    \
		     .maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }
#define BY_DOMAIN .needs = NEED_WRITE | NEED_TWO, .spaces = TWO_DOMAINS
#define BY_PASID  .needs = NEED_WRITE | NEED_TWO | NEED_PASIDS, .spaces = TWO_PASIDS
/* Only one of them is reached, or both. */
#define ONLY(one, device, other)                                                   \
	.forbid = { FORBID(one) }, .shows = SHOWS(other), .shown_by = CACHE_IOTLB, \
	.control = { WITHOUT(C0, 1, one), WITHOUT(C0, 2, one), WITHOUT(device, 1, one) }
#define BOTH                                                                        \
	.forbid = { FORBID(first_reaches), FORBID(second_reaches) },                \
	.control = { WITHOUT(C0, 1, first_reaches), WITHOUT(C0, 2, second_reaches), \
		     WITHOUT(E, 1, first_reaches), WITHOUT(E2, 1, second_reaches) }

SCENARIO(C12_other_domain) = {
	DEVICES(OTHER_PAGE, BY_DOMAIN),
	ONLY(second_reaches, E2, first_reaches),
	.name = "other_domain",
	.claim = "a page of a domain id that the device does not have: it writes to a freed page",
};

SCENARIO(C12_domain) = {
	DEVICES(ALL_OF_DOMAIN, BY_DOMAIN),
	ONLY(first_reaches, E, second_reaches),
	.name = "domain",
	.claim = "all of one domain id: a device with another one writes to a freed page",
};

SCENARIO(C12_all) = {
	DEVICES(EVERYTHING, BY_DOMAIN),
	BOTH,
	.name = "all",
	.claim = "everything: no device reaches a freed page, whatever its domain id",
};

SCENARIO(C12_other_pasid) = {
	DEVICES(OTHER_PAGE, BY_PASID),
	ONLY(second_reaches, E2, first_reaches),
	.name = "other_pasid",
	.claim = "a page of a PASID that the device does not have: it writes to a freed page",
};

SCENARIO(C12_pasid) = {
	DEVICES(ALL_OF_PASID, BY_PASID),
	ONLY(first_reaches, E, second_reaches),
	.name = "pasid",
	.claim = "all of one PASID: a device with another one writes to a freed page",
};

SCENARIO(C12_domain_of_pasids) = {
	DEVICES(ALL_OF_DOMAIN, BY_PASID),
	BOTH,
	.name = "domain_of_pasids",
	.claim =
		"all of a domain id: no device that has it reaches a freed page, whatever its PASID",
};
