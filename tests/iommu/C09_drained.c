/*
 * The whole of it: entry, caches, then the queue of page requests, which is looked through before anything is freed. A request that was
 * there has a handler, who maps a page for it unless the space is gone: in a table that is a stranger's by then. The queue is a word, as
 * in C18_drain.c, which has the drain itself.
 */
#include "tests/scenario.h"

OBSERVE(FOUND, TABLE, LATE)

enum { RING, SPACE };

#define RETIRE_STEPS(step)                 \
	step(1, word_set, SPACE, 0)        \
	step(2, entry_clear)               \
	step(3, pasid_queue)               \
	step(4, context_queue)             \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	step(7, entry_wipe)                \
	step(8, word_wait, RING, 0)        \
	step(9, reuse, P0)                 \
	step(10, pte_set, A, Q1, RW)       \
	step(11, tell, E)                  \
	step(12, pte_read, A, TABLE)
#define HANDLER_STEPS(step)              \
	step(1, word_read, SPACE, FOUND) \
	step                             \
	##_if(2, FOUND, COUNT(1), pte_set, A, P1, RW) step(3, word_set, RING, 0)
#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_write, A, X, LATE)
#define WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(RETIRE)
LISTING(HANDLER)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(table_hurt, saw(TABLE) != MARK(Q1))
CLAIM(stranger_hurt, holds(P0) != S || holds(Q1) != S)
CLAIM(late, saw(LATE) == LANDED)
CLAIM(handled, saw(FOUND) == COUNT(1))
CLAIM(refused, saw(FOUND) == COUNT(0))

SCENARIO(C09_drained) = {
	.id = "C09",
	.name = "drained",
	.claim =
		"entry, caches, then the queue of page requests: no handler maps a page in what is freed",
	.source = "VT-d 6.5.3.3, 7.10; Linux: intel_iommu_drain_pasid_prq(), after the teardown",
	.needs = NEED_WRITE | NEED_NO_RINGS | NEED_ENTRY | NEED_CPU2,
	.agents = { RUNS(C0, RETIRE), RUNS(C1, HANDLER), RUNS(E, DEVICE) },
	.warm = { RUNS(E, WARM) },
	.entry = true,
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O, [P1] = N, [Q1] = S },
	.words = { [RING] = 1, [SPACE] = 1 },
	.forbid = { FORBID(table_hurt), FORBID(stranger_hurt), FORBID(late) },
	.allow = { ALLOW(handled), ALLOW(refused) },
	.control = { WITHOUT(C0, 8, table_hurt),
		     { { C0, 5, 0 }, SHOWS(stranger_hurt), CACHE_PASID },
		     SWAPPED(C0, 8, 10, table_hurt) },
};
