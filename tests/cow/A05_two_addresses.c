/*
 * Two pages copied on write by two CPUs, one of which tells the IOMMU late. A thread writes the one whose IOMMU entry is
 * old, then the other: the device sees the second write and then, in the first page, what was there before. Each page by itself
 * is coherent. The thread that writes takes the second fault itself, or is a third CPU, told by both.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(WROTE_A, WROTE_B, SECOND, FIRST, LAST_B, LAST_A)

enum { PTL };

#define DEFERRED_STEPS(step)         \
	step(1, lock, PTL)           \
	ptep_clear_flush(step, 2, A) \
	step(4, pte_set, A, P1, RW)  \
	step(5, unlock, PTL)         \
	step(6, tell, C1)            \
	mmu_notifier_invalidate_range_end(step, 7, A)
#define INSIDE_STEPS(step)                  \
	step(1, lock, PTL)                  \
	ptep_clear_flush_notify(step, 2, A) \
	step(5, pte_set, A, P1, RW)         \
	step(6, unlock, PTL)                \
	step(7, tell, C1)
#define WRITER_STEPS(step)                  \
	step(1, heed, C0)                   \
	step(2, lock, PTL)                  \
	ptep_clear_flush_notify(step, 3, B) \
	step(6, pte_set, B, Q1, RW)         \
	step(7, unlock, PTL)                \
	step(8, store, A, N, WROTE_A)       \
	step(9, store, B, N, WROTE_B)       \
	step(10, tell, E)
#define DEVICE_STEPS(step)           \
	step(1, dma_read, B, SECOND) \
	step(2, dma_read, A, FIRST)  \
	step(3, heed, C1)            \
	step(4, dma_read, B, LAST_B) \
	step(5, dma_read, A, LAST_A)
/* Three CPUs; each page has a lock of its own, which nobody else takes. */
#define LATE_A_STEPS(step)           \
	ptep_clear_flush(step, 1, A) \
	step(3, pte_set, A, P1, RW)  \
	step(4, tell, C2)            \
	mmu_notifier_invalidate_range_end(step, 5, A)
#define AT_ONCE_A_STEPS(step)               \
	ptep_clear_flush_notify(step, 1, A) \
	step(4, pte_set, A, P1, RW)         \
	step(5, tell, C2)
#define AT_ONCE_B_STEPS(step)               \
	ptep_clear_flush_notify(step, 1, B) \
	step(4, pte_set, B, Q1, RW)         \
	step(5, tell, C2)
#define THIRD_STEPS(step)             \
	step(1, heed, C0)             \
	step(2, heed, C1)             \
	step(3, store, A, N, WROTE_A) \
	step(4, store, B, N, WROTE_B) \
	step(5, tell, E)
#define TOLD_STEPS(step)             \
	step(1, heed, C2)            \
	step(2, dma_read, B, SECOND) \
	step(3, dma_read, A, FIRST)
#define DEVICE_WARM_STEPS(step) \
	step(1, dma_read, A)    \
	step(2, dma_read, B)

LISTING(DEFERRED)
LISTING(INSIDE)
LISTING(WRITER)
LISTING(DEVICE)
LISTING(LATE_A)
LISTING(AT_ONCE_A)
LISTING(AT_ONCE_B)
LISTING(THIRD)
LISTING(TOLD)
LISTING(DEVICE_WARM)

CLAIM(second_without_first, saw(SECOND) == N && saw(FIRST) == O)
CLAIM(neither, saw(SECOND) == O && saw(FIRST) == O)
CLAIM(first_only, saw(SECOND) == O && saw(FIRST) == N)
CLAIM(both, saw(SECOND) == N && saw(FIRST) == N)
CLAIM(write_refused, saw(WROTE_A) != LANDED || saw(WROTE_B) != LANDED)
CLAIM(second_old, saw(SECOND) != N)
CLAIM(b_stale, saw(LAST_B) != N)
CLAIM(a_stale, saw(LAST_A) != N)

#define TWO_ADDRESSES                                                                            \
	.id = "A05", .source = "mmu notifier thread 2017; Linux, mmu_notifier.rst",              \
	.maps = { [A] = { P0, RO, LEAF_USED }, [B] = { Q0, RO, LEAF_USED } },                    \
	.content = { [P0] = O, [P1] = O, [Q0] = O, [Q1] = O }, .warm = { RUNS(E, DEVICE_WARM) }, \
	.needs = NEED_READ | NEED_CPU2
