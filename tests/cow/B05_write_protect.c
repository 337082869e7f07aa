/*
 * userfaultfd write-protects a range and flushes it at the end. A write fault meanwhile finds the entry read-only and copies the page,
 * which another thread, or a device, still writes by its old right: what it wrote last is not in the copy. Mended by Linux
 * 6ce64428d620: the fault sees that a flush is pending, and flushes before it copies.
 */
#include "mm/protocol/fault.h"
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(GATHERS, WROTE)

enum { PENDING };

/* The fault is one that the read-only entry causes. */
#define PROTECT_STEPS(step)                       \
	inc_tlb_flush_pending(step, 1, PENDING)   \
	step(2, pte_wrprotect, A)                 \
	step(3, tell, C1)                         \
	tlb_flush_mmu_tlbonly(step, 4, A)         \
	mmu_notifier_invalidate_range(step, 5, A) \
	dec_tlb_flush_pending(step, 6, PENDING)
#define FAULT_STEPS(step) \
	step(1, heed, C0) \
	wp_page_copy(step, 2, A, P0, P1)
/* clang-format off */
#define FAULT_FLUSHES_STEPS(step)                       \
	step(1, heed, C0)                               \
	step(2, word_read, PENDING, GATHERS)            \
	step##_if(3, GATHERS, COUNT(1), cpu_flush, A)   \
	step##_if(4, GATHERS, COUNT(1), iommu_flush, A) \
	wp_page_copy(step, 5, A, P0, P1)
/* clang-format on */
#define THREAD_STEPS(step)      step(1, store, A, X, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)
#define DEVICE_STEPS(step)      step(1, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, O)

LISTING(PROTECT)
LISTING(FAULT)
LISTING(FAULT_FLUSHES)
LISTING(THREAD)
LISTING(THREAD_WARM)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(lost_write, saw(WROTE) == LANDED && holds(P1) != X)
CLAIM(in_the_copy, saw(WROTE) == LANDED && holds(P1) == X && holds(P0) == X)
CLAIM(after_the_copy, saw(WROTE) == LANDED && holds(P1) == X && holds(P0) == O)
CLAIM(refused, saw(WROTE) == BLOCKED)

#define COPIED(fault, who, runs)                                                     \
	.id = "B05", .source = "Linux 6ce64428d620",                                 \
	.agents = { RUNS(C0, PROTECT), RUNS(C1, fault), RUNS(who, runs) },           \
	.warm = { RUNS(who, runs##_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O }
#define BY_CPU         .needs = NEED_CPU3
#define BY_DEVICE      .needs = (NEED_CPU2 | NEED_WRITE_ANY)
#define TOO_LATE       "it comes too late: that is the hazard"
#define COPIED_BY_THEN "the page is copied by then"
#define READ_ONLY      "every right to write is gone by then: what is stale only reads"
#define TOO_EARLY      "who copies before the right is taken away loses the write as well"
#define NOT_MINE       "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define BROKEN(cache)                                                          \
	.shows = SHOWS(lost_write), .shown_by = (cache),                       \
	.spare = { SPARE(C0, 4, TOO_LATE),       SPARE(C0, 5, TOO_LATE),       \
		   SPARE(C1, 1, TOO_EARLY),      SPARE(C1, 3, COPIED_BY_THEN), \
		   SPARE(C1, 4, COPIED_BY_THEN), SPARE(C1, 5, COPIED_BY_THEN) }
/* The fault flushes in step `mine`, and the other kind in step `not_mine`; who protects each in the next one. */
#define MENDED(mine, not_mine)                                                                \
	.forbid = { FORBID(lost_write) },                                                     \
	.allow = { ALLOW(in_the_copy), ALLOW(after_the_copy), ALLOW(refused) },               \
	.control = { WITHOUT(C0, 1, lost_write),      WITHOUT(C0, (mine) + 1, lost_write),    \
		     WITHOUT(C1, 1, lost_write),      WITHOUT(C1, mine, lost_write),          \
		     SWAPPED(C0, 1, 3, lost_write),   SWAPPED(C0, (mine) + 1, 6, lost_write), \
		     SWAPPED(C1, mine, 5, lost_write) },                                      \
	.spare = { SPARE(C0, (not_mine) + 1, NOT_MINE), SPARE(C1, not_mine, NOT_MINE),        \
		   SPARE(C1, 6, READ_ONLY), SPARE(C1, 7, READ_ONLY), SPARE(C1, 8, READ_ONLY) }

SCENARIO(B05_copies_cpu) = {
	COPIED(FAULT, C2, THREAD),
	BY_CPU,
	BROKEN(CACHE_TLB),
	.name = "copies.cpu",
	.claim = "copied while the flush is pending: what a thread writes without a fault is lost",
};

SCENARIO(B05_copies_device) = {
	COPIED(FAULT, E, DEVICE),
	BY_DEVICE,
	BROKEN(CACHE_IOTLB),
	.name = "copies.device",
	.claim = "copied while the flush is pending: what a device writes without a fault is lost",
};

SCENARIO(B05_flushes_cpu) = {
	COPIED(FAULT_FLUSHES, C2, THREAD),
	BY_CPU,
	MENDED(3, 4),
	.name = "flushes.cpu",
	.claim =
		"a fault that sees a flush pending flushes before it copies: no thread's write is lost",
};

SCENARIO(B05_flushes_device) = {
	COPIED(FAULT_FLUSHES, E, DEVICE),
	BY_DEVICE,
	MENDED(4, 3),
	.name = "flushes.device",
	.claim =
		"a fault that sees a flush pending flushes before it copies: no device's write is lost",
};
