/*
 * A12 as a device sees it. Secondary MMUs have no gather and no count of those pending: the end of a range invalidates all of it, whatever
 * the entries looked like. Who does so only for what he cleared himself returns while the device uses the page.
 */
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(FOUND, READ)

enum { PTL };

#define FIRST_STEPS(step)                             \
	zap_pte_range(step, 1, A, PTL)                \
	mmu_notifier_invalidate_range_end(step, 4, A) \
	tlb_batch_pages_flush(step, 5, P0)
#define ALWAYS_STEPS(step)                            \
	step(1, lock, PTL)                            \
	step(2, pte_read, A, FOUND)                   \
	step(3, unlock, PTL)                          \
	mmu_notifier_invalidate_range_end(step, 4, A) \
	step(5, tell, E)
/* clang-format off */
#define IF_CLEARED_STEPS(step)                             \
	step(1, lock, PTL)                                 \
	step(2, pte_read, A, FOUND)                        \
	step##_if(3, FOUND, MARK(P0), pte_clear, A)        \
	step(4, unlock, PTL)                               \
	step##_if(5, FOUND, MARK(P0), iommu_flush, A)      \
	step(6, tell, E)
/* clang-format on */
#define DEVICE_STEPS(step)   \
	step(1, dma_read, A) \
	step(2, heed, C1)    \
	step(3, dma_read, A, READ)

LISTING(FIRST)
LISTING(ALWAYS)
LISTING(IF_CLEARED)
LISTING(DEVICE)

/* If the second came first it has no business with the page, and promises nothing. */
CLAIM(returned_too_soon, saw(FOUND) == EMPTY && saw(READ) != BLOCKED)
CLAIM(cleared_and_read, saw(FOUND) == MARK(P0) && saw(READ) != BLOCKED)
CLAIM(freed_page_read, saw(READ) == S)
CLAIM(flushed_for_the_other, saw(FOUND) == EMPTY && saw(READ) == BLOCKED)
CLAIM(came_first, saw(FOUND) == MARK(P0))

#define TWO_RANGES(second)                                                             \
	.id = "A13", .source = "mmu notifier thread 2017: range_end is unconditional", \
	.needs = NEED_READ | NEED_CPU2,                                                \
	.agents = { RUNS(C0, FIRST), RUNS(C1, second), RUNS(E, DEVICE) },              \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }
#define LOCKED "locked operations keep this order on x86 without the page-table lock too"

SCENARIO(A13_always) = {
	TWO_RANGES(ALWAYS),
	.name = "always",
	.claim = "who finds a PTE cleared invalidates all the same: it was clear by then",
	.forbid = { FORBID(returned_too_soon), FORBID(freed_page_read) },
	.allow = { ALLOW(flushed_for_the_other), ALLOW(came_first) },
	.control = { WITHOUT(C0, 4, freed_page_read), WITHOUT(C1, 4, returned_too_soon),
		     WITHOUT(C0, 2, freed_page_read), WITHOUT(E, 2, returned_too_soon),
		     SWAPPED(C1, 2, 4, returned_too_soon), SWAPPED(C0, 4, 5, freed_page_read) },
	.spare = { SPARE(C0, 1, LOCKED), SPARE(C1, 1, LOCKED) },
};

SCENARIO(A13_if_cleared) = {
	TWO_RANGES(IF_CLEARED),
	.name = "if_cleared",
	.claim =
		"who invalidates only what he cleared himself returns while the device reads the page",
	.forbid = { FORBID(freed_page_read), FORBID(cleared_and_read) },
	.shows = SHOWS(returned_too_soon),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 4, freed_page_read), WITHOUT(C1, 3, cleared_and_read),
		     WITHOUT(C1, 5, cleared_and_read) },
	.spare = { SPARE(C0, 1, LOCKED), SPARE(C1, 1, LOCKED) },
};
