/*
 * A device that cannot ask for pages: it is refused, and whoever reads the fault maps the page and has it try again, in place of an
 * answer. What C17_page_request.c says holds here too: he maps under the lock that unmapping takes if he still may, and first
 * of all.
 */
#include "tests/scenario.h"

OBSERVE(STILL, FIRST, AGAIN, LATER)

enum { VALID };
enum { MMAP_LOCK };

/* clang-format off */
#define HANDLER_STEPS(step)                               \
	step(1, heed, E)                                  \
	step(2, lock, MMAP_LOCK)                          \
	step(3, word_read, VALID, STILL)                  \
	step##_if(4, STILL, COUNT(1), pte_set, A, P1, RW) \
	step(5, unlock, MMAP_LOCK)                        \
	step(6, tell, E)
/* clang-format on */
#define UNCHECKED_STEPS(step)       \
	step(1, heed, E)            \
	step(2, lock, MMAP_LOCK)    \
	step(3, pte_set, A, P1, RW) \
	step(4, unlock, MMAP_LOCK)  \
	step(5, tell, E)
#define UNMAP_STEPS(step)           \
	step(1, lock, MMAP_LOCK)    \
	step(2, word_set, VALID, 0) \
	step(3, pte_clear, A)       \
	step(4, unlock, MMAP_LOCK)  \
	step(5, iommu_flush, A)     \
	step(6, reuse, P1)
#define MAPS_STEPS(step)            \
	step(1, heed, E)            \
	step(2, pte_set, A, P1, RW) \
	step(3, tell, E)
#define TELLS_FIRST_STEPS(step) \
	step(1, heed, E)        \
	step(2, tell, E)        \
	step(3, pte_set, A, P1, RW)
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, X, FIRST) \
	step(2, tell, C0)               \
	step(3, heed, C0)               \
	step(4, dma_write, A, X, AGAIN)
/* What was cached for the second try serves the third. */
#define GOES_ON_STEPS(step) DEVICE_STEPS(step) step(5, dma_write, A, X, LATER)

LISTING(HANDLER)
LISTING(UNCHECKED)
LISTING(UNMAP)
LISTING(MAPS)
LISTING(TELLS_FIRST)
LISTING(DEVICE)
LISTING(GOES_ON)

CLAIM(stranger_hurt, holds(P1) != S)
CLAIM(written, saw(AGAIN) == LANDED)
CLAIM(in_vain, saw(AGAIN) == BLOCKED)
CLAIM(not_refused, saw(FIRST) != BLOCKED)

#define FAULTED \
	.id = "C17", .source = "VT-d 7.1.2, 7.2; 6.5.3.5: P from 0 to 1", .content = { [P1] = O }
#define EARLY "who maps, or tries, before that is none the worse for it"
#define LOST  "what the handler maps is stale, told or not"

SCENARIO(C17_fault_unmap) = {
	FAULTED,
	.name = "fault.unmap",
	.claim =
		"a refusal handled under the lock, if the range is still there: nothing is written to a page that was unmapped and freed",
	.needs = NEED_WRITE | NEED_CPU2,
	.agents = { RUNS(C0, HANDLER), RUNS(C1, UNMAP), RUNS(E, GOES_ON) },
	.words = { [VALID] = 1 },
	.forbid = { FORBID(stranger_hurt), FORBID(not_refused) },
	.allow = { ALLOW(written), ALLOW(in_vain) },
	.control = { WITHOUT(C0, 1, not_refused), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C1, 1, stranger_hurt), WITHOUT(C1, 3, stranger_hurt),
		     WITHOUT(C1, 5, stranger_hurt), SWAPPED(C1, 5, 6, stranger_hurt) },
	.spare = { SPARE(E, 3, EARLY) },
};

SCENARIO(C17_fault_unchecked) = {
	FAULTED,
	.name = "fault.unchecked",
	.claim =
		"a refusal handled without a look whether the range is still there: a device writes to a page that was unmapped and freed",
	.needs = NEED_WRITE | NEED_CPU2,
	.agents = { RUNS(C0, UNCHECKED), RUNS(C1, UNMAP), RUNS(E, DEVICE) },
	.shows = SHOWS(stranger_hurt),
	.spare = { SPARE(C0, 2, LOST), SPARE(C1, 1, LOST), SPARE(C1, 3, LOST), SPARE(C1, 5, LOST),
		   SPARE(E, 3, EARLY) },
};

SCENARIO(C17_fault_mapped) = {
	FAULTED,
	.name = "fault.mapped",
	.claim = "mapped, and then told to try again: the device is not refused a second time",
	.needs = NEED_WRITE,
	.agents = { RUNS(C0, MAPS), RUNS(E, DEVICE) },
	.forbid = { FORBID(in_vain), FORBID(not_refused) },
	.control = { WITHOUT(C0, 1, not_refused), WITHOUT(E, 3, in_vain),
		     SWAPPED(C0, 2, 3, in_vain) },
};

SCENARIO(C17_fault_told_first) = {
	FAULTED,
	.name = "fault.told_first",
	.claim = "told to try again before it is mapped: the device is refused once more",
	.needs = NEED_WRITE,
	.agents = { RUNS(C0, TELLS_FIRST), RUNS(E, DEVICE) },
	.allow = { ALLOW(written) },
	.shows = SHOWS(in_vain),
	.spare = { SPARE(E, 3, EARLY) },
};
