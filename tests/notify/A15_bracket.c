/*
 * invalidate_range_start and _end are enough for a secondary MMU that software fills: between the two it fills nothing, and before it
 * fills it asks whether there was such a pair since it had looked. For a hardware walker of the CPUs' own tables there is nothing
 * to hold back: what it is told at the start it has forgotten by the end.
 */
#include "mm/protocol/mirror.h"
#include "tests/scenario.h"

OBSERVE(EARLY, LATE, LAST, BEGAN, ENTRY, SAME, ACTIVE)
enum { SEQ, CNT, DRIVER_LOCK = 0 };

#define COW_STEPS(step)                                                  \
	mmu_interval_invalidate_start(step, 1, SEQ, DRIVER_LOCK, MIRROR) \
	step(6, pte_exchange, A, P1, RW)                                 \
	mmu_interval_invalidate_end(step, 7, SEQ)                        \
	step(8, tell, E)
#define FILL_STEPS(step)                                                            \
	mmu_interval_read_begin(step, 1, SEQ, BEGAN)                                \
	step(4, pte_read, A, ENTRY)                                                 \
	mirror_fill_or_retry(step, 5, SEQ, BEGAN, SAME, DRIVER_LOCK, MIRROR, ENTRY) \
	step(9, tell, E)
#define FILL_ANYWAY_STEPS(step)              \
	step(1, pte_read, A, ENTRY)          \
	step(2, lock, DRIVER_LOCK)           \
	step(3, pte_fill, MIRROR, ENTRY, RO) \
	step(4, unlock, DRIVER_LOCK)         \
	step(5, tell, E)
/* Another range of the same mm at the same time: the mirror has nothing of it. */
#define OTHER_RANGE_STEPS(step)   \
	step(1, word_add, SEQ, 1) \
	mmu_interval_invalidate_end(step, 2, SEQ)
#define COUNTED_COW_STEPS(step)                                 \
	mmu_invalidate_begin(step, 1, CNT, DRIVER_LOCK, MIRROR) \
	step(6, pte_exchange, A, P1, RW)                        \
	mmu_invalidate_end(step, 7, CNT, SEQ)                   \
	step(9, tell, E)
#define COUNTED_OTHER_STEPS(step) \
	step(1, word_add, CNT, 1) \
	mmu_invalidate_end(step, 2, CNT, SEQ)
/* clang-format off */
/* An even number, so that no range is under way: who looks when it is 2. */
#define FILL_IF_EVEN_STEPS(step)                              \
	step(1, word_read, SEQ, BEGAN)                        \
	step##_if(2, BEGAN, COUNT(2), pte_read, A, ENTRY)     \
	mirror_fill_or_retry(step, 3, SEQ, BEGAN, SAME, DRIVER_LOCK, MIRROR, ENTRY) \
	step(7, tell, E)
#define FILL_IF_NONE_STEPS(step)                              \
	step(1, word_read, SEQ, BEGAN)                        \
	step(2, pte_read, A, ENTRY)                           \
	mirror_fill_or_retry_counted(step, 3, CNT, SEQ, ACTIVE, BEGAN, SAME, DRIVER_LOCK, MIRROR, ENTRY) \
	step(8, tell, E)
/* clang-format on */
#define MIRROR_DEVICE_STEPS(step)       \
	step(1, heed, C0)               \
	step(2, dma_read, MIRROR, LATE) \
	step(3, heed, C1)               \
	step(4, dma_read, MIRROR, LAST)
#define MIRROR_WARM_STEPS(step) step(1, dma_read, MIRROR)
#define START_ONLY_STEPS(step)                    \
	mmu_notifier_invalidate_range(step, 1, A) \
	step(2, pte_exchange, A, P1, RW)          \
	step(3, tell, E)
#define WALKER_STEPS(step)          \
	step(1, dma_read, A, EARLY) \
	step(2, heed, C0)           \
	step(3, dma_read, A, LAST)
#define WALKER_WARM_STEPS(step) step(1, dma_read, A)

LISTING(COW)
LISTING(FILL)
LISTING(FILL_ANYWAY)
LISTING(OTHER_RANGE) /* NOLINT(bugprone-branch-clone): its start and its end are one step */
LISTING(COUNTED_COW)
LISTING(COUNTED_OTHER)
LISTING(FILL_IF_EVEN)
LISTING(FILL_IF_NONE)
LISTING(MIRROR_DEVICE)
LISTING(MIRROR_WARM)
LISTING(START_ONLY)
LISTING(WALKER)
LISTING(WALKER_WARM)

