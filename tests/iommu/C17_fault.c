/*
 * A device that cannot ask for pages: it is refused, and whoever reads the fault maps the page and has it try again, in place of an
 * answer. What C17_page_request.c says holds here too: he maps under the lock that unmapping takes if he still may, and first
 * of all. One with a device TLB is refused a translation, which is no fault, asks for it again, and has to be told when the page goes.
 */
#include "tests/scenario.h"

OBSERVE(STILL, FIRST, AGAIN, LATER, GRANT)

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
#define UNMAP_TOLD_STEPS(step)      \
	step(1, lock, MMAP_LOCK)    \
	step(2, word_set, VALID, 0) \
	step(3, pte_clear, A)       \
	step(4, unlock, MMAP_LOCK)  \
	step(5, iommu_queue, A)     \
	step(6, dtlb_queue, A)      \
	step(7, iommu_wait)         \
	step(8, reuse, P1)
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
#define ASKER_STEPS(step)              \
	step(1, ats_request, A, FIRST) \
	step(2, tell, C0)              \
	step(3, heed, C0)              \
	step(4, ats_request, A, GRANT) \
	step(5, ats_write, A, X, AGAIN)
/* By what it keeps, or is told if it asks once more. */
#define KEEPER_STEPS(step)      \
	ASKER_STEPS(step)       \
	step(6, ats_request, A) \
	step(7, ats_write, A, X, LATER)

LISTING(HANDLER)
LISTING(UNCHECKED)
LISTING(UNMAP)
LISTING(UNMAP_TOLD)
LISTING(MAPS)
LISTING(TELLS_FIRST)
LISTING(DEVICE)
LISTING(GOES_ON)
LISTING(ASKER)
LISTING(KEEPER)

CLAIM(stranger_hurt, holds(P1) != S)
CLAIM(written, saw(AGAIN) == LANDED)
CLAIM(in_vain, saw(AGAIN) == BLOCKED)
CLAIM(not_granted, saw(GRANT) != MARK(P1))
CLAIM(not_refused, saw(FIRST) != BLOCKED)

#define FAULTED \
	.id = "C17", .source = "VT-d 7.1.2, 7.2; 6.5.3.5: P from 0 to 1", .content = { [P1] = O }
#define EARLY "who maps, or tries, before that is none the worse for it"
#define LOST  "what the handler maps is stale, told or not"

#define HANDLED(unmap, device, ...)                                                         \
	FAULTED, .agents = { RUNS(C0, HANDLER), RUNS(C1, unmap), RUNS(E, device) },         \
		 .words = { [VALID] = 1 },                                                  \
		 .forbid = { FORBID(stranger_hurt), FORBID(not_refused) },                  \
		 .allow = { ALLOW(written), ALLOW(in_vain) },                               \
		 .control = { WITHOUT(C0, 1, not_refused),   WITHOUT(C0, 2, stranger_hurt), \
			      WITHOUT(C1, 1, stranger_hurt), WITHOUT(C1, 3, stranger_hurt), \
			      WITHOUT(C1, 5, stranger_hurt), __VA_ARGS__ },                 \
		 .spare = { SPARE(E, 3, EARLY) }
#define NOT_LOOKED(unmap, device, ...)                                                  \
	FAULTED, .agents = { RUNS(C0, UNCHECKED), RUNS(C1, unmap), RUNS(E, device) },   \
		 .shows = SHOWS(stranger_hurt),                                         \
		 .spare = { SPARE(C0, 2, LOST), SPARE(C1, 1, LOST), SPARE(C1, 3, LOST), \
			    SPARE(C1, 5, LOST), SPARE(E, 3, EARLY), __VA_ARGS__ }
#define MAPPED(device, refused)                                                    \
	FAULTED, .agents = { RUNS(C0, MAPS), RUNS(E, device) },                    \
		 .forbid = { FORBID(refused), FORBID(not_refused) },               \
		 .control = { WITHOUT(C0, 1, not_refused), WITHOUT(E, 3, refused), \
			      SWAPPED(C0, 2, 3, refused) }
#define TOLD_FIRST(device, refused)                                    \
	FAULTED, .agents = { RUNS(C0, TELLS_FIRST), RUNS(E, device) }, \
		 .allow = { ALLOW(written) }, .shows = SHOWS(refused), \
		 .spare = { SPARE(E, 3, EARLY) }

SCENARIO(C17_fault_unmap) = {
	HANDLED(UNMAP, GOES_ON, SWAPPED(C1, 5, 6, stranger_hurt)),
	.name = "fault.unmap",
	.claim =
		"a refusal handled under the lock, if the range is still there: nothing is written to a page that was unmapped and freed",
	.needs = NEED_WRITE | NEED_CPU2,
};

SCENARIO(C17_fault_unchecked) = {
	NOT_LOOKED(UNMAP, DEVICE),
	.name = "fault.unchecked",
	.claim =
		"a refusal handled without a look whether the range is still there: a device writes to a page that was unmapped and freed",
	.needs = NEED_WRITE | NEED_CPU2,
};

SCENARIO(C17_fault_mapped) = {
	MAPPED(DEVICE, in_vain),
	.name = "fault.mapped",
	.claim = "mapped, and then told to try again: the device is not refused a second time",
	.needs = NEED_WRITE,
};

SCENARIO(C17_fault_told_first) = {
	TOLD_FIRST(DEVICE, in_vain),
	.name = "fault.told_first",
	.claim = "told to try again before it is mapped: the device is refused once more",
	.needs = NEED_WRITE,
};

SCENARIO(C17_device_tlb_unmap) = {
	HANDLED(UNMAP_TOLD, KEEPER, WITHOUT(C1, 6, stranger_hurt), SWAPPED(C1, 5, 6, stranger_hurt),
		SWAPPED(C1, 6, 8, stranger_hurt)),
	.name = "device_tlb.unmap",
	.claim =
		"a translation refused, handled under the lock if the range is still there, and the device told: nothing is written to a page that was unmapped and freed",
	.needs = NEED_ATS | NEED_CPU2,
};

SCENARIO(C17_device_tlb_unchecked) = {
	NOT_LOOKED(UNMAP_TOLD, ASKER, SPARE(C1, 6, LOST), SPARE(C1, 7, LOST)),
	.name = "device_tlb.unchecked",
	.claim =
		"handled without a look whether the range is still there: a device writes by its TLB to a page that was unmapped and freed",
	.needs = NEED_ATS | NEED_CPU2,
};

SCENARIO(C17_device_tlb_mapped) = {
	MAPPED(ASKER, not_granted),
	.name = "device_tlb.mapped",
	.claim = "mapped, and then told to ask again: the device is granted what it was refused",
	.needs = NEED_ATS,
};

SCENARIO(C17_device_tlb_told_first) = {
	TOLD_FIRST(ASKER, not_granted),
	.name = "device_tlb.told_first",
	.claim = "told to ask again before it is mapped: the device is refused once more",
	.needs = NEED_ATS,
};
