/*
 * munmap of what was mapped by frame number takes the mapping out of the reverse map before it has flushed. A driver that takes
 * its frame back asks unmap_mapping_range, which finds no mapping, so nothing to flush, and gives the frame another meaning.
 * CVE-2022-39188, mended by Linux b67fbebd4cf9: such ranges are flushed before they leave the reverse map.
 */
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(MAPPED, WROTE)

enum { RMAP }; /* mappings that the reverse map has */

#define MUNMAP_STEPS(step)                        \
	__tlb_remove_page(step, 1, A)             \
	tlb_flush_mmu_tlbonly(step, 2, A)         \
	mmu_notifier_invalidate_range(step, 3, A) \
	step(4, word_set, RMAP, 0)
#define UNLINKS_FIRST_STEPS(step)         \
	__tlb_remove_page(step, 1, A)     \
	step(2, word_set, RMAP, 0)        \
	tlb_flush_mmu_tlbonly(step, 3, A) \
	mmu_notifier_invalidate_range(step, 4, A)
/* clang-format off */
/* An entry that he finds cleared he flushes too: A12. */
#define REVOKE_STEPS(step)                               \
	step(1, word_read, RMAP, MAPPED)                 \
	step##_if(2, MAPPED, COUNT(1), pte_clear, A)     \
	step##_if(3, MAPPED, COUNT(1), cpu_flush, A)     \
	step##_if(4, MAPPED, COUNT(1), iommu_flush, A)   \
	step(5, reuse, P0)
/* clang-format on */
#define THREAD_STEPS(step)      step(1, store, A, Y, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)
#define DEVICE_STEPS(step)      step(1, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(MUNMAP)
LISTING(UNLINKS_FIRST)
LISTING(REVOKE)
LISTING(THREAD)
LISTING(THREAD_WARM)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(other_meaning_hurt, holds(P0) != S)
CLAIM(found, saw(MAPPED) == COUNT(1) && saw(WROTE) == LANDED)
CLAIM(not_found, saw(MAPPED) == COUNT(0) && saw(WROTE) == LANDED)

#define RAW_PFN(munmap, who, runs)                                                           \
	.id = "B02", .source = "CVE-2022-39188; Linux b67fbebd4cf9",                         \
	.agents = { RUNS(C0, munmap), RUNS(C1, REVOKE), RUNS(who, runs) },                   \
	.warm = { RUNS(who, runs##_WARM) }, .maps = { [A] = { P0, RW_SPECIAL, LEAF_USED } }, \
	.content = { [P0] = O }, .words = { [RMAP] = 1 }
#define BY_CPU    .needs = NEED_CPU3
#define BY_DEVICE .needs = (NEED_CPU2 | NEED_WRITE)
#define TOO_LATE  "it comes too late: that is the hazard"
#define NOT_MINE  "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
/* The other kind is told by the driver in step `not_mine`. */
#define LATE(cache, not_mine)                                                     \
	.shows = SHOWS(other_meaning_hurt), .shown_by = (cache),                  \
	.spare = { SPARE(C0, 1, "what is cached is stale whatever the PTE says"), \
		   SPARE(C0, 3, TOO_LATE), SPARE(C0, 4, TOO_LATE), SPARE(C1, not_mine, NOT_MINE) }
/* And by munmap in the step before that. */
#define IN_TIME(mine, not_mine)                                                                 \
	.forbid = { FORBID(other_meaning_hurt) }, .allow = { ALLOW(found), ALLOW(not_found) },  \
	.control = { WITHOUT(C0, 1, other_meaning_hurt),                                        \
		     WITHOUT(C0, (mine)-1, other_meaning_hurt),                                 \
		     WITHOUT(C1, 2, other_meaning_hurt), WITHOUT(C1, mine, other_meaning_hurt), \
		     SWAPPED(C0, (mine)-1, 4, other_meaning_hurt) },                            \
	.spare = { SPARE(C0, (not_mine)-1, NOT_MINE), SPARE(C1, not_mine, NOT_MINE) }

SCENARIO(B02_unlinks_first_cpu) = {
	RAW_PFN(UNLINKS_FIRST, C2, THREAD),
	BY_CPU,
	LATE(CACHE_TLB, 4),
	.name = "unlinks_first.cpu",
	.claim =
		"out of the reverse map before it is flushed: a CPU writes what the frame means now",
};

SCENARIO(B02_unlinks_first_device) = {
	RAW_PFN(UNLINKS_FIRST, E, DEVICE),
	BY_DEVICE,
	LATE(CACHE_IOTLB, 3),
	.name = "unlinks_first.device",
	.claim =
		"out of the reverse map before the IOMMU is told: a device writes what is there now",
};

SCENARIO(B02_flushes_first_cpu) = {
	RAW_PFN(MUNMAP, C2, THREAD),
	BY_CPU,
	IN_TIME(3, 4),
	.name = "flushes_first.cpu",
	.claim = "who does not find the mapping can rely on it: it is flushed, no CPU comes late",
};

SCENARIO(B02_flushes_first_device) = {
	RAW_PFN(MUNMAP, E, DEVICE),
	BY_DEVICE,
	IN_TIME(4, 3),
	.name = "flushes_first.device",
	.claim =
		"who does not find the mapping can rely on it: the IOMMU is told, no device comes late",
};
