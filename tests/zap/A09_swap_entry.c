/*
 * A page that goes to swap and is wanted back before it went: the fault finds it in the swap cache and maps the same page again.
 * As it is the same, the IOMMU may be told as late as one likes. Were it another page, it would have to be told before the lock is
 * dropped. The fault does not wait for the page lock here, which would hold it up until the IOMMU is told: what is shown
 * without it holds with it.
 */
#include "mm/protocol/pte.h"
#include "mm/protocol/swap.h"
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND, ENTRY, LAST)

enum { PTL };

#define LATE_STEPS(step)         \
	step(1, lock, PTL)       \
	try_to_unmap(step, 2, A) \
	step(4, unlock, PTL)     \
	mmu_notifier_invalidate_range_end(step, 5, A)
#define INSIDE_STEPS(step)                        \
	step(1, lock, PTL)                        \
	try_to_unmap(step, 2, A)                  \
	mmu_notifier_invalidate_range(step, 4, A) \
	step(5, unlock, PTL)
/* clang-format off */
#define STORES_STEPS(step)                                   \
	step(1, store, A, N, FIRST)                          \
	do_swap_page(step, 2, FIRST, A, ENTRY, P0, PTL)      \
	step##_if(6, FIRST, BLOCKED, store, A, N, SECOND)    \
	step(7, tell, E)
#define STORES_ELSEWHERE_STEPS(step)                         \
	step(1, store, A, N, FIRST)                          \
	do_swap_page(step, 2, FIRST, A, ENTRY, P1, PTL)      \
	step##_if(6, FIRST, BLOCKED, store, A, N, SECOND)    \
	step(7, tell, E)
#define LOADS_STEPS(step)                                    \
	step(1, heed, E)                                     \
	step(2, load, A, FIRST)                              \
	do_swap_page(step, 3, FIRST, A, ENTRY, P0, PTL)      \
	step##_if(7, FIRST, BLOCKED, load, A, SECOND)
/* clang-format on */
#define READER_STEPS(step) \
	step(1, heed, C1)  \
	step(2, dma_read, A, LAST)
#define WRITER_STEPS(step)             \
	step(1, dma_write, A, X, LAST) \
	step(2, tell, C1)
#define READER_WARM_STEPS(step) step(1, dma_read, A)

LISTING(LATE)
LISTING(INSIDE)
LISTING(STORES)
LISTING(STORES_ELSEWHERE)
LISTING(LOADS)
LISTING(READER)
LISTING(WRITER)
LISTING(READER_WARM)

/* A store that landed before the page was unmapped may have been followed by nothing that is mapped. */
CLAIM(stale, saw(LAST) == O)
CLAIM(stale_after_fault, saw(SECOND) == LANDED && saw(LAST) == O)
CLAIM(refused, saw(FIRST) == BLOCKED && saw(SECOND) != LANDED)
CLAIM(back_again, saw(ENTRY) == SWAP && saw(SECOND) == LANDED && saw(LAST) == N)
CLAIM(not_unmapped_yet, saw(FIRST) == LANDED && saw(LAST) == N)
CLAIM(unmapped_after, saw(FIRST) == LANDED && saw(LAST) == BLOCKED)
CLAIM(write_not_seen, saw(LAST) == LANDED && (saw(FIRST) == O || saw(SECOND) == O))
CLAIM(seen_after_fault, saw(LAST) == LANDED && saw(ENTRY) == SWAP && saw(SECOND) == X)

#define SWAP_CACHE                                                                     \
	.id = "A09",                                                                   \
	.source = "mmu notifier thread 2017, scenario 2, and its end on try_to_unmap", \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = O }
#define SAME_PAGE  "early, late or never: what is cached is the page that is mapped again"
#define OLD_STORES "a store through an old entry takes no fault"
#define PTL_ONLY   "it holds nobody up until the IOMMU is told: other_page_inside"

SCENARIO(A09_same_page) = {
	SWAP_CACHE,
	.name = "same_page",
	.claim = "the same page mapped again, IOMMU told late: the device reads what the CPU wrote",
	.needs = NEED_READ | NEED_CPU2,
	.agents = { RUNS(C0, LATE), RUNS(C1, STORES), RUNS(E, READER) },
	.warm = { RUNS(E, READER_WARM) },
	.forbid = { FORBID(stale), FORBID(refused) },
	.allow = { ALLOW(back_again), ALLOW(not_unmapped_yet), ALLOW(unmapped_after) },
	.control = { WITHOUT(E, 1, stale) },
	.spare = { SPARE(C0, 3, SAME_PAGE), SPARE(C0, 5, SAME_PAGE), SPARE(C0, 1, PTL_ONLY),
		   SPARE(C1, 2, PTL_ONLY), SPARE_SWAP(C0, 4, 5, SAME_PAGE) },
};

SCENARIO(A09_write) = {
	SWAP_CACHE,
	.name = "write",
	.claim = "the same page mapped again, IOMMU told late: the CPU reads what the device wrote",
	.needs = NEED_WRITE | NEED_CPU2,
	.agents = { RUNS(C0, LATE), RUNS(C1, LOADS), RUNS(E, WRITER) },
	.forbid = { FORBID(write_not_seen) },
	.allow = { ALLOW(seen_after_fault) },
	.control = { WITHOUT(C1, 1, write_not_seen) },
	.spare = { SPARE(C0, 3, SAME_PAGE), SPARE(C0, 5, SAME_PAGE), SPARE(C0, 1, PTL_ONLY),
		   SPARE(C1, 3, PTL_ONLY) },
};

SCENARIO(A09_other_page) = {
	SWAP_CACHE,
	.name = "other_page",
	.claim = "another page mapped, IOMMU told late: the device reads the old page",
	.needs = NEED_READ | NEED_CPU2,
	.agents = { RUNS(C0, LATE), RUNS(C1, STORES_ELSEWHERE), RUNS(E, READER) },
	.warm = { RUNS(E, READER_WARM) },
	.forbid = { FORBID(refused) },
	.shows = SHOWS(stale_after_fault),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, PTL_ONLY), SPARE(C0, 3, OLD_STORES),
		   SPARE(C0, 5, "it comes too late: that is the hazard"), SPARE(C1, 2, PTL_ONLY) },
};

SCENARIO(A09_other_page_inside) = {
	SWAP_CACHE,
	.name = "other_page_inside",
	.claim =
		"another page mapped, IOMMU told before the lock is dropped: the device reads the new page",
	.needs = NEED_READ | NEED_CPU2,
	.agents = { RUNS(C0, INSIDE), RUNS(C1, STORES_ELSEWHERE), RUNS(E, READER) },
	.warm = { RUNS(E, READER_WARM) },
	.forbid = { FORBID(stale_after_fault), FORBID(refused) },
	.allow = { ALLOW(back_again) },
	.control = { WITHOUT(C0, 1, stale_after_fault), WITHOUT(C0, 4, stale_after_fault),
		     WITHOUT(C1, 2, stale_after_fault), SWAPPED(C0, 4, 5, stale_after_fault) },
	.spare = { SPARE(C0, 3, OLD_STORES) },
};
