/*
 * Reclaim unmaps pages with one flush for many, later. The owner of the page calls mprotect or munmap meanwhile, finds a swap entry, so nothing
 * to change or to flush, and returns; another of his threads still writes. Mended by Linux 3ea277194daa: who takes the lock
 * sees that a batch is pending, and flushes. Secondary MMUs are told at once, when the page joins the batch.
 */
#include "mm/protocol/pte.h"
#include "mm/protocol/swap.h"
#include "tests/scenario.h"

OBSERVE(PENDING, FOUND, WROTE, MAPPED)

enum { PTL };
enum { BATCHED }; /* tlb_flush_batched of the mm */

#define RECLAIM_STEPS(step)                       \
	step(1, lock, PTL)                        \
	try_to_unmap_batched(step, 2, A)          \
	step(3, word_set, BATCHED, 1)             \
	mmu_notifier_invalidate_range(step, 4, A) \
	step(5, unlock, PTL)                      \
	try_to_unmap_flush(step, 6, A)            \
	step(7, reuse, P0)
#define TELLS_LATE_STEPS(step)                    \
	step(1, lock, PTL)                        \
	try_to_unmap_batched(step, 2, A)          \
	step(3, word_set, BATCHED, 1)             \
	step(4, unlock, PTL)                      \
	try_to_unmap_flush(step, 5, A)            \
	mmu_notifier_invalidate_range(step, 6, A) \
	step(7, reuse, P0)
/* clang-format off */
/* change_pte_range(), 4 steps: if he came first the right to write goes. */
#define PROTECTS(step, n, flush)                                \
	step(n, pte_read, A, FOUND)                             \
	step##_if((n) + 1, FOUND, MARK(P0), pte_wrprotect, A)   \
	step((n) + 2, unlock, PTL)                              \
	step##_if((n) + 3, FOUND, MARK(P0), flush, A)
/* clang-format on */
#define MPROTECT_STEPS(step)         \
	step(1, lock, PTL)           \
	PROTECTS(step, 2, cpu_flush) \
	step(6, tell, C2)
#define LOOKS(step, flush, who)                                 \
	step(1, lock, PTL)                                      \
	flush_tlb_batched_pending(step, 2, A, BATCHED, PENDING) \
	PROTECTS(step, 4, flush)                                \
	step(8, tell, who)
#define MPROTECT_LOOKS_STEPS(step)      LOOKS(step, cpu_flush, C2)
#define MPROTECT_FOR_DEVICE_STEPS(step) LOOKS(step, iommu_flush, E)
#define THREAD_STEPS(step) \
	step(1, heed, C1)  \
	step(2, store, A, Y, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)
#define DEVICE_STEPS(step) \
	step(1, heed, C1)  \
	step(2, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(RECLAIM)
LISTING(TELLS_LATE)
LISTING(MPROTECT)
LISTING(MPROTECT_LOOKS)
LISTING(MPROTECT_FOR_DEVICE)
LISTING(THREAD)
LISTING(THREAD_WARM)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(written_after_return, saw(FOUND) == SWAP && saw(WROTE) == LANDED)
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(gone, saw(FOUND) == SWAP && saw(WROTE) == BLOCKED)
CLAIM(right_kept, saw(FOUND) == MARK(P0) && saw(WROTE) == LANDED)
CLAIM(came_first, saw(FOUND) == MARK(P0) && saw(WROTE) == BLOCKED)

#define BATCH(reclaim, mprotect, who, runs)                                          \
	.id = "B07", .source = "Linux 3ea277194daa",                                 \
	.agents = { RUNS(C0, reclaim), RUNS(C1, mprotect), RUNS(who, runs) },        \
	.warm = { RUNS(who, runs##_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O }
#define LOCKED          "who does not look at the batch is not helped by the lock"
#define FLUSHED_FOR_HIM "nobody writes by the old entry before it was flushed for him"
#define NOT_MINE        "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"

SCENARIO(B07_returns_cpu) = {
	BATCH(RECLAIM, MPROTECT, C2, THREAD),
	.name = "returns.cpu",
	.claim =
		"nothing to change, nothing to flush: a thread writes the page after mprotect returned",
	.needs = NEED_CPU3,
	.forbid = { FORBID(right_kept), FORBID(stranger_hurt) },
	.shows = SHOWS(written_after_return),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 1, LOCKED), SPARE(C0, 4, NOT_MINE), SPARE(C1, 1, LOCKED) },
};

SCENARIO(B07_looks_cpu) = {
	BATCH(RECLAIM, MPROTECT_LOOKS, C2, THREAD),
	.name = "looks.cpu",
	.claim =
		"who sees a batch pending flushes before he returns: no thread writes the page after that",
	.needs = NEED_CPU3,
	.forbid = { FORBID(written_after_return), FORBID(right_kept) },
	.allow = { ALLOW(gone), ALLOW(came_first) },
	.control = { WITHOUT(C0, 1, written_after_return), WITHOUT(C0, 3, written_after_return),
		     WITHOUT(C1, 1, written_after_return), WITHOUT(C1, 3, written_after_return),
		     WITHOUT(C1, 7, right_kept), WITHOUT(C2, 1, written_after_return) },
	.spare = { SPARE(C0, 4, NOT_MINE), SPARE(C0, 6, FLUSHED_FOR_HIM) },
};

SCENARIO(B07_late_device) = {
	BATCH(TELLS_LATE, MPROTECT_FOR_DEVICE, E, DEVICE),
	.name = "late.device",
	.claim = "the IOMMU told with the batch: a device writes the page after mprotect returned",
	.needs = NEED_CPU2 | NEED_WRITE,
	.forbid = { FORBID(right_kept), FORBID(stranger_hurt) },
	.shows = SHOWS(written_after_return),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 5, NOT_MINE), SPARE(C1, 3, NOT_MINE) },
};

