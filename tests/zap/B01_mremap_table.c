/*
 * mremap moves a whole table to another address, and the IOMMU is told of leaves only: it remembers the PDE, and finds by the old address
 * what is mapped at the new one later on. CVE-2018-18281 has the flush at all, B01_mremap.c; D09.moved has this of CPUs.
 */
#include "tests/scenario.h"

OBSERVE(READ)

/* move_normal_pmd() of a table where nothing is mapped yet; then a page comes to the new address. */
#define MAPS_LATER(step, how)       \
	step(1, pde_clear, A)       \
	step(2, pde_set, B, T0)     \
	step(3, how, A)             \
	step(4, iommu_wait)         \
	step(5, pte_set, A, P0, RW) \
	step(6, tell, E)
#define LEAVES_STEPS(step)      MAPS_LATER(step, iommu_queue_leaf)
#define EVERY_LEVEL_STEPS(step) MAPS_LATER(step, iommu_queue)
#define READER_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, READ)
#define PROBE_STEPS(step) step(1, dma_read, A)

LISTING(LEAVES)
LISTING(EVERY_LEVEL)
LISTING(READER)
LISTING(PROBE)

CLAIM(by_the_old_address, saw(READ) == O)

#define EMPTY_TABLE(move)                                                                  \
	.id = "B01", .source = "CVE-2018-18281; Linux, move_normal_pmd()", .tables = true, \
	.apart = true, .content = { [P0] = O }, .needs = NEED_READ,                        \
	.agents = { RUNS(C0, move), RUNS(E, READER) }, .warm = { RUNS(E, PROBE) }
#define BY_UPPER(no, with)                                                     \
	{                                                                      \
		{ C0, no, with }, SHOWS(by_the_old_address), CACHE_IOMMU_UPPER \
	}
#define STALE "what is cached is stale whatever the PDE says"
#define EARLY "who reads earlier finds nothing"
#define WRONG "what it is told of is not what changed: that is the hazard"

SCENARIO(B01_table_leaves) = {
	EMPTY_TABLE(LEAVES),
	.name = "table_leaves.device",
	.claim =
		"an empty table moved, the IOMMU told of leaves: by the old address it finds a page of the new",
	.shows = SHOWS(by_the_old_address),
	.shown_by = CACHE_IOMMU_UPPER,
	.spare = { SPARE(C0, 1, STALE), SPARE(C0, 3, WRONG), SPARE(C0, 4, WRONG),
		   SPARE(E, 1, EARLY) },
};

SCENARIO(B01_table_every_level) = {
	EMPTY_TABLE(EVERY_LEVEL),
	.name = "table_every_level.device",
	.claim =
		"an empty table moved, the IOMMU told of every level: the old address leads nowhere",
	.forbid = { FORBID(by_the_old_address) },
	.control = { WITHOUT(C0, 1, by_the_old_address), BY_UPPER(3, 0), BY_UPPER(4, 0),
		     BY_UPPER(1, 3) },
	.spare = { SPARE(E, 1, EARLY),
		   SPARE_SWAP(C0, 4, 5, "who reads waits for both, and what is stale is the PDE") },
};
