#pragma once
#include "mm/protocol/pte.h"

/* The mmu gather, mm/mmu_gather.c and mm/memory.c: pages are unmapped, collected, and freed behind one flush. */

/* 1 step and 1: a word counts the gathers of the mm that have not flushed yet. Before the first entry is cleared; after the flush. */
#define inc_tlb_flush_pending(step, n, pending) step(n, word_add, pending, 1)
#define dec_tlb_flush_pending(step, n, pending) step(n, word_add, pending, MINUS_1)

/* 1 step: a page is noted in the batch, as its entry is cleared. No flush, no free. Under the page-table lock. */
#define __tlb_remove_page(step, n, place) step(n, pte_clear, place)

/* 3 steps: and counted; what the batch holds then says whether it is full. */
#define __tlb_remove_page_counted(step, n, place, held, seen) \
	__tlb_remove_page(step, n, place)                     \
	step((n) + 1, word_add, held, 1)                      \
	step((n) + 2, word_read, held, seen)

/* 3 steps: one page of a range. */
#define zap_pte_range(step, n, place, ptl)      \
	step(n, lock, ptl)                      \
	__tlb_remove_page(step, (n) + 1, place) \
	step((n) + 2, unlock, ptl)

/* 1 step: the CPUs. With no locks, or under the page-table lock if the batch is full or dirty. */
#define tlb_flush_mmu_tlbonly(step, n, place) step(n, cpu_flush, place)

/* 1 step: a page of the batch is free, and somebody else's at once. After every flush. */
#define tlb_batch_pages_flush(step, n, frame) step(n, reuse, frame)

/* 3 steps: what the batch holds is flushed and freed, at the end or because it is full; secondary MMUs too, which have no count. */
#define tlb_flush_mmu(step, n, place, frame)                \
	tlb_flush_mmu_tlbonly(step, n, place)               \
	mmu_notifier_invalidate_range(step, (n) + 1, place) \
	tlb_batch_pages_flush(step, (n) + 2, frame)

/* clang-format off */
/* 4 steps: the same and the batch is empty again, if what it held was that much. */
#define tlb_flush_mmu_if(step, n, seen, much, place, frame, held) \
	step##_if(n, seen, much, cpu_flush, place)                \
	step##_if((n) + 1, seen, much, iommu_flush, place)        \
	step##_if((n) + 2, seen, much, reuse, frame)              \
	step##_if((n) + 3, seen, much, word_set, held, 0)
/* clang-format on */

/* 3 steps: all of it for a range of one page, and this gather is not pending any more. No locks are held. */
#define tlb_finish_mmu(step, n, place, frame, pending) \
	tlb_flush_mmu_tlbonly(step, n, place)          \
	tlb_batch_pages_flush(step, (n) + 1, frame)    \
	dec_tlb_flush_pending(step, (n) + 2, pending)

/* 2 steps: who sees another gather pending flushes too, for an entry that he found cleared: the beginning of tlb_finish_mmu. */
/* clang-format off */
#define flush_if_mm_tlb_flush_nested(step, n, place, pending, gathers) \
	step(n, word_read, pending, gathers)                           \
	step##_if((n) + 1, gathers, COUNT(2), cpu_flush, place)
/* clang-format on */

/* 6 steps: MADV_DONTNEED of one page, mm/madvise.c. No locks are held. */
#define madvise_dontneed_single_vma(step, n, place, frame, ptl) \
	zap_pte_range(step, n, place, ptl)                      \
	tlb_flush_mmu(step, (n) + 3, place, frame)

/* 5 steps: when it returns no CPU and no secondary MMU uses the page. It waits for no grace period. */
#define unmap_mapping_range_by(flush, step, n, place, ptl) \
	zap_pte_range(step, n, place, ptl)                 \
	step((n) + 3, flush, place)                        \
	mmu_notifier_invalidate_range_end(step, (n) + 4, place)

/* By interrupt: nor is a lockless walk under way that began before. */
#define unmap_mapping_range(step, n, place, ptl) \
	unmap_mapping_range_by(cpu_flush, step, n, place, ptl)

/* Without one, as by TLBI or by a hypervisor: a lockless walker with interrupts off goes on with what it has read. */
#define unmap_mapping_range_broadcast(step, n, place, ptl) \
	unmap_mapping_range_by(broadcast, step, n, place, ptl)