SCENARIO(B07_at_once_device) = {
	BATCH(RECLAIM, MPROTECT_FOR_DEVICE, E, DEVICE),
	.name = "at_once.device",
	.claim =
		"the IOMMU told when the page joins the batch: no device writes it after mprotect returned",
	.needs = NEED_CPU2 | NEED_WRITE,
	.forbid = { FORBID(written_after_return), FORBID(right_kept), FORBID(stranger_hurt) },
	.allow = { ALLOW(gone), ALLOW(came_first) },
	.control = { WITHOUT(C0, 1, written_after_return), WITHOUT(C0, 4, stranger_hurt),
		     WITHOUT(C1, 1, written_after_return), WITHOUT(C1, 7, right_kept),
		     WITHOUT(E, 1, written_after_return), SWAPPED(C0, 4, 5, written_after_return) },
	.spare = { SPARE(C0, 6, NOT_MINE), SPARE(C1, 3, NOT_MINE) },
};

/* munmap, and then mmap of the same range, which gets another page by a fault. Reclaim of a page that is gone finds nothing. */
/* clang-format off */
#define RECLAIM_IF_THERE_STEPS(step)                            \
	step(1, lock, PTL)                                      \
	step(2, pte_read, A, MAPPED)                            \
	step##_if(3, MAPPED, MARK(P0), pte_tag, A, SWAP)        \
	step##_if(4, MAPPED, MARK(P0), word_set, BATCHED, 1)    \
	step(5, unlock, PTL)                                    \
	step##_if(6, MAPPED, MARK(P0), cpu_flush, A)            \
	step##_if(7, MAPPED, MARK(P0), reuse, P0)
#define ZAPS(step, n)                                           \
	step(n, pte_read, A, FOUND)                             \
	step##_if((n) + 1, FOUND, MARK(P0), pte_clear, A)       \
	step##_if((n) + 2, FOUND, MARK(P0), cpu_flush, A)       \
	step((n) + 3, pte_set, A, P1, RW)                       \
	step((n) + 4, unlock, PTL)
#define MUNMAP_STEPS(step)                                      \
	step(1, lock, PTL)                                      \
	ZAPS(step, 2)                                           \
	step(7, tell, C2)
#define MUNMAP_LOOKS_STEPS(step)                                \
	step(1, lock, PTL)                                      \
	flush_tlb_batched_pending(step, 2, A, BATCHED, PENDING) \
	ZAPS(step, 4)                                           \
	step(9, tell, C2)
/* clang-format on */

LISTING(RECLAIM_IF_THERE)
LISTING(MUNMAP)
LISTING(MUNMAP_LOOKS)

CLAIM(not_in_the_new_page, saw(WROTE) == LANDED && holds(P1) != Y)
CLAIM(in_the_new_page, saw(FOUND) == SWAP && holds(P1) == Y)
CLAIM(nothing_to_reclaim, saw(MAPPED) == MARK(P1))

SCENARIO(B07_munmap_returns) = {
	BATCH(RECLAIM_IF_THERE, MUNMAP, C2, THREAD),
	.name = "munmap_returns",
	.claim =
		"nothing to flush, and mapped anew: a thread writes to the page that was there before",
	.needs = NEED_CPU3,
	.shows = SHOWS(not_in_the_new_page),
	.shown_by = CACHE_TLB,
};

SCENARIO(B07_munmap_looks) = {
	BATCH(RECLAIM_IF_THERE, MUNMAP_LOOKS, C2, THREAD),
	.name = "munmap_looks",
	.claim = "who sees a batch pending flushes before he maps anew: writes go to the new page",
	.needs = NEED_CPU3,
	.forbid = { FORBID(not_in_the_new_page) },
	.allow = { ALLOW(in_the_new_page), ALLOW(nothing_to_reclaim) },
	.control = { WITHOUT(C0, 4, not_in_the_new_page), WITHOUT(C1, 3, not_in_the_new_page),
		     WITHOUT(C1, 6, not_in_the_new_page) },
	.spare = { SPARE(C0, 6, FLUSHED_FOR_HIM) },
};
