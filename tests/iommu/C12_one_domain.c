/*
 * Two devices, two tables, one domain id and PASID: what a unit remembers of upper levels it looks up by these and the address, and not
 * by whose request it was for. Place A is the page as the first device has it, B as the second. A configuration that
 * software must not make (VT-d 6.2.3.1): no invalidation helps while both are in use. In the model the IOTLB is looked up in the same
 * way; by table 17 of the manual it has the requester too. (C12_scope.c has a domain id for each.)
 */
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND)

#define STARTED_STEPS(step) step(1, tell, E2)
#define TOLD_BETWEEN_STEPS(step) \
	step(1, heed, E)         \
	step(2, iommu_flush, A)  \
	step(3, tell, E2)
#define FIRST_STEPS(step) step(1, dma_write, A, X, FIRST)
#define FIRST_TELLS_STEPS(step)         \
	step(1, dma_write, A, X, FIRST) \
	step(2, tell, C0)               \
	step(3, dma_write, A, X)
#define SECOND_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_write, B, X, SECOND)
#define WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(STARTED)
LISTING(TOLD_BETWEEN)
LISTING(FIRST)
LISTING(FIRST_TELLS)
LISTING(SECOND)
LISTING(WARM)

CLAIM(others_page, (saw(SECOND) == LANDED && holds(P1) != X) || holds(P0) != X)
CLAIM(refused, saw(FIRST) != LANDED || saw(SECOND) != LANDED)
CLAIM(own_pages, holds(P0) == X && holds(P1) == X)

#define NO_LESS "what either device or the unit itself has cached since serves both"
#define COLLISION(first, device)                                              \
	.id = "C12", .source = "VT-d 6.2.1, table 17: lookup tags; 6.2.3.1",  \
	.needs = NEED_WRITE | NEED_TWO | NEED_ENTRY, .spaces = ONE_DOMAIN,    \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } }, \
	.content = { [P0] = O, [P1] = O }, .warm = { RUNS(E, WARM) },         \
	.forbid = { FORBID(refused) }, .allow = { ALLOW(own_pages) },         \
	.agents = { RUNS(C0, first), RUNS(E, device), RUNS(E2, SECOND) },     \
	.shows = SHOWS(others_page), .shown_by = CACHE_IOTLB

SCENARIO(C12_one_domain) = {
	COLLISION(STARTED, FIRST),
	.name = "one_domain",
	.claim =
		"two tables under one domain id: a device writes to the page that another has there",
	.spare = { SPARE(E2, 1, NO_LESS) },
};

SCENARIO(C12_one_domain_told) = {
	COLLISION(TOLD_BETWEEN, FIRST_TELLS),
	.name = "one_domain_told",
	.claim =
		"the same, invalidated before the second device begins: no better while the first goes on",
	.spare = { SPARE(C0, 1, NO_LESS), SPARE(C0, 2, NO_LESS), SPARE(E2, 1, NO_LESS) },
};
