/*
 * ->change_pte, by set_pte_at_notify: a mirror gets the new page instead of losing the old one, so that no fault follows. After an
 * invalidation at the start of the range it finds nothing to change. Without one it takes an invalidation of what the mirror's
 * MMU caches, and both before the CPUs' entry is set, as set_pte_at_notify has it; or the device has the old page
 * while CPUs write to the new one. After ptep_clear_flush_notify it says twice what was said.
 */
#include "mm/protocol/mirror.h"
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(AT_ONCE, LATE, LAST, HAD, ENTRY)
enum { DRIVER_LOCK };

#define START_STEPS(step)                                                 \
	mmu_notifier_invalidate_range_start(step, 1, DRIVER_LOCK, MIRROR) \
	ptep_clear_flush(step, 5, A)                                      \
	set_pte_at_notify(step, 7, A, DRIVER_LOCK, MIRROR, HAD, P0, P1)   \
	step(12, tell, E)
#define NO_START_STEPS(step)                                            \
	ptep_clear_flush(step, 1, A)                                    \
	set_pte_at_notify(step, 3, A, DRIVER_LOCK, MIRROR, HAD, P0, P1) \
	step(8, tell, E)
#define BEFORE_STEPS(step)                                    \
	ptep_clear_flush(step, 1, A)                          \
	change_pte(step, 3, DRIVER_LOCK, MIRROR, HAD, P0, P1) \
	mmu_notifier_invalidate_range(step, 7, MIRROR)        \
	step(8, pte_set, A, P1, RW)                           \
	step(9, tell, C1)
#define AFTER_STEPS(step)                                     \
	ptep_clear_flush(step, 1, A)                          \
	step(3, pte_set, A, P1, RW)                           \
	step(4, tell, C1)                                     \
	change_pte(step, 5, DRIVER_LOCK, MIRROR, HAD, P0, P1) \
	mmu_notifier_invalidate_range(step, 9, MIRROR)        \
	step(10, tell, E)
#define TWICE_STEPS(step)                   \
	ptep_clear_flush_notify(step, 1, A) \
	step(4, iommu_queue, A)             \
	step(5, iommu_wait)                 \
	step(6, pte_set, A, P1, RW)         \
	step(7, store, A, N)                \
	step(8, tell, E)
/* The fault of the device, after all is done. */
#define FAULT_STEPS(step)                    \
	step(1, heed, E)                     \
	step(2, pte_read, A, ENTRY)          \
	step(3, pte_fill, MIRROR, ENTRY, RO) \
	step(4, tell, E)
#define FAULTING_STEPS(step)            \
	step(1, heed, C0)               \
	step(2, dma_read, MIRROR, LATE) \
	step(3, tell, C1)               \
	step(4, heed, C1)               \
	step(5, dma_read, MIRROR, LAST)
#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, MIRROR, LATE)
#define THREAD_STEPS(step)   \
	step(1, heed, C0)    \
	step(2, store, A, N) \
	step(3, tell, E)
#define TOLD_DEVICE_STEPS(step)            \
	step(1, heed, C1)                  \
	step(2, dma_read, MIRROR, AT_ONCE) \
	step(3, heed, C0)                  \
	step(4, dma_read, MIRROR, LATE)
#define TOLD_ONCE_STEPS(step) \
	step(1, heed, C1)     \
	step(2, dma_read, MIRROR, AT_ONCE)
#define WALKER_STEPS(step)            \
	step(1, dma_read, A, AT_ONCE) \
	step(2, heed, C0)             \
	step(3, dma_read, A, LATE)
#define WARM_STEPS(step)        step(1, dma_read, MIRROR)
#define WALKER_WARM_STEPS(step) step(1, dma_read, A)

LISTING(START)
LISTING(NO_START)
LISTING(BEFORE)
LISTING(AFTER)
LISTING(TWICE)
LISTING(FAULT)
LISTING(FAULTING)
LISTING(DEVICE)
LISTING(THREAD)
LISTING(TOLD_DEVICE)
LISTING(TOLD_ONCE)
LISTING(WALKER)
LISTING(WARM)
LISTING(WALKER_WARM)

CLAIM(old_page, saw(LATE) == O)
CLAIM(found_something, saw(HAD) != EMPTY)
CLAIM(not_the_new_page, saw(LAST) != N)
CLAIM(faults_and_is_filled, saw(LATE) == BLOCKED && saw(LAST) == N)
CLAIM(old_page_while_cpu_has_new, saw(AT_ONCE) == O)
CLAIM(new_page, saw(LATE) == N)
CLAIM(new_words_at_once, saw(AT_ONCE) == N)
CLAIM(old_words, saw(LATE) != N)

#define CHANGE \
	.id = "A16", .source = "mmu notifier thread 2017; Linux, include/linux/mmu_notifier.h"
