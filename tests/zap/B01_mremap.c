/*
 * mremap moves an entry to another address and flushes the old one after it dropped the page-table lock. Whoever unmaps the page meanwhile
 * finds it at the new address, flushes that, and frees what the old address reaches still. CVE-2018-18281, mended by Linux
 * eb66ae030829: the flush comes before the lock is dropped. One level up it moves a whole table, move_normal_pmd(), or a large page,
 * which that commit mended too; B01_mremap_table.c has what is remembered of the level above.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(FOUND, WROTE)

enum { PTL };

#define LOCKED(step, clear, set, ...)             \
	step(1, lock, PTL)                        \
	step(2, clear, A)                         \
	step(3, set, B, __VA_ARGS__)              \
	step(4, cpu_flush, A)                     \
	mmu_notifier_invalidate_range(step, 5, A) \
	step(6, unlock, PTL)
#define UNLOCKED(step, clear, set, ...) \
	step(1, lock, PTL)              \
	step(2, clear, A)               \
	step(3, set, B, __VA_ARGS__)    \
	step(4, unlock, PTL)            \
	step(5, cpu_flush, A)           \
	mmu_notifier_invalidate_range(step, 6, A)
/* move_ptes(), and move_normal_pmd() */
#define MOVE_STEPS(step)                LOCKED(step, pte_clear, pte_set, P0, RW)
#define MOVE_UNLOCKED_STEPS(step)       UNLOCKED(step, pte_clear, pte_set, P0, RW)
#define MOVE_TABLE_STEPS(step)          LOCKED(step, pde_clear, pde_set, T0)
#define MOVE_TABLE_UNLOCKED_STEPS(step) UNLOCKED(step, pde_clear, pde_set, T0)
/* clang-format off */
#define TRUNCATE_STEPS(step)                            \
	step(1, lock, PTL)                              \
	step(2, pte_read, B, FOUND)                     \
	step##_if(3, FOUND, MARK(P0), pte_clear, B)     \
	step(4, unlock, PTL)                            \
	step##_if(5, FOUND, MARK(P0), cpu_flush, B)     \
	step##_if(6, FOUND, MARK(P0), iommu_flush, B)   \
	step##_if(7, FOUND, MARK(P0), reuse, P0)
/*
 * The leaf is the one that A had. No device has been at the new address; and QEMU 7.2, told of that, drops what it has of the old
 * one too: it looks at the lowest 8 bits of page numbers alone.
 */
#define TRUNCATE_TABLE_STEPS(step)                      \
	step(1, lock, PTL)                              \
	step(2, pde_read, B, FOUND)                     \
	step##_if(3, FOUND, TABLE(T0), pte_clear, A)    \
	step(4, unlock, PTL)                            \
	step##_if(5, FOUND, TABLE(T0), cpu_flush, B)    \
	step##_if(6, FOUND, TABLE(T0), reuse, P0)
/* clang-format on */
#define THREAD_STEPS(step)      step(1, store, A, Y, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)
#define DEVICE_STEPS(step)      step(1, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(MOVE)
LISTING(MOVE_UNLOCKED)
LISTING(MOVE_TABLE)
LISTING(MOVE_TABLE_UNLOCKED)
LISTING(TRUNCATE)
LISTING(TRUNCATE_TABLE)
LISTING(THREAD)
LISTING(THREAD_WARM)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(stranger_hurt, saw(FOUND) != EMPTY && holds(P0) != S)
CLAIM(wrote_before, saw(FOUND) != EMPTY && saw(WROTE) == LANDED)
CLAIM(moved_away, saw(FOUND) != EMPTY && saw(WROTE) == BLOCKED)

