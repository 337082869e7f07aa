/* The IOMMU may remember a PASID entry until the PASID cache is invalidated, and then forgets it. */
#include "tests/scenario.h"

OBSERVE(KEPT, AFTER)

enum { FLUSHED };

#define REWRITE_STEPS(step)                \
	step(1, entry_root, B)             \
	step(2, iommu_select, A, OF_PASID) \
	step(3, iommu_wait)                \
	step(4, tell, E)                   \
	step(5, pasid_queue)               \
	step(6, iommu_wait)                \
	step(7, iommu_select, A, OF_PASID) \
	step(8, iommu_wait)                \
	step(9, word_set, FLUSHED, 1)
#define DEVICE_STEPS(step)             \
	step(1, heed, C0)              \
	step(2, dma_read, A, KEPT)     \
	step(3, word_wait, FLUSHED, 1) \
	step(4, dma_read, A, AFTER)
#define WARM_STEPS(step) step(1, dma_read, A)

LISTING(REWRITE)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(neither_table, saw(KEPT) != O && saw(KEPT) != N)
CLAIM(stale, saw(AFTER) != N)
CLAIM(entry_kept, saw(KEPT) == O)
CLAIM(never_dropped, saw(AFTER) == O)

#define IN_TURN  "the unit tells the IOTLB after entries, waited for or not: VT-d 6.5.2.12"
#define IN_ORDER "in the one order there is it has been told by then"
#define AT_ONCE  "what it waits for, if it is late, is waited for by the next one"
#define NOT_FILLED \
	"an IOTLB that still has the old page says the same of a platform, and more of them"

SCENARIO(C01_pasid_baseline) = {
	.id = "C01",
	.name = "pasid_baseline",
	.claim =
		"after an invalidation of the PASID cache no DMA is translated by what the entry was",
	.source = "VT-d 6.2.3 and 6.5.2.2",
	.needs = NEED_READ | NEED_ENTRY,
	.agents = { RUNS(C0, REWRITE), RUNS(E, DEVICE) },
	.warm = { RUNS(E, WARM) },
	.entry = true,
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },
	.content = { [P0] = O, [P1] = N },
	.forbid = { FORBID(neither_table), FORBID(stale) },
	.control = { { { C0, 5, 0 }, SHOWS(never_dropped), CACHE_PASID },
		     { { C0, 7, 0 }, SHOWS(never_dropped), CACHE_PASID } },
	.spare = { SPARE(C0, 2, NOT_FILLED), SPARE(C0, 3, AT_ONCE), SPARE(C0, 6, IN_TURN),
		   SPARE(E, 1, IN_ORDER), SPARE(E, 3, IN_ORDER) },
	.fact = { SHOWS(entry_kept), FACT_PASID_KEPT, EITHER },
	.shown_by = CACHE_PASID,
	/* Of all orders the one that finds out: engines can be slow. */
	.orders = { { NULL, "0000ee00000ee" } },
};
