/*
 * fork shares a page with the child: both entries read-only, and a write by either copies first. Who may still write by what was cached
 * before, a thread of the parent or a device, writes into what the child reads. So the parent's range is flushed before
 * fork returns. Less is allowed than before and no page changes place, so that no notification is needed beside that of the
 * range: Linux 0f10851ea475.
 */
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(EARLY, LATE, CHILD)

/* copy_page_range(), dup_mmap(); B is the child's entry. */
#define SHARE(step)               \
	step(1, pte_wrprotect, A) \
	step(2, pte_set, B, P0, RO)
#define CHILD(step, n, who)      \
	step(n, tell, who)       \
	step((n) + 1, heed, who) \
	step((n) + 2, load, B, CHILD)
#define FORK_STEPS(step)                          \
	SHARE(step)                               \
	tlb_flush_mmu_tlbonly(step, 3, A)         \
	mmu_notifier_invalidate_range(step, 4, A) \
	CHILD(step, 5, C1)
#define FORK_FOR_DEVICE_STEPS(step)               \
	SHARE(step)                               \
	tlb_flush_mmu_tlbonly(step, 3, A)         \
	mmu_notifier_invalidate_range(step, 4, A) \
	CHILD(step, 5, E)
#define FORK_UNFLUSHED_STEPS(step) \
	SHARE(step)                \
	CHILD(step, 3, C1)
#define FORK_UNTOLD_STEPS(step)           \
	SHARE(step)                       \
	tlb_flush_mmu_tlbonly(step, 3, A) \
	CHILD(step, 4, E)
#define THREAD_STEPS(step)          \
	step(1, store, A, X, EARLY) \
	step(2, heed, C0)           \
	step(3, store, A, Y, LATE)  \
	step(4, tell, C0)
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, Y, LATE)  \
	step(4, tell, C0)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, O)

LISTING(FORK)
LISTING(FORK_FOR_DEVICE)
LISTING(FORK_UNFLUSHED)
LISTING(FORK_UNTOLD)
LISTING(THREAD)
LISTING(DEVICE)
LISTING(THREAD_WARM)
LISTING(DEVICE_WARM)

CLAIM(child_sees_it, saw(LATE) == LANDED && saw(CHILD) == Y)
CLAIM(written_after_fork, saw(LATE) != BLOCKED)
CLAIM(written_before, saw(EARLY) == LANDED && saw(LATE) == BLOCKED && saw(CHILD) == X)
CLAIM(refused, saw(EARLY) == BLOCKED && saw(LATE) == BLOCKED && saw(CHILD) == O)

#define FORKED(fork, who, runs)                                                            \
	.id = "B13", .source = "Linux, copy_page_range(); 0f10851ea475",                   \
	.agents = { RUNS(C0, fork), RUNS(who, runs) }, .warm = { RUNS(who, runs##_WARM) }, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }
#define BY_CPU    .needs = NEED_CPU2
#define BY_DEVICE .needs = NEED_WRITE_ANY
#define NOT_MINE  "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define LATER     "what is written later is refused"
#define EARLIER   "a child that reads earlier sees no more"
#define BEFORE    "what is written before fork has returned lands as well"

/* It is told in step `mine`, and the other kind in step `not_mine`. */
#define TOLD(who, mine, not_mine)                                                           \
	.forbid = { FORBID(child_sees_it), FORBID(written_after_fork) },                    \
	.allow = { ALLOW(written_before), ALLOW(refused) },                                 \
	.control = { WITHOUT(C0, mine, child_sees_it), WITHOUT(who, 2, written_after_fork), \
		     SWAPPED(C0, 1, mine, written_after_fork),                              \
		     SWAPPED(C0, mine, 5, written_after_fork) },                            \
	.spare = { SPARE(C0, not_mine, NOT_MINE), SPARE(C0, 6, EARLIER),                    \
		   SPARE_SWAP(who, 1, 2, LATER) }

SCENARIO(B13_unflushed_cpu) = {
	FORKED(FORK_UNFLUSHED, C1, THREAD),
	BY_CPU,
	.name = "unflushed.cpu",
	.claim = "fork without a flush: a thread of the parent writes what the child reads",
	.shows = SHOWS(child_sees_it),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C1, 2, BEFORE) },
};

SCENARIO(B13_untold_device) = {
	FORKED(FORK_UNTOLD, E, DEVICE),
	BY_DEVICE,
	.name = "untold.device",
	.claim =
		"fork without telling the IOMMU: a device of the parent writes what the child reads",
	.shows = SHOWS(child_sees_it),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 3, NOT_MINE), SPARE(E, 2, BEFORE) },
};

SCENARIO(B13_flushed_cpu) = {
	FORKED(FORK, C1, THREAD),
	BY_CPU,
	.name = "flushed.cpu",
	.claim = "the range flushed before fork returns: the child sees no thread's later write",
	TOLD(C1, 3, 4),
};

SCENARIO(B13_told_device) = {
	FORKED(FORK_FOR_DEVICE, E, DEVICE),
	BY_DEVICE,
	.name = "told.device",
	.claim = "the IOMMU told before fork returns: the child sees no later write of a device",
	TOLD(E, 4, 3),
};