#define MIRRORED                                                                           \
	CHANGE, .mirror = true,                                                            \
		.maps = { [A] = { P0, RO, LEAF_USED }, [MIRROR] = { P0, RO, LEAF_USED } }, \
		.warm = { RUNS(E, WARM) }

#define FILLS     "nobody fills the mirror meanwhile: A15 has the lock"
#define NOT_THERE "the device walks the mirror, and does not see what CPUs have and had"

SCENARIO(A16_after_start) = {
	MIRRORED,
	.name = "after_start",
	.claim =
		"change_pte after an invalidation at the start finds nothing: the device faults, and is given the new page",
	.needs = NEED_READ | NEED_CPU2,
	.content = { [P0] = O, [P1] = N },
	.agents = { RUNS(C0, START), RUNS(C1, FAULT), RUNS(E, FAULTING) },
	.forbid = { FORBID(old_page), FORBID(found_something), FORBID(not_the_new_page) },
	.allow = { ALLOW(faults_and_is_filled) },
	.control = { WITHOUT(C0, 2, found_something), WITHOUT(C0, 3, old_page),
		     WITHOUT(E, 1, old_page) },
	.spare = { SPARE(C0, 1, FILLS), SPARE(C0, 5, NOT_THERE), SPARE(C0, 6, NOT_THERE),
		   SPARE(C0, 7, FILLS) },
};

SCENARIO(A16_no_start) = {
	MIRRORED,
	.name = "no_start",
	.claim = "change_pte instead of an invalidation: the IOTLB has the old page still",
	.needs = NEED_READ,
	.content = { [P0] = O, [P1] = N },
	.agents = { RUNS(C0, NO_START), RUNS(E, DEVICE) },
	.shows = SHOWS(old_page),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, NOT_THERE), SPARE(C0, 2, NOT_THERE), SPARE(C0, 3, FILLS),
		   SPARE(E, 1, "the old page before, and the old page after") },
};

SCENARIO(A16_changed_after) = {
	MIRRORED,
	.name = "changed_after",
	.claim =
		"the mirror is changed, and invalidated, after the CPUs' entry: the device has the old page while they write to the new one",
	.needs = NEED_READ | NEED_CPU2,
	.content = { [P0] = O, [P1] = O },
	.agents = { RUNS(C0, AFTER), RUNS(C1, THREAD), RUNS(E, TOLD_DEVICE) },
	.forbid = { FORBID(old_words) },
	.shows = SHOWS(old_page_while_cpu_has_new),
	.control = { WITHOUT(C0, 9, old_words), WITHOUT(E, 3, old_words) },
	.spare = { SPARE(C0, 1, NOT_THERE), SPARE(C0, 2, NOT_THERE), SPARE(C0, 5, FILLS) },
};

SCENARIO(A16_changed_before) = {
	MIRRORED,
	.name = "changed_before",
	.claim =
		"the mirror is changed, and invalidated, before the CPUs' entry is set: the device has the new page as soon as they have",
	.needs = NEED_READ | NEED_CPU2,
	.content = { [P0] = O, [P1] = O },
	.agents = { RUNS(C0, BEFORE), RUNS(C1, THREAD), RUNS(E, TOLD_ONCE) },
	.forbid = { FORBID(old_page_while_cpu_has_new) },
	.allow = { ALLOW(new_words_at_once) },
	.control = { WITHOUT(C0, 7, old_page_while_cpu_has_new),
		     WITHOUT(E, 1, old_page_while_cpu_has_new) },
	.spare = { SPARE(C0, 1, NOT_THERE), SPARE(C0, 2, NOT_THERE), SPARE(C0, 3, FILLS) },
};

#define EITHER_DOES "either of the two does: that is the claim"

SCENARIO(A16_twice) = {
	CHANGE,
	.name = "twice",
	.claim =
		"set_pte_at_notify after ptep_clear_flush_notify: the second notification changes nothing",
	.needs = NEED_READ,
	.content = { [P0] = O, [P1] = O },
	.maps = { [A] = { P0, RO, LEAF_USED } },
	.agents = { RUNS(C0, TWICE), RUNS(E, WALKER) },
	.warm = { RUNS(E, WALKER_WARM) },
	.forbid = { FORBID(old_words) },
	.allow = { ALLOW(new_page) },
	.control = { WITHOUT(C0, 1, old_words), WITHOUT(E, 2, old_words) },
	.spare = { SPARE(C0, 2, "a device does not see the TLBs of CPUs"),
		   SPARE(C0, 3, EITHER_DOES), SPARE(C0, 4, EITHER_DOES), SPARE(C0, 5, EITHER_DOES),
		   SPARE_SWAP(E, 1, 2, "what is looked at later shows less") },
};
