/*
 * mremap moves an entry to another address and flushes the old one after it dropped the page-table lock. Whoever unmaps the page meanwhile
 * finds it at the new address, flushes that, and frees what the old address reaches still. CVE-2018-18281, mended by Linux
 * eb66ae030829: the flush comes before the lock is dropped.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(FOUND, WROTE)

enum { PTL };

/* move_ptes() */
#define MOVE_STEPS(step)                          \
	step(1, lock, PTL)                        \
	step(2, pte_clear, A)                     \
	step(3, pte_set, B, P0, RW)               \
	step(4, cpu_flush, A)                     \
	mmu_notifier_invalidate_range(step, 5, A) \
	step(6, unlock, PTL)
#define MOVE_UNLOCKED_STEPS(step)   \
	step(1, lock, PTL)          \
	step(2, pte_clear, A)       \
	step(3, pte_set, B, P0, RW) \
	step(4, unlock, PTL)        \
	step(5, cpu_flush, A)       \
	mmu_notifier_invalidate_range(step, 6, A)
/* clang-format off */
#define TRUNCATE_STEPS(step)                            \
	step(1, lock, PTL)                              \
	step(2, pte_read, B, FOUND)                     \
	step##_if(3, FOUND, MARK(P0), pte_clear, B)     \
	step(4, unlock, PTL)                            \
	step##_if(5, FOUND, MARK(P0), cpu_flush, B)     \
	step##_if(6, FOUND, MARK(P0), iommu_flush, B)   \
	step##_if(7, FOUND, MARK(P0), reuse, P0)
/* clang-format on */
#define THREAD_STEPS(step)      step(1, store, A, Y, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)
#define DEVICE_STEPS(step)      step(1, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(MOVE)
LISTING(MOVE_UNLOCKED)
LISTING(TRUNCATE)
LISTING(THREAD)
LISTING(THREAD_WARM)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(stranger_hurt, saw(FOUND) == MARK(P0) && holds(P0) != S)
CLAIM(wrote_before, saw(FOUND) == MARK(P0) && saw(WROTE) == LANDED)
CLAIM(moved_away, saw(FOUND) == MARK(P0) && saw(WROTE) == BLOCKED)

#define MREMAP(move, who, runs)                                                      \
	.id = "B01", .source = "CVE-2018-18281; Linux eb66ae030829",                 \
	.agents = { RUNS(C0, move), RUNS(C1, TRUNCATE), RUNS(who, runs) },           \
	.warm = { RUNS(who, runs##_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O }
#define NEW         "nobody uses the new address here"
#define UNLOCKED    "a lock that is dropped before the flush keeps nobody away from what is stale"
#define STALE       "what is cached is stale whatever the PTE says"
#define NEW_ADDRESS SPARE(C1, 3, NEW), SPARE(C1, 5, NEW), SPARE(C1, 6, NEW)
#define NOT_MINE    "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define TOO_LATE    "it comes too late: that is the hazard"

SCENARIO(B01_unlocked_cpu) = {
	MREMAP(MOVE_UNLOCKED, C2, THREAD),
	.name = "unlocked.cpu",
	.claim =
		"an entry moved, the old address flushed after the lock: a CPU writes a freed page",
	.needs = NEED_CPU3,
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 1, UNLOCKED), SPARE(C0, 2, STALE), SPARE(C0, 5, TOO_LATE),
		   SPARE(C0, 6, TOO_LATE), SPARE(C1, 1, UNLOCKED), NEW_ADDRESS },
};

SCENARIO(B01_unlocked_device) = {
	MREMAP(MOVE_UNLOCKED, E, DEVICE),
	.name = "unlocked.device",
	.claim = "an entry moved, the IOMMU told after the lock: a device writes a freed page",
	.needs = NEED_CPU2 | NEED_WRITE,
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, UNLOCKED), SPARE(C0, 2, STALE), SPARE(C0, 5, TOO_LATE),
		   SPARE(C0, 6, TOO_LATE), SPARE(C1, 1, UNLOCKED), NEW_ADDRESS },
};

SCENARIO(B01_locked_cpu) = {
	MREMAP(MOVE, C2, THREAD),
	.name = "locked.cpu",
	.claim = "the old address flushed before the lock is dropped: no CPU writes a freed page",
	.needs = NEED_CPU3,
	.forbid = { FORBID(stranger_hurt) },
	.allow = { ALLOW(wrote_before), ALLOW(moved_away) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 4, stranger_hurt), WITHOUT(C1, 1, stranger_hurt),
		     SWAPPED(C0, 4, 6, stranger_hurt) },
	.spare = { SPARE(C0, 5, NOT_MINE), NEW_ADDRESS },
};

SCENARIO(B01_locked_device) = {
	MREMAP(MOVE, E, DEVICE),
	.name = "locked.device",
	.claim = "the IOMMU told before the lock is dropped: no device writes a freed page",
	.needs = NEED_CPU2 | NEED_WRITE,
	.forbid = { FORBID(stranger_hurt) },
	.allow = { ALLOW(wrote_before), ALLOW(moved_away) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 5, stranger_hurt), WITHOUT(C1, 1, stranger_hurt),
		     SWAPPED(C0, 5, 6, stranger_hurt) },
	.spare = { SPARE(C0, 4, NOT_MINE), NEW_ADDRESS },
};
