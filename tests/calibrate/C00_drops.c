/* Does a TLB or an IOTLB lose an entry by itself, without an invalidation? It may, at any time. */
#include "tests/scenario.h"

OBSERVE(READ)

#define REMAP_STEPS(step)           \
	step(1, pte_set, A, P1, RW) \
	step(2, load, A, READ)
#define CPU_WARM_STEPS(step) step(1, load, A)
#define REMAP_FOR_DEVICE_STEPS(step) \
	step(1, pte_set, A, P1, RW)  \
	step(2, tell, E)
#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, READ)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, A)

LISTING(REMAP)
LISTING(CPU_WARM)
LISTING(REMAP_FOR_DEVICE)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(neither_page, saw(READ) != O && saw(READ) != N)
CLAIM(new_page, saw(READ) == N)

#define TWO_PAGES                                                                                \
	.id = "C00", .maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = N }, \
	.forbid = { FORBID(neither_page) }

SCENARIO(C00_tlb_drops) = {
	TWO_PAGES,
	.name = "tlb_drops",
	.claim = "does a CPU lose a TLB entry by itself?",
	.source = "SDM 3A 4.10.2",
	.agents = { RUNS(C0, REMAP) },
	.warm = { RUNS(C0, CPU_WARM) },
	.fact = { SHOWS(new_page), FACT_TLB_DROPS, EITHER },
};

SCENARIO(C00_iotlb_drops) = {
	TWO_PAGES,
	.name = "iotlb_drops",
	.claim = "does the IOMMU lose an IOTLB entry by itself?",
	.source = "VT-d 6.2.4",
	.needs = NEED_READ,
	.agents = { RUNS(C0, REMAP_FOR_DEVICE), RUNS(E, DEVICE) },
	.warm = { RUNS(E, DEVICE_WARM) },
	.fact = { SHOWS(new_page), FACT_IOTLB_DROPS, EITHER },
	.spare = { SPARE(E, 1, "before the new PTE the old page is there: that says no more") },
};
