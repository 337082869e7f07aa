/*
 * A page moves: migration entry, copy, new entry. The IOMMU may be told after the page-table lock was dropped, but not after the
 * copy, which would miss what a device writes meanwhile, and not after the old page is free. And nobody but who has the page
 * locked may conclude anything from a migration entry.
 */
#include "mm/protocol/migrate.h"
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND, ENTRY)

enum { PTL, PAGE };

#define MOVE_STEPS(step)                              \
	step(1, lock, PTL)                            \
	try_to_migrate(step, 2, A)                    \
	step(4, unlock, PTL)                          \
	mmu_notifier_invalidate_range_end(step, 5, A) \
	step(6, copy, P0, P1)                         \
	remove_migration_ptes(step, 7, A, P1)         \
	step(8, tell, E)                              \
	step(9, reuse, P0)
#define TOLD_LATE_STEPS(step)                         \
	try_to_migrate(step, 1, A)                    \
	step(3, copy, P0, P1)                         \
	remove_migration_ptes(step, 4, A, P1)         \
	step(5, tell, E)                              \
	mmu_notifier_invalidate_range_end(step, 6, A) \
	step(7, reuse, P0)
#define LOCKED_STEPS(step)                    \
	step(1, lock, PAGE)                   \
	try_to_migrate(step, 2, A)            \
	step(4, copy, P0, P1)                 \
	remove_migration_ptes(step, 5, A, P1) \
	step(6, unlock, PAGE)                 \
	step(7, reuse, P0)
/* clang-format off */
#define DEVICE_STEPS(step)                                    \
	step(1, dma_write, A, O)                              \
	step(2, dma_write, A, X, FIRST)                       \
	step##_if(3, FIRST, BLOCKED, heed, C0)                \
	step##_if(4, FIRST, BLOCKED, dma_write, A, X, SECOND)
#define FAULT_STEPS(step)                                     \
	step(1, store, A, N, FIRST)                           \
	step##_if(2, FIRST, BLOCKED, pte_read, A, ENTRY)      \
	migration_entry_wait(step, 3, ENTRY, PAGE)            \
	step##_if(5, FIRST, BLOCKED, store, A, N, SECOND)
/* What is not present may be made present: not if it says that it is somebody's who moves it. */
#define RESTORES_STEPS(step)                                  \
	step(1, store, A, N, FIRST)                           \
	step##_if(2, FIRST, BLOCKED, pte_read, A, ENTRY)      \
	step##_if(3, ENTRY, MIGRATION, pte_set, A, P0, RW)    \
	step##_if(4, ENTRY, MIGRATION, store, A, N, SECOND)
/* Reclaim: a page whose entry is not present is unmapped, so it may be freed. */
#define UNMAP_STEPS(step)                                     \
	step(1, lock, PAGE)                                   \
	step(2, pte_read, A, ENTRY)                           \
	step##_if(3, ENTRY, MIGRATION, reuse, P0)             \
	step(4, unlock, PAGE)
/* clang-format on */
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, O)
#define CPU_WARM_STEPS(step)    step(1, store, A, O)

LISTING(MOVE)
LISTING(TOLD_LATE)
LISTING(LOCKED)
LISTING(DEVICE)
LISTING(FAULT)
LISTING(RESTORES)
LISTING(UNMAP)
LISTING(DEVICE_WARM)
LISTING(CPU_WARM)

CLAIM(lost_write, (saw(FIRST) == LANDED || saw(SECOND) == LANDED) && holds(P1) == O)
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(refused, saw(FIRST) == BLOCKED && saw(SECOND) != LANDED)
CLAIM(wrote_before, saw(FIRST) == LANDED && saw(SECOND) == NOTHING)
CLAIM(wrote_after, saw(SECOND) == LANDED)
CLAIM(waited, saw(ENTRY) == MIGRATION && saw(SECOND) == LANDED)
CLAIM(strangers_words, holds(P1) == S)
CLAIM(before_it_moved, saw(ENTRY) == MARK(P0))
CLAIM(after_it_moved, saw(ENTRY) == MARK(P1))

