/*
 * A page that goes to swap and is wanted back before it went: the fault finds it in the swap cache and maps the same page again.
 * As it is the same, the IOMMU may be told as late as one likes, and whether the fault waits for the page lock or shares the page
 * is all one. What is not found there comes as another page: then the IOMMU must have been told, before the page-table lock is
 * dropped, or before the page lock is, if the fault waits for that.
 */
#include "mm/protocol/pte.h"
#include "mm/protocol/swap.h"
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND, ENTRY, FOUND, LAST)

enum { PTL, PAGE_LOCK };
enum { SWAP_CACHE };

/* clang-format off */
#define OUT_LATE(step, cache_it)                      \
	step(1, lock, PAGE_LOCK)                      \
	cache_it(step, 2, SWAP_CACHE)                 \
	step(3, lock, PTL)                            \
	try_to_unmap(step, 4, A)                      \
	step(6, unlock, PTL)                          \
	mmu_notifier_invalidate_range_end(step, 7, A) \
	step(8, unlock, PAGE_LOCK)
#define CACHED_STEPS(step)   OUT_LATE(step, add_to_swap)
#define UNCACHED_STEPS(step) OUT_LATE(step, delete_from_swap_cache)
#define OUT_INSIDE(step, cache_it)                  \
	step(1, lock, PAGE_LOCK)                    \
	cache_it(step, 2, SWAP_CACHE)               \
	step(3, lock, PTL)                          \
	try_to_unmap(step, 4, A)                    \
	mmu_notifier_invalidate_range(step, 6, A)   \
	step(7, unlock, PTL)                        \
	step(8, unlock, PAGE_LOCK)
#define INSIDE_STEPS(step)        OUT_INSIDE(step, delete_from_swap_cache)
#define CACHED_INSIDE_STEPS(step) OUT_INSIDE(step, add_to_swap)
#define WAITS_STEPS(step)                                                                 \
	step(1, store, A, N, FIRST)                                                       \
	do_swap_page(step, 2, FIRST, A, ENTRY, FOUND, SWAP_CACHE, PAGE_LOCK, PTL, P0, P1) \
	step##_if(10, FIRST, BLOCKED, store, A, N, SECOND)                                \
	step(11, tell, E)
#define SHARES_STEPS(step)                                                                \
	step(1, store, A, N, FIRST)                                                       \
	do_swap_page_shared(step, 2, FIRST, A, ENTRY, FOUND, SWAP_CACHE, PTL, P0, P1)     \
	step##_if(8, FIRST, BLOCKED, store, A, N, SECOND)                                 \
	step(9, tell, E)
#define LOADS_STEPS(step)                                                                 \
	step(1, heed, E)                                                                  \
	step(2, load, A, FIRST)                                                           \
	do_swap_page_shared(step, 3, FIRST, A, ENTRY, FOUND, SWAP_CACHE, PTL, P0, P1)     \
	step##_if(9, FIRST, BLOCKED, load, A, SECOND)
/* clang-format on */
#define READER_STEPS(step) \
	step(1, heed, C1)  \
	step(2, dma_read, A, LAST)
#define WRITER_STEPS(step)             \
	step(1, dma_write, A, X, LAST) \
	step(2, tell, C1)
#define READER_WARM_STEPS(step) step(1, dma_read, A)

LISTING(CACHED)
LISTING(UNCACHED)
LISTING(INSIDE)
LISTING(CACHED_INSIDE)
LISTING(WAITS)
LISTING(SHARES)
LISTING(LOADS)
LISTING(READER)
LISTING(WRITER)
LISTING(READER_WARM)

CLAIM(stale, saw(LAST) == O)
CLAIM(stale_after_fault, saw(SECOND) == LANDED && saw(LAST) == O)
CLAIM(refused, saw(FIRST) == BLOCKED && saw(SECOND) != LANDED)
CLAIM(back_again, saw(ENTRY) == SWAP && saw(SECOND) == LANDED && saw(LAST) == N)
CLAIM(not_unmapped_yet, saw(FIRST) == LANDED && saw(LAST) == N)
CLAIM(unmapped_after, saw(FIRST) == LANDED && saw(LAST) == BLOCKED)
CLAIM(write_not_seen, saw(LAST) == LANDED && (saw(FIRST) == O || saw(SECOND) == O))
CLAIM(seen_after_fault, saw(LAST) == LANDED && saw(FOUND) == COUNT(1) && saw(SECOND) == X)

#define TO_SWAP(out, thread, device)                                                   \
	.id = "A09",                                                                   \
	.source = "mmu notifier thread 2017, scenario 2, and its end on try_to_unmap", \
	.agents = { RUNS(C0, out), RUNS(C1, thread), RUNS(E, device) },                \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = O }
#define READS      .needs = NEED_READ | NEED_CPU2, .warm = { RUNS(E, READER_WARM) }
#define SAME_PAGE  "early, late or never: what is cached is the page that is mapped again"
#define OLD_STORES "a store through an old entry takes no fault"
#define NOT_HELD   "it holds nobody up until the IOMMU is told: other_page.inside_lock"
#define ALONE      "nobody else takes it here: other_page.waits"
#define LATE       "it comes too late: that is the hazard"

