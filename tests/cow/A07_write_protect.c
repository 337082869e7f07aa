/*
 * KSM compares a page with a shared one and then lets go of its own. Before it compares nobody may be able to write: not through a
 * CPU's TLB, nor through an IOTLB, which the page lock keeps away as little. Where the IOMMU is told does not matter as long as
 * it is before the comparison. Replacing itself is A06's matter.
 */
#include "mm/protocol/ksm.h"
#include "tests/scenario.h"

OBSERVE(EQUAL, FINAL, EARLY, WROTE)

enum { PAGE_LOCK };

/* clang-format off */
#define LATE_STEPS(step)                                 \
	write_protect_page(step, 1, A, P0)               \
	mmu_notifier_invalidate_range_end(step, 4, A)    \
	pages_identical(step, 5, P0, K, EQUAL)           \
	step##_if(6, EQUAL, YES, pte_exchange, A, K, RO) \
	step(7, load, A, FINAL)
#define INSIDE_STEPS(step)                               \
	ptep_clear_flush_notify(step, 1, A)              \
	step(4, pte_set, A, P0, RO)                      \
	pages_identical(step, 5, P0, K, EQUAL)           \
	step##_if(6, EQUAL, YES, pte_exchange, A, K, RO) \
	step(7, load, A, FINAL)
#define PAGE_LOCKED_STEPS(step)                          \
	step(1, lock, PAGE_LOCK)                         \
	write_protect_page(step, 2, A, P0)               \
	step(5, compare, P0, K, EQUAL)                   \
	step##_if(6, EQUAL, YES, pte_exchange, A, K, RO) \
	step(7, unlock, PAGE_LOCK)                       \
	step(8, load, A, FINAL)
/* clang-format on */
/* The first write changes nothing: it makes a right to write be cached. */
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, O, EARLY) \
	step(2, dma_write, A, X, WROTE)
#define THREAD_STEPS(step)          \
	step(1, store, A, O, EARLY) \
	step(2, store, A, X, WROTE)

LISTING(LATE)
LISTING(INSIDE)
LISTING(PAGE_LOCKED)
LISTING(DEVICE)
LISTING(THREAD)

CLAIM(lost_write, saw(WROTE) == LANDED && saw(EQUAL) == YES && saw(FINAL) == O)
CLAIM(word_gone, saw(WROTE) == LANDED && saw(FINAL) != X)
CLAIM(word_from_nowhere, saw(WROTE) == BLOCKED && saw(FINAL) != O)
CLAIM(not_merged, saw(EQUAL) == NO && saw(WROTE) == LANDED)
CLAIM(refused, saw(EQUAL) == YES && saw(WROTE) == BLOCKED)

#define COMPARE                                                                           \
	.id = "A07", .source = "mmu notifier thread 2017: KSM needs the notifying clear", \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [K] = O },        \
	.forbid = { FORBID(word_gone), FORBID(word_from_nowhere) },                       \
	.allow = { ALLOW(not_merged), ALLOW(refused) }
#define NOT_MINE "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define NO_MERGE "who does not compare does not merge"
#define FLUSH_AFTER \
	"here the IOTLB is flushed with the read-only entry in its place: the gap is not needed"
#define ANYWHERE "before the read-only entry or after it: it is before the comparison"

SCENARIO(A07_device_late) = {
	COMPARE,
	.name = "device_late",
	.claim = "IOMMU told after the read-only entry is set, before pages are compared: no write "
		 "of a device is lost",
	.needs = NEED_WRITE_ANY,
	.agents = { RUNS(C0, LATE), RUNS(E, DEVICE) },
	.control = { WITHOUT(C0, 4, lost_write), SWAPPED(C0, 4, 5, lost_write) },
	.spare = { SPARE(C0, 1, FLUSH_AFTER), SPARE(C0, 2, NOT_MINE), SPARE(C0, 5, NO_MERGE),
		   SPARE_SWAP(C0, 3, 4, ANYWHERE) },
};

SCENARIO(A07_device_inside) = {
	COMPARE,
	.name = "device_inside",
	.claim = "IOMMU told while the entry is clear: no write of a device is lost",
	.needs = NEED_WRITE_ANY,
	.agents = { RUNS(C0, INSIDE), RUNS(E, DEVICE) },
	.control = { WITHOUT(C0, 1, lost_write), WITHOUT(C0, 3, lost_write),
		     SWAPPED(C0, 1, 3, lost_write) },
	.spare = { SPARE(C0, 2, NOT_MINE), SPARE(C0, 5, NO_MERGE), SPARE_SWAP(C0, 3, 4, ANYWHERE) },
};

SCENARIO(A07_cpu) = {
	COMPARE,
	.name = "cpu",
	.claim = "TLBs flushed before pages are compared: no write of a CPU is lost",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, LATE), RUNS(C1, THREAD) },
	.control = { WITHOUT(C0, 1, lost_write), WITHOUT(C0, 2, lost_write),
		     SWAPPED(C0, 1, 2, lost_write) },
	.spare = { SPARE(C0, 4, NOT_MINE), SPARE(C0, 5, NO_MERGE) },
};

SCENARIO(A07_pagelock_device) = {
	.id = "A07",
	.name = "pagelock.device",
	.claim =
		"the page lock held in place of telling the IOMMU: a device writes what was compared, and the write is lost",
	.source = "mmu notifier thread 2017: the page lock is no substitute",
	.needs = NEED_WRITE_ANY,
	.agents = { RUNS(C0, PAGE_LOCKED), RUNS(E, DEVICE) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O, [K] = O },
	.forbid = { FORBID(word_from_nowhere) },
	.shows = SHOWS(lost_write),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, "nobody else takes it: that it changes nothing is the claim"),
		   SPARE(C0, 2, "what the IOTLB holds is stale with or without a gap"),
		   SPARE(C0, 3, NOT_MINE) },
};