#define MIGRATE                                                                             \
	.id = "A08", .source = "mmu notifier thread 2017, scenario 1; Linux, mm/migrate.c", \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }
SCENARIO(A08_device) = {
	MIGRATE,
	.name = "device",
	.claim =
		"IOMMU told after the lock and before the copy: what a device writes is in the new page",
	.needs = NEED_WRITE_ANY,
	.agents = { RUNS(C0, MOVE), RUNS(E, DEVICE) },
	.forbid = { FORBID(lost_write), FORBID(stranger_hurt), FORBID(refused) },
	.allow = { ALLOW(wrote_before), ALLOW(wrote_after) },
	.control = { WITHOUT(C0, 5, lost_write), WITHOUT(E, 3, refused),
		     SWAPPED(C0, 5, 6, lost_write), SWAPPED(C0, 2, 5, lost_write) },
	.spare = { SPARE(C0, 1, "a device takes no locks"),
		   SPARE(C0, 3, "a device does not see the TLBs of CPUs: fault does"),
		   SPARE_SWAP(C0, 4, 5, "inside the lock or after it: it is before the copy") },
};

SCENARIO(A08_told_late) = {
	MIGRATE,
	.name = "told_late",
	.claim =
		"IOMMU told after the copy: what a device writes is lost; after the free: it is in "
		"somebody else's page",
	.needs = NEED_WRITE_ANY,
	.agents = { RUNS(C0, TOLD_LATE), RUNS(E, DEVICE) },
	.warm = { RUNS(E, DEVICE_WARM) },
	.forbid = { FORBID(stranger_hurt), FORBID(refused) },
	.shows = SHOWS(lost_write),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 6, stranger_hurt), SWAPPED(C0, 6, 7, stranger_hurt) },
	.spare = { SPARE(C0, 2, "a device does not see the TLBs of CPUs: fault does"),
		   SPARE_SWAP(C0, 5, 6, "it only makes who was refused wait longer") },
};

SCENARIO(A08_fault) = {
	MIGRATE,
	.name = "fault",
	.claim =
		"a fault that finds a migration entry waits for the page lock: no CPU's write is lost",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, LOCKED), RUNS(C1, FAULT) },
	.warm = { RUNS(C1, CPU_WARM) },
	.forbid = { FORBID(lost_write), FORBID(stranger_hurt), FORBID(refused) },
	.allow = { ALLOW(wrote_before), ALLOW(waited) },
	.control = { WITHOUT(C0, 1, refused), WITHOUT(C0, 3, lost_write), WITHOUT(C1, 3, refused),
		     SWAPPED(C0, 3, 4, lost_write) },
};

SCENARIO(A08_fault_restores) = {
	MIGRATE,
	.name = "fault_restores",
	.claim = "a fault that maps the old page again while it is copied: its write is lost",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, LOCKED), RUNS(C1, RESTORES) },
	.warm = { RUNS(C1, CPU_WARM) },
	.shows = SHOWS(lost_write),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 1, "who restores asks for no lock: that is the hazard") },
};

SCENARIO(A08_unmap) = {
	MIGRATE,
	.name = "unmap",
	.claim =
		"who wants to free a page locks it before he looks at its entry: no stranger's words "
		"are copied",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, LOCKED), RUNS(C1, UNMAP) },
	.forbid = { FORBID(strangers_words), FORBID(stranger_hurt) },
	.allow = { ALLOW(before_it_moved), ALLOW(after_it_moved) },
	.control = { WITHOUT(C0, 1, strangers_words), WITHOUT(C1, 1, strangers_words),
		     SWAPPED(C0, 1, 2, strangers_words) },
	.spare = { SPARE(C0, 3, "nobody uses the page here") },
};