#define LATER          "what is looked at later shows less"
#define IN_TURN        "the second CPU begins when the first has dropped it"
#define RIGHT_TO_WRITE "a stale read-only entry does not permit the store: the CPU walks again"

SCENARIO(A05_deferred) = {
	TWO_ADDRESSES,
	.name = "deferred",
	.claim = "one page's IOMMU flush late: the device sees the second write without the first",
	.agents = { RUNS(C0, DEFERRED), RUNS(C1, WRITER), RUNS(E, DEVICE) },
	.forbid = { FORBID(write_refused), FORBID(b_stale) },
	.shows = SHOWS(second_without_first),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C1, 1, write_refused), WITHOUT(C1, 3, b_stale),
		     WITHOUT(C1, 5, b_stale), WITHOUT(E, 3, b_stale) },
	.spare = { SPARE(C0, 1, IN_TURN),
		   SPARE(C0, 2, "what the IOTLB holds is stale with or without a gap"),
		   SPARE(C0, 3, RIGHT_TO_WRITE),
		   SPARE(C0, 7, "it comes too late: that is the hazard"), SPARE(C1, 2, IN_TURN),
		   SPARE(C1, 4, RIGHT_TO_WRITE), SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A05_inside) = {
	TWO_ADDRESSES,
	.name = "inside_lock",
	.claim =
		"clear, flush, invalidate, set for each page, all inside the lock: the device sees writes in their order",
	.agents = { RUNS(C0, INSIDE), RUNS(C1, WRITER), RUNS(E, DEVICE) },
	.forbid = { FORBID(second_without_first), FORBID(write_refused), FORBID(b_stale),
		    FORBID(a_stale) },
	.allow = { ALLOW(neither), ALLOW(first_only), ALLOW(both) },
	.control = { WITHOUT(C0, 2, a_stale), WITHOUT(C0, 4, second_without_first),
		     WITHOUT(C1, 1, write_refused), WITHOUT(C1, 3, b_stale),
		     WITHOUT(C1, 5, b_stale), WITHOUT(E, 3, b_stale), SWAPPED(C0, 2, 4, a_stale),
		     SWAPPED(C1, 8, 9, second_without_first) },
	.spare = { SPARE(C0, 1, IN_TURN), SPARE(C0, 3, RIGHT_TO_WRITE), SPARE(C1, 2, IN_TURN),
		   SPARE(C1, 4, RIGHT_TO_WRITE), SPARE_SWAP(E, 2, 3, LATER) },
};

#define THREE_CPUS(first)          \
	TWO_ADDRESSES | NEED_CPU3, \
		.agents = { RUNS(C0, first), RUNS(C1, AT_ONCE_B), RUNS(C2, THIRD), RUNS(E, TOLD) }

SCENARIO(A05_three_deferred) = {
	THREE_CPUS(LATE_A),
	.name = "three_deferred",
	.claim =
		"three CPUs, one page's IOMMU flush late: the device sees the second write without the first",
	.forbid = { FORBID(write_refused), FORBID(second_old) },
	.shows = SHOWS(second_without_first),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C1, 3, second_old), WITHOUT(C2, 1, write_refused),
		     WITHOUT(C2, 2, write_refused), WITHOUT(E, 1, second_old) },
	.spare = { SPARE(C0, 1, "what the IOTLB holds is stale with or without a gap"),
		   SPARE(C0, 2, RIGHT_TO_WRITE),
		   SPARE(C0, 5, "it comes too late: that is the hazard"),
		   SPARE(C1, 2, RIGHT_TO_WRITE) },
};

SCENARIO(A05_three_at_once) = {
	THREE_CPUS(AT_ONCE_A),
	.name = "three_at_once",
	.claim =
		"three CPUs, clear, flush, invalidate, set for each page: the device sees writes in their order",
	.forbid = { FORBID(second_without_first), FORBID(write_refused), FORBID(second_old) },
	.allow = { ALLOW(both) },
	.control = { WITHOUT(C0, 3, second_without_first), WITHOUT(C1, 3, second_old),
		     WITHOUT(C2, 1, write_refused), WITHOUT(C2, 2, write_refused),
		     WITHOUT(E, 1, second_old) },
	.spare = { SPARE(C0, 2, RIGHT_TO_WRITE), SPARE(C1, 2, RIGHT_TO_WRITE) },
};
