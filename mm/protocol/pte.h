#pragma once

/*
 * Protocols of mm, as pieces of listings: a listing (tests/scenario.h) has one in it where the kernel calls the function of that
 * name. Each says how many steps it has; the first is number n, and claims and controls speak of n, n + 1 and so on. Nothing here
 * knows what a step is: `step` is whoever reads the listing. iommu_flush stands for every secondary TLB that is told,
 * by ->invalidate_range then and by arch_invalidate_secondary_tlbs today.
 */

/* 2 steps: clear, and no CPU has it cached any more. No other MMU is told. Under the page-table lock. mm/pgtable-generic.c. */
#define ptep_clear_flush(step, n, place) \
	step(n, pte_clear, place)        \
	step((n) + 1, cpu_flush, place)

/* 1 step: what every secondary MMU has cached. Under any lock. Linux 6.6 and later: arch_invalidate_secondary_tlbs. */
#define mmu_notifier_invalidate_range(step, n, place) step(n, iommu_flush, place)

/* 3 steps: and nor has a secondary MMU. Under the page-table lock. include/linux/mmu_notifier.h, until Linux 6.5. */
#define ptep_clear_flush_notify(step, n, place) \
	ptep_clear_flush(step, n, place)        \
	mmu_notifier_invalidate_range(step, (n) + 2, place)

/* 1 step: a secondary MMU is told when the range is done, after all locks were dropped. mm/mmu_notifier.c, until Linux 6.5. */
#define mmu_notifier_invalidate_range_end(step, n, place) \
	mmu_notifier_invalidate_range(step, n, place)
