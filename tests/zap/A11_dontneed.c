/*
 * MADV_DONTNEED: what was in the page has nothing to do with what comes there next. That a device goes on reading the old page
 * for a while, when a CPU has a new one already, is no error that anybody could prove. It becomes one when the old page
 * is somebody else's, or the call has returned.
 */
#include "mm/protocol/fault.h"
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND, WINDOW, LATE)

enum { PTL };

#define RANGE_END_STEPS(step)                            \
	madvise_dontneed_single_vma(step, 1, A, P0, PTL) \
	step(7, tell, E)
#define INSIDE_STEPS(step)                  \
	step(1, lock, PTL)                  \
	ptep_clear_flush_notify(step, 2, A) \
	step(5, unlock, PTL)                \
	tlb_batch_pages_flush(step, 6, P0)  \
	step(7, tell, E)
/* clang-format off */
#define TOUCH_STEPS(step)                                   \
	step(1, store, A, N, FIRST)                         \
	do_anonymous_page(step, 2, FIRST, A, P1, PTL)       \
	step##_if(5, FIRST, BLOCKED, store, A, N, SECOND)   \
	step(6, tell, E)
/* clang-format on */
#define DEVICE_STEPS(step)           \
	step(1, heed, C1)            \
	step(2, dma_read, A, WINDOW) \
	step(3, heed, C0)            \
	step(4, dma_read, A, LATE)
#define WRITER_STEPS(step)               \
	step(1, heed, C1)                \
	step(2, dma_write, A, X, WINDOW) \
	step(3, heed, C0)                \
	step(4, dma_write, A, X, LATE)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, A)
#define WRITER_WARM_STEPS(step) step(1, dma_write, A, X)
#define TOUCH_WARM_STEPS(step)  step(1, load, A)

LISTING(RANGE_END)
LISTING(INSIDE)
LISTING(TOUCH)
LISTING(DEVICE)
LISTING(WRITER)
LISTING(DEVICE_WARM)
LISTING(WRITER_WARM)
LISTING(TOUCH_WARM)

CLAIM(old_and_new, saw(SECOND) == LANDED && saw(WINDOW) == O)
CLAIM(old_after_return, saw(LATE) != BLOCKED && saw(LATE) != N)
CLAIM(not_the_new_page, saw(SECOND) == LANDED && saw(LATE) != N)
CLAIM(freed_page_read, saw(WINDOW) == S || saw(LATE) == S)
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(refused, saw(FIRST) == BLOCKED && saw(SECOND) != LANDED)
CLAIM(new_page, saw(SECOND) == LANDED && saw(WINDOW) == N)
CLAIM(written_after_return, saw(LATE) == LANDED && saw(SECOND) != LANDED)
CLAIM(not_written_to_the_new, saw(SECOND) == LANDED && (saw(LATE) != LANDED || holds(P1) != X))
CLAIM(written_to_the_new, saw(SECOND) == LANDED && holds(P1) == X)
CLAIM(written_to_the_old, saw(FIRST) == LANDED && saw(WINDOW) == LANDED)
CLAIM(gone, saw(FIRST) == LANDED && saw(LATE) == BLOCKED)

#define DONTNEED(zap, device)                                                         \
	.id = "A11", .source = "mmu notifier thread 2017, scenario 5: MADV_DONTNEED", \
	.agents = { RUNS(C0, zap), RUNS(C1, TOUCH), RUNS(E, device) },                \
	.warm = { RUNS(C1, TOUCH_WARM), RUNS(E, device##_WARM) },                     \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }
#define WRITES                                                                    \
	.needs = NEED_WRITE | NEED_CPU2,                                          \
	.forbid = { FORBID(written_after_return), FORBID(not_written_to_the_new), \
		    FORBID(stranger_hurt), FORBID(refused) },                     \
	.allow = { ALLOW(written_to_the_new), ALLOW(written_to_the_old), ALLOW(gone) }
#define LATER     "a look into the window that comes later shows less"
#define ONE_ENTRY "one store changes the entry here, and what is read between clear and set is gone"

SCENARIO(A11_range_end) = {
	DONTNEED(RANGE_END, DEVICE),
	.needs = NEED_READ | NEED_CPU2,
	.name = "range_end",
	.claim =
		"IOMMU told late, page freed after that: old content read meanwhile is no error, a "
		"freed page is never read",
	.forbid = { FORBID(old_after_return), FORBID(not_the_new_page), FORBID(freed_page_read),
		    FORBID(stranger_hurt), FORBID(refused) },
	.allow = { ALLOW(old_and_new), ALLOW(new_page), ALLOW(gone) },
	.control = { WITHOUT(C0, 2, freed_page_read), WITHOUT(C0, 4, stranger_hurt),
		     WITHOUT(C0, 5, freed_page_read), SWAPPED(C0, 4, 6, stranger_hurt),
		     SWAPPED(C0, 5, 6, freed_page_read) },
	.spare = { SPARE(C0, 1, ONE_ENTRY), SPARE(C1, 2, ONE_ENTRY), SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A11_inside) = {
	DONTNEED(INSIDE, DEVICE),
	.needs = NEED_READ | NEED_CPU2,
	.name = "inside_lock",
	.claim = "IOMMU told inside the lock: nothing old is read when there is something new",
	.forbid = { FORBID(old_after_return), FORBID(not_the_new_page), FORBID(freed_page_read),
		    FORBID(stranger_hurt), FORBID(refused), FORBID(old_and_new) },
	.allow = { ALLOW(new_page), ALLOW(gone) },
	.control = { WITHOUT(C0, 1, old_and_new), WITHOUT(C0, 2, freed_page_read),
		     WITHOUT(C0, 3, stranger_hurt), WITHOUT(C0, 4, freed_page_read),
		     WITHOUT(C1, 2, old_and_new), SWAPPED(C0, 4, 5, old_and_new) },
	.spare = { SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A11_range_end_write) = {
	DONTNEED(RANGE_END, WRITER),
	WRITES,
	.name = "range_end.write",
	.claim = "IOMMU told late, page freed after that: no device writes the freed page",
	.control = { WITHOUT(C0, 2, stranger_hurt), WITHOUT(C0, 4, stranger_hurt),
		     WITHOUT(C0, 5, stranger_hurt), SWAPPED(C0, 4, 6, stranger_hurt),
		     SWAPPED(C0, 5, 6, stranger_hurt) },
	.spare = { SPARE(C0, 1, ONE_ENTRY), SPARE(C1, 2, ONE_ENTRY), SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A11_inside_write) = {
	DONTNEED(INSIDE, WRITER),
	WRITES,
	.name = "inside_lock.write",
	.claim = "IOMMU told inside the lock: no device writes the freed page",
	.control = { WITHOUT(C0, 2, stranger_hurt), WITHOUT(C0, 3, stranger_hurt),
		     WITHOUT(C0, 4, stranger_hurt) },
	.spare = { SPARE(C0, 1, ONE_ENTRY), SPARE(C1, 2, ONE_ENTRY), SPARE_SWAP(E, 2, 3, LATER) },
};