#define MREMAP(move, truncate, who, runs)                                               \
	.id = "B01", .agents = { RUNS(C0, move), RUNS(C1, truncate), RUNS(who, runs) }, \
	.warm = { RUNS(who, runs##_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } },    \
	.content = { [P0] = O }
#define ENTRY(move, who, runs) \
	MREMAP(move, TRUNCATE, who, runs), .source = "CVE-2018-18281; Linux eb66ae030829"
#define TABLE_OF(move, who, runs)                                                     \
	MREMAP(move, TRUNCATE_TABLE, who, runs),                                      \
		.source = "CVE-2018-18281; Linux, move_normal_pmd()", .tables = true, \
		.apart = true
#define BY_CPU    .needs = NEED_CPU3
#define BY_DEVICE .needs = (NEED_CPU2 | NEED_WRITE)
#define NEW       "nobody uses the new address here"
#define STALE     "what is cached is stale whatever the entry says"
#define NO_LOCK   "a lock that is dropped before the flush keeps nobody away from what is stale"
#define NOT_MINE  "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define TOO_LATE  "it comes too late: that is the hazard"
/* What only an entry has: the IOMMU is told of its new address; and if it stays, that shows. Of a table that stays the leaf goes. */
#define NEW_TOO SPARE(C1, 6, NEW),
#define STAYS   WITHOUT(C0, 2, stranger_hurt),
#define NO_MORE
#define LATE(cache, spares)                      \
	.spare = { spares SPARE(C0, 1, NO_LOCK), \
		   SPARE(C0, 2, STALE),          \
		   SPARE(C0, 5, TOO_LATE),       \
		   SPARE(C0, 6, TOO_LATE),       \
		   SPARE(C1, 1, NO_LOCK),        \
		   SPARE(C1, 3, NEW),            \
		   SPARE(C1, 5, NEW) },          \
	.shows = SHOWS(stranger_hurt), .shown_by = (cache)
/* It is told in step `mine`, and the other kind in step `not_mine`. */
#define IN_TIME(mine, not_mine, controls, spares)                                                 \
	.forbid = { FORBID(stranger_hurt) }, .allow = { ALLOW(wrote_before), ALLOW(moved_away) }, \
	.control = { controls WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, mine, stranger_hurt),    \
		     WITHOUT(C1, 1, stranger_hurt), SWAPPED(C0, mine, 6, stranger_hurt) },        \
	.spare = { spares SPARE(C0, not_mine, NOT_MINE), SPARE(C1, 3, NEW), SPARE(C1, 5, NEW) }

SCENARIO(B01_unlocked_cpu) = {
	ENTRY(MOVE_UNLOCKED, C2, THREAD),
	BY_CPU,
	LATE(CACHE_TLB, NEW_TOO),
	.name = "unlocked.cpu",
	.claim =
		"an entry moved, the old address flushed after the lock: a CPU writes a freed page",
};

SCENARIO(B01_unlocked_device) = {
	ENTRY(MOVE_UNLOCKED, E, DEVICE),
	BY_DEVICE,
	LATE(CACHE_IOTLB, NEW_TOO),
	.name = "unlocked.device",
	.claim = "an entry moved, the IOMMU told after the lock: a device writes a freed page",
};

SCENARIO(B01_locked_cpu) = {
	ENTRY(MOVE, C2, THREAD),
	BY_CPU,
	IN_TIME(4, 5, STAYS, NEW_TOO),
	.name = "locked.cpu",
	.claim = "the old address flushed before the lock is dropped: no CPU writes a freed page",
};

SCENARIO(B01_locked_device) = {
	ENTRY(MOVE, E, DEVICE),
	BY_DEVICE,
	IN_TIME(5, 4, STAYS, NEW_TOO),
	.name = "locked.device",
	.claim = "the IOMMU told before the lock is dropped: no device writes a freed page",
};

SCENARIO(B01_table_unlocked) = {
	TABLE_OF(MOVE_TABLE_UNLOCKED, C2, THREAD),
	BY_CPU,
	LATE(CACHE_TLB, NO_MORE),
	.name = "table_unlocked",
	.claim = "a table moved, the old range flushed after the lock: a CPU writes a freed page",
};

SCENARIO(B01_table_locked) = {
	TABLE_OF(MOVE_TABLE, C2, THREAD),
	BY_CPU,
	IN_TIME(4, 5, NO_MORE, NO_MORE),
	.name = "table_locked",
	.claim =
		"a table moved, the old range flushed before the lock is dropped: no CPU comes late",
};

SCENARIO(B01_table_unlocked_device) = {
	TABLE_OF(MOVE_TABLE_UNLOCKED, E, DEVICE),
	BY_DEVICE,
	LATE(CACHE_IOTLB, NO_MORE),
	.name = "table_unlocked.device",
	.claim = "a table moved, the IOMMU told after the lock: a device writes a freed page",
};

SCENARIO(B01_table_locked_device) = {
	TABLE_OF(MOVE_TABLE, E, DEVICE),
	BY_DEVICE,
	IN_TIME(5, 4, NO_MORE, NO_MORE),
	.name = "table_locked.device",
	.claim = "a table moved, the IOMMU told before the lock is dropped: no device comes late",
};
