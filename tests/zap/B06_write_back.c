/*
 * zap takes a dirty page of a file out of the reverse map before it has flushed. Write-back meanwhile finds no mapping that it would have to
 * clean, says that the page is clean and writes it out; then a store comes through an old TLB entry, which knows of D=1 and sets
 * nothing. Mended by Linux 5df397dec7c4: the mapping leaves the reverse map after the flush, under the page-table lock.
 */
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(DIRTY, AT_THE_END, MAPPED, FOUND, WROTE)

enum { PTL };
enum { FOLIO_DIRTY, RMAP }; /* words */

/* clang-format off */
#define ZAP_STEPS(step)                                 \
	step(1, lock, PTL)                              \
	step(2, pte_clear_dirty, A, DIRTY)              \
	step##_if(3, DIRTY, YES, word_set, FOLIO_DIRTY, 1) \
	tlb_flush_mmu_tlbonly(step, 4, A)               \
	mmu_notifier_invalidate_range(step, 5, A)       \
	step(6, word_set, RMAP, 0)                      \
	step(7, unlock, PTL)                            \
	step(8, heed, C1)                               \
	step(9, word_read, FOLIO_DIRTY, AT_THE_END)
#define ZAP_EARLY_STEPS(step)                           \
	step(1, lock, PTL)                              \
	step(2, pte_clear_dirty, A, DIRTY)              \
	step##_if(3, DIRTY, YES, word_set, FOLIO_DIRTY, 1) \
	step(4, word_set, RMAP, 0)                      \
	tlb_flush_mmu_tlbonly(step, 5, A)               \
	mmu_notifier_invalidate_range(step, 6, A)       \
	step(7, unlock, PTL)                            \
	step(8, heed, C1)                               \
	step(9, word_read, FOLIO_DIRTY, AT_THE_END)
/* folio_mkclean(), if there is a mapping; what was dirty there is written too. Q0 is the disk. */
#define WRITE_BACK_STEPS(step)                          \
	step(1, word_read, RMAP, MAPPED)                \
	step##_if(2, MAPPED, COUNT(1), lock, PTL)       \
	step##_if(3, MAPPED, COUNT(1), pte_writable, A, FOUND) \
	step##_if(4, FOUND, YES, pte_wrprotect, A)      \
	step##_if(5, FOUND, YES, cpu_flush, A)          \
	step##_if(6, FOUND, YES, iommu_flush, A)        \
	step##_if(7, FOUND, YES, pte_clean, A)          \
	step##_if(8, MAPPED, COUNT(1), unlock, PTL)     \
	step(9, word_set, FOLIO_DIRTY, 0)               \
	step(10, copy, P0, Q0)                          \
	step(11, tell, C0)
/* clang-format on */
#define THREAD_STEPS(step)      step(1, store, A, X, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)
#define DEVICE_STEPS(step)      step(1, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, O)

LISTING(ZAP)
LISTING(ZAP_EARLY)
LISTING(WRITE_BACK)
LISTING(THREAD)
LISTING(THREAD_WARM)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(lost_write, saw(WROTE) == LANDED && holds(Q0) != X && saw(AT_THE_END) == COUNT(0))
CLAIM(on_disk, saw(WROTE) == LANDED && holds(Q0) == X)
CLAIM(refused, saw(WROTE) == BLOCKED)

#define FILE_PAGE(zap, who, runs)                                                    \
	.id = "B06", .source = "Linux 5df397dec7c4",                                 \
	.agents = { RUNS(C0, zap), RUNS(C1, WRITE_BACK), RUNS(who, runs) },          \
	.warm = { RUNS(who, runs##_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O, [Q0] = O }, .words = { [RMAP] = 1 }
#define BY_CPU    .needs = NEED_CPU3
#define BY_DEVICE .needs = (NEED_CPU2 | NEED_WRITE_ANY)
#define NOT_MINE  "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
/* The other kind is told in step `not_mine` of both. */
#define EARLY(cache, not_mine)                                                    \
	.shows = SHOWS(lost_write), .shown_by = (cache),                          \
	.spare = { SPARE(C0, 2, "what is cached is stale whatever the PTE says"), \
		   SPARE(C0, not_mine, NOT_MINE), SPARE(C1, not_mine, NOT_MINE) }
/* Write-back tells in step `mine`, and the other kind in step `not_mine`; zap in the step before that. */
#define AFTER_FLUSH(mine, not_mine)                                                             \
	.forbid = { FORBID(lost_write) }, .allow = { ALLOW(on_disk), ALLOW(refused) },          \
	.control = { WITHOUT(C0, 1, lost_write),        WITHOUT(C0, 2, lost_write),             \
		     WITHOUT(C0, (mine)-1, lost_write), WITHOUT(C1, 2, lost_write),             \
		     WITHOUT(C1, mine, lost_write),     SWAPPED(C0, (mine)-1, 6, lost_write) }, \
	.spare = { SPARE(C0, (not_mine)-1, NOT_MINE), SPARE(C1, not_mine, NOT_MINE) }

SCENARIO(B06_early_cpu) = {
	FILE_PAGE(ZAP_EARLY, C2, THREAD),
	BY_CPU,
	EARLY(CACHE_TLB, 6),
	.name = "early.cpu",
	.claim =
		"out of the reverse map before the flush: a page said to be clean has a store more",
};

SCENARIO(B06_early_device) = {
	FILE_PAGE(ZAP_EARLY, E, DEVICE),
	BY_DEVICE,
	EARLY(CACHE_IOTLB, 5),
	.name = "early.device",
	.claim =
		"out of the reverse map before the IOMMU is told: a clean page has a device's write more",
};

SCENARIO(B06_after_flush_cpu) = {
	FILE_PAGE(ZAP, C2, THREAD),
	BY_CPU,
	AFTER_FLUSH(5, 6),
	.name = "after_flush.cpu",
	.claim =
		"out of the reverse map after the flush: each store is on disk, or the page is dirty",
};

SCENARIO(B06_after_flush_device) = {
	FILE_PAGE(ZAP, E, DEVICE),
	BY_DEVICE,
	AFTER_FLUSH(6, 5),
	.name = "after_flush.device",
	.claim =
		"out of the reverse map when the IOMMU is told: each write is on disk, or the page is dirty",
};