CLAIM(old_page, saw(LATE) == O || saw(LAST) == O)
CLAIM(old_page_for_good, saw(LATE) != N && saw(LAST) == O)
CLAIM(new_page, saw(LATE) == N && saw(LAST) == N)
CLAIM(faults_again, saw(LAST) == BLOCKED)
CLAIM(old_page_cached, saw(LAST) == O)
CLAIM(even_and_old, saw(BEGAN) == COUNT(2) && saw(SAME) == YES && saw(LAST) == O)
CLAIM(retried, saw(ACTIVE) != COUNT(0) && saw(LAST) == BLOCKED)
CLAIM(filled_before, saw(SAME) == YES && saw(ENTRY) == MARK(P0))

#define KEPT_BY_SOFTWARE(fill)                                                                     \
	.id = "A15", .needs = NEED_READ | NEED_CPU2, .content = { [P0] = O, [P1] = N },            \
	.source = "mmu notifier thread 2017: what is frozen between start and end needs no more",  \
	.mirror = true, .maps = { [A] = { P0, RO, LEAF_USED }, [MIRROR] = { P0, RO, LEAF_USED } }, \
	.agents = { RUNS(C0, COW), RUNS(C1, fill), RUNS(E, MIRROR_DEVICE) },                       \
	.warm = { RUNS(E, MIRROR_WARM) }

#define TWO_RANGES(cow, other, fill)                                                               \
	.id = "A15", .needs = NEED_READ | NEED_CPU3, .content = { [P0] = O, [P1] = N },            \
	.source = "mmu notifier thread 2017; Linux, virt/kvm/kvm_main.c: a count and a number",    \
	.mirror = true, .maps = { [A] = { P0, RO, LEAF_USED }, [MIRROR] = { P0, RO, LEAF_USED } }, \
	.agents = { RUNS(C0, cow), RUNS(C1, fill), RUNS(C2, other), RUNS(E, MIRROR_DEVICE) },      \
	.warm = { RUNS(E, MIRROR_WARM) }

#define LATER "what is looked at later shows less"
#define LOCKS "a lock does not make younger what was read before it"

SCENARIO(A15_mirror) = {
	KEPT_BY_SOFTWARE(FILL),
	.name = "mirror",
	.claim =
		"a mirror that is not filled between start and end never has the old page after the end",
	.forbid = { FORBID(old_page) },
	.allow = { ALLOW(new_page), ALLOW(faults_again), ALLOW(filled_before) },
	.control = { WITHOUT(C0, 1, old_page), WITHOUT(C0, 3, old_page), WITHOUT(C0, 4, old_page),
		     WITHOUT(C1, 2, old_page), WITHOUT(C1, 5, old_page), WITHOUT(E, 1, old_page) },
	.spare = { SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A15_fills_anyway) = {
	KEPT_BY_SOFTWARE(FILL_ANYWAY),
	.name = "fills_anyway",
	.claim =
		"a mirror that is filled with what was read before start, after it: the old page for good",
	.shows = SHOWS(old_page_for_good),
	.spare = { SPARE(C0, 1, LOCKS), SPARE(C1, 2, LOCKS), SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A15_two_ranges) = {
	TWO_RANGES(COUNTED_COW, COUNTED_OTHER, FILL_IF_NONE),
	.name = "two_ranges",
	.claim =
		"two ranges at once, a count and a number: the mirror never has the old page after the end",
	.forbid = { FORBID(old_page) },
	.allow = { ALLOW(new_page), ALLOW(faults_again), ALLOW(retried) },
	.control = { WITHOUT(C0, 1, old_page), WITHOUT(C0, 3, old_page), WITHOUT(C0, 4, old_page),
		     WITHOUT(C1, 3, old_page), WITHOUT(E, 1, old_page), SWAPPED(C0, 2, 6, old_page),
		     SWAPPED(C0, 7, 8, old_page) },
	.spare = { SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A15_two_ranges_parity) = {
	TWO_RANGES(COW, OTHER_RANGE, FILL_IF_EVEN),
	.name = "two_ranges.parity",
	.claim =
		"two ranges at once, and a number that says by its lowest bit whether one is under way: the old page for good",
	.shows = SHOWS(even_and_old),
	.spare = { SPARE(C0, 1, LOCKS), SPARE(C1, 3, LOCKS), SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A15_start_only) = {
	.id = "A15",
	.name = "start_only",
	.claim =
		"a walker of the CPUs' own tables that is told at the start only: the old page for good",
	.source = "mmu notifier thread 2017: what walks the CPUs' tables cannot be frozen",
	.needs = NEED_READ,
	.content = { [P0] = O, [P1] = N },
	.maps = { [A] = { P0, RO, LEAF_USED } },
	.agents = { RUNS(C0, START_ONLY), RUNS(E, WALKER) },
	.warm = { RUNS(E, WALKER_WARM) },
	.shows = SHOWS(old_page_cached),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1,
			 "what it is told at the start it has forgotten by the end: that is the claim"),
		   SPARE(E, 2, "the old page before, and the old page for good") },
};
