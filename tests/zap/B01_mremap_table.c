/*
 * mremap moves a whole table to another address: CVE-2018-18281 one level up, where Linux eb66ae030829 mended move_huge_pmd(). Whoever
 * finds the table at the new address, takes the page out of it and flushes that address, has not flushed the old one: CPUs and
 * devices reach the page by what they have of it. So the old range is flushed before the lock is dropped, as in
 * move_normal_pmd(). And an IOMMU that remembers the PDE finds by it what is mapped at the new address later on; D09.moved has
 * that of CPUs.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(FOUND, WROTE, READ)

enum { PTL };

/* move_normal_pmd(). A is the old address, B the new one. */
#define MOVE_STEPS(step)                          \
	step(1, lock, PTL)                        \
	step(2, pde_clear, A)                     \
	step(3, pde_set, B, T0)                   \
	step(4, cpu_flush, A)                     \
	mmu_notifier_invalidate_range(step, 5, A) \
	step(6, unlock, PTL)
#define MOVE_UNLOCKED_STEPS(step) \
	step(1, lock, PTL)        \
	step(2, pde_clear, A)     \
	step(3, pde_set, B, T0)   \
	step(4, unlock, PTL)      \
	step(5, cpu_flush, A)     \
	mmu_notifier_invalidate_range(step, 6, A)
/* clang-format off */
/*
 * The leaf is the one that A had. No device has been at the new address; and QEMU 7.2, told of that, drops what it has of the old
 * one too: it looks at the lowest 8 bits of page numbers alone.
 */
#define TRUNCATE_STEPS(step)                             \
	step(1, lock, PTL)                               \
	step(2, pde_read, B, FOUND)                      \
	step##_if(3, FOUND, TABLE(T0), pte_clear, A)     \
	step(4, unlock, PTL)                             \
	step##_if(5, FOUND, TABLE(T0), cpu_flush, B)     \
	step##_if(6, FOUND, TABLE(T0), reuse, P0)
/* clang-format on */
#define THREAD_STEPS(step)      step(1, store, A, Y, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)
#define DEVICE_STEPS(step)      step(1, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, X)

/* Nothing is mapped yet; a page comes to the new address. */
#define MAPS_LATER(step, how)       \
	step(1, pde_clear, A)       \
	step(2, pde_set, B, T0)     \
	step(3, how, A)             \
	step(4, iommu_wait)         \
	step(5, pte_set, A, P0, RW) \
	step(6, tell, E)
#define LEAVES_STEPS(step)      MAPS_LATER(step, iommu_queue_leaf)
#define EVERY_LEVEL_STEPS(step) MAPS_LATER(step, iommu_queue)
#define READER_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, READ)
#define PROBE_STEPS(step) step(1, dma_read, A)

LISTING(MOVE)
LISTING(MOVE_UNLOCKED)
LISTING(TRUNCATE)
LISTING(THREAD)
LISTING(THREAD_WARM)
LISTING(DEVICE)
LISTING(DEVICE_WARM)
LISTING(LEAVES)
LISTING(EVERY_LEVEL)
LISTING(READER)
LISTING(PROBE)

CLAIM(stranger_hurt, saw(FOUND) == TABLE(T0) && holds(P0) != S)
CLAIM(wrote_before, saw(FOUND) == TABLE(T0) && saw(WROTE) == LANDED)
CLAIM(moved_away, saw(FOUND) == TABLE(T0) && saw(WROTE) == BLOCKED)
CLAIM(by_the_old_address, saw(READ) == O)

#define TABLES_APART                                                                       \
	.id = "B01", .source = "CVE-2018-18281; Linux, move_normal_pmd()", .tables = true, \
	.apart = true, .content = { [P0] = O }