SCENARIO(A09_same_page) = {
	TO_SWAP(CACHED, SHARES, READER),
	READS,
	.name = "same_page",
	.claim = "the same page mapped again, IOMMU told late: the device reads what the CPU wrote",
	.forbid = { FORBID(stale), FORBID(refused) },
	.allow = { ALLOW(back_again), ALLOW(not_unmapped_yet), ALLOW(unmapped_after) },
	.control = { WITHOUT(E, 1, stale) },
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 3, NOT_HELD), SPARE(C0, 5, SAME_PAGE),
		   SPARE(C0, 7, SAME_PAGE), SPARE(C1, 4, NOT_HELD) },
};

SCENARIO(A09_same_page_waits) = {
	TO_SWAP(CACHED, WAITS, READER),
	READS,
	.name = "same_page.waits",
	.claim = "the same, and the fault waits for the page lock: it makes no difference",
	.forbid = { FORBID(stale), FORBID(refused) },
	.allow = { ALLOW(back_again), ALLOW(not_unmapped_yet), ALLOW(unmapped_after) },
	.control = { WITHOUT(E, 1, stale) },
	.spare = { SPARE(C0, 1, SAME_PAGE), SPARE(C0, 3, NOT_HELD), SPARE(C0, 5, SAME_PAGE),
		   SPARE(C0, 7, SAME_PAGE), SPARE(C1, 4, SAME_PAGE), SPARE(C1, 5, NOT_HELD) },
};

SCENARIO(A09_same_page_inside) = {
	TO_SWAP(CACHED_INSIDE, SHARES, READER),
	READS,
	.name = "same_page.inside_lock",
	.claim =
		"the same page mapped again, IOMMU told inside the lock: nothing is seen that was not with it told late",
	.forbid = { FORBID(stale), FORBID(refused) },
	.allow = { ALLOW(back_again), ALLOW(not_unmapped_yet), ALLOW(unmapped_after) },
	.control = { WITHOUT(E, 1, stale) },
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 3, NOT_HELD), SPARE(C0, 5, SAME_PAGE),
		   SPARE(C0, 6, SAME_PAGE), SPARE(C1, 4, NOT_HELD) },
};

SCENARIO(A09_write) = {
	TO_SWAP(CACHED, LOADS, WRITER),
	.name = "write",
	.claim = "the same page mapped again, IOMMU told late: the CPU reads what the device wrote",
	.needs = NEED_WRITE | NEED_CPU2,
	.forbid = { FORBID(write_not_seen) },
	.allow = { ALLOW(seen_after_fault) },
	.control = { WITHOUT(C1, 1, write_not_seen) },
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 3, NOT_HELD), SPARE(C0, 5, SAME_PAGE),
		   SPARE(C0, 7, SAME_PAGE), SPARE(C1, 5, NOT_HELD) },
};

SCENARIO(A09_other_page) = {
	TO_SWAP(UNCACHED, SHARES, READER),
	READS,
	.name = "other_page",
	.claim = "another page mapped, IOMMU told late: the device reads the old page",
	.forbid = { FORBID(refused) },
	.shows = SHOWS(stale_after_fault),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 3, NOT_HELD), SPARE(C0, 5, OLD_STORES),
		   SPARE(C0, 7, LATE), SPARE(C1, 4, NOT_HELD) },
};

SCENARIO(A09_other_page_inside) = {
	TO_SWAP(INSIDE, SHARES, READER),
	READS,
	.name = "other_page.inside_lock",
	.claim =
		"another page mapped, IOMMU told before the lock is dropped: the device reads the new page",
	.forbid = { FORBID(stale_after_fault), FORBID(refused) },
	.allow = { ALLOW(back_again) },
	.control = { WITHOUT(C0, 3, stale_after_fault), WITHOUT(C0, 6, stale_after_fault),
		     WITHOUT(C1, 4, stale_after_fault), SWAPPED(C0, 6, 7, stale_after_fault) },
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 5, OLD_STORES) },
};

SCENARIO(A09_other_page_waits) = {
	TO_SWAP(UNCACHED, WAITS, READER),
	READS,
	.name = "other_page.waits",
	.claim =
		"another page mapped, IOMMU told before the page lock is dropped, and the fault waits for that: the device reads the new page",
	.forbid = { FORBID(stale_after_fault), FORBID(refused) },
	.allow = { ALLOW(back_again) },
	.control = { WITHOUT(C0, 1, stale_after_fault), WITHOUT(C0, 7, stale_after_fault),
		     WITHOUT(C1, 4, stale_after_fault), SWAPPED(C0, 7, 8, stale_after_fault) },
	.spare = { SPARE(C0, 3, "the page lock holds the fault up"), SPARE(C0, 5, OLD_STORES),
		   SPARE(C1, 5, "the page lock holds the fault up") },
};