#define MREMAP(move, who, runs)                                                          \
	TABLES_APART, .agents = { RUNS(C0, move), RUNS(C1, TRUNCATE), RUNS(who, runs) }, \
		      .warm = { RUNS(who, runs##_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } }
#define EMPTY_TABLE(move)                                                                \
	TABLES_APART, .needs = NEED_READ, .agents = { RUNS(C0, move), RUNS(E, READER) }, \
		      .warm = { RUNS(E, PROBE) }

#define BY_UPPER(no, with)                                                     \
	{                                                                      \
		{ C0, no, with }, SHOWS(by_the_old_address), CACHE_IOMMU_UPPER \
	}
#define NEW         "nobody uses the new address here"
#define UNLOCKED    "a lock that is dropped before the flush keeps nobody away from what is stale"
#define STALE       "what is cached is stale whatever the PDE says"
#define NOT_MINE    "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define EARLY       "who reads earlier finds nothing"
#define WRONG       "what it is told of is not what changed: that is the hazard"
#define TOO_LATE    "it comes too late: that is the hazard"
#define NEW_ADDRESS SPARE(C1, 3, NEW), SPARE(C1, 5, NEW)
#define LATE                                                                               \
	.shows = SHOWS(stranger_hurt),                                                     \
	.spare = { SPARE(C0, 1, UNLOCKED), SPARE(C0, 2, STALE),    SPARE(C0, 5, TOO_LATE), \
		   SPARE(C0, 6, TOO_LATE), SPARE(C1, 1, UNLOCKED), NEW_ADDRESS }
/* It is told in step `mine`, and the other kind in step `not_mine`. */
#define IN_TIME(mine, not_mine)                                                                   \
	.forbid = { FORBID(stranger_hurt) }, .allow = { ALLOW(wrote_before), ALLOW(moved_away) }, \
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, mine, stranger_hurt),             \
		     WITHOUT(C1, 1, stranger_hurt), SWAPPED(C0, mine, 6, stranger_hurt) },        \
	.spare = { SPARE(C0, not_mine, NOT_MINE), NEW_ADDRESS }

SCENARIO(B01_table_unlocked) = {
	MREMAP(MOVE_UNLOCKED, C2, THREAD),
	LATE,
	.name = "table_unlocked",
	.claim = "a table moved, the old range flushed after the lock: a CPU writes a freed page",
	.needs = NEED_CPU3,
	.shown_by = CACHE_TLB,
};

SCENARIO(B01_table_locked) = {
	MREMAP(MOVE, C2, THREAD),
	IN_TIME(4, 5),
	.name = "table_locked",
	.claim =
		"a table moved, the old range flushed before the lock is dropped: no CPU comes late",
	.needs = NEED_CPU3,
};

SCENARIO(B01_table_unlocked_device) = {
	MREMAP(MOVE_UNLOCKED, E, DEVICE),
	LATE,
	.name = "table_unlocked.device",
	.claim = "a table moved, the IOMMU told after the lock: a device writes a freed page",
	.needs = NEED_CPU2 | NEED_WRITE,
	.shown_by = CACHE_IOTLB,
};

SCENARIO(B01_table_locked_device) = {
	MREMAP(MOVE, E, DEVICE),
	IN_TIME(5, 4),
	.name = "table_locked.device",
	.claim = "a table moved, the IOMMU told before the lock is dropped: no device comes late",
	.needs = NEED_CPU2 | NEED_WRITE,
};

SCENARIO(B01_table_leaves) = {
	EMPTY_TABLE(LEAVES),
	.name = "table_leaves.device",
	.claim =
		"an empty table moved, the IOMMU told of leaves: by the old address it finds a page of the new",
	.shows = SHOWS(by_the_old_address),
	.shown_by = CACHE_IOMMU_UPPER,
	.spare = { SPARE(C0, 1, STALE), SPARE(C0, 3, WRONG), SPARE(C0, 4, WRONG),
		   SPARE(E, 1, EARLY) },
};

SCENARIO(B01_table_every_level) = {
	EMPTY_TABLE(EVERY_LEVEL),
	.name = "table_every_level.device",
	.claim =
		"an empty table moved, the IOMMU told of every level: the old address leads nowhere",
	.forbid = { FORBID(by_the_old_address) },
	.control = { WITHOUT(C0, 1, by_the_old_address), BY_UPPER(3, 0), BY_UPPER(4, 0),
		     BY_UPPER(1, 3) },
	.spare = { SPARE(E, 1, EARLY),
		   SPARE_SWAP(C0, 4, 5, "who reads waits for both, and what is stale is the PDE") },
};
