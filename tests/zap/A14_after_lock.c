/*
 * An entry is changed under the page-table lock, and flushed after it. Whoever takes the lock in between sees the new entry and acts on it: he
 * takes a page for read-only, or for unmapped, that CPUs and devices still write, and copies it. Right are: to flush inside the
 * lock; to see that a flush is pending, and flush oneself; or to look again when it is done.
 */
#include "mm/protocol/gather.h"
#include "mm/protocol/migrate.h"
#include "tests/scenario.h"

OBSERVE(ENTRY, WRITABLE, GATHERS, SAME, WROTE)

enum { PTL };
enum { PENDING };

#define PROTECT_STEPS(step)               \
	step(1, lock, PTL)                \
	step(2, pte_wrprotect, A)         \
	step(3, unlock, PTL)              \
	tlb_flush_mmu_tlbonly(step, 4, A) \
	mmu_notifier_invalidate_range_end(step, 5, A)
#define PROTECT_INSIDE_STEPS(step)                \
	step(1, lock, PTL)                        \
	step(2, pte_wrprotect, A)                 \
	tlb_flush_mmu_tlbonly(step, 3, A)         \
	mmu_notifier_invalidate_range(step, 4, A) \
	step(5, unlock, PTL)
#define PROTECT_COUNTED_STEPS(step)                   \
	inc_tlb_flush_pending(step, 1, PENDING)       \
	step(2, lock, PTL)                            \
	step(3, pte_wrprotect, A)                     \
	step(4, unlock, PTL)                          \
	tlb_flush_mmu_tlbonly(step, 5, A)             \
	mmu_notifier_invalidate_range_end(step, 6, A) \
	dec_tlb_flush_pending(step, 7, PENDING)
/* A migration entry, or none: what is not present. */
#define COLLECT_STEPS(step)               \
	step(1, lock, PTL)                \
	step(2, pte_tag, A, MIGRATION)    \
	step(3, unlock, PTL)              \
	tlb_flush_mmu_tlbonly(step, 4, A) \
	mmu_notifier_invalidate_range_end(step, 5, A)
#define ZAP_STEPS(step) unmap_mapping_range(step, 1, A, PTL)
/* clang-format off */
#define COPIES_READ_ONLY_STEPS(step)                          \
	step(1, lock, PTL)                                    \
	step(2, pte_writable, A, WRITABLE)                    \
	step(3, unlock, PTL)                                  \
	step##_if(4, WRITABLE, NO, copy, P0, P1)
#define FLUSHES_TOO_STEPS(step)                               \
	step(1, lock, PTL)                                    \
	step(2, pte_writable, A, WRITABLE)                    \
	step(3, unlock, PTL)                                  \
	step(4, word_read, PENDING, GATHERS)                  \
	step##_if(5, GATHERS, COUNT(1), cpu_flush, A)         \
	step##_if(6, GATHERS, COUNT(1), iommu_flush, A)       \
	step##_if(7, WRITABLE, NO, copy, P0, P1)
#define LOOKS_AGAIN_STEPS(step)                               \
	step(1, lock, PTL)                                    \
	step(2, pte_writable, A, WRITABLE)                    \
	step(3, unlock, PTL)                                  \
	step##_if(4, WRITABLE, NO, copy, P0, P1)              \
	step##_if(5, WRITABLE, NO, word_wait, PENDING, 0)     \
	step##_if(6, WRITABLE, NO, compare, P0, P1, SAME)     \
	step##_if(7, SAME, NO, copy, P0, P1)
#define COPIES_MIGRATING_STEPS(step)                          \
	step(1, lock, PTL)                                    \
	step(2, pte_read, A, ENTRY)                           \
	step(3, unlock, PTL)                                  \
	step##_if(4, ENTRY, MIGRATION, copy, P0, P1)
#define COPIES_UNMAPPED_STEPS(step)                           \
	step(1, lock, PTL)                                    \
	step(2, pte_read, A, ENTRY)                           \
	step(3, unlock, PTL)                                  \
	step##_if(4, ENTRY, EMPTY, copy, P0, P1)
/* clang-format on */
#define DEVICE_STEPS(step)      step(1, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, O)
#define THREAD_STEPS(step)      step(1, store, A, X, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)

LISTING(PROTECT)
LISTING(PROTECT_INSIDE)
LISTING(PROTECT_COUNTED)
LISTING(COLLECT)
LISTING(ZAP)
LISTING(COPIES_READ_ONLY)
LISTING(FLUSHES_TOO)
LISTING(LOOKS_AGAIN)
LISTING(COPIES_MIGRATING)
LISTING(COPIES_UNMAPPED)
LISTING(DEVICE)
LISTING(DEVICE_WARM)
LISTING(THREAD)
LISTING(THREAD_WARM)

CLAIM(not_copied, saw(WROTE) == LANDED && saw(WRITABLE) == NO && holds(P1) != X)
CLAIM(copied, saw(WROTE) == LANDED && saw(WRITABLE) == NO && holds(P1) == X)
CLAIM(too_late_to_write, saw(WROTE) == BLOCKED && holds(P1) == O)
CLAIM(came_first, saw(WRITABLE) == YES && holds(P1) == N)
CLAIM(write_after_copy, saw(WROTE) == LANDED && holds(P1) == O)

#define AFTER_LOCK                                                                           \
	.id = "A14",                                                                         \
	.source = "mmu notifier thread 2017: a flush after the page-table lock was dropped", \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = N }
#define BY_DEVICE(change, act)                                          \
	.needs = NEED_WRITE_ANY | NEED_CPU2,                            \
	.agents = { RUNS(C0, change), RUNS(C1, act), RUNS(E, DEVICE) }, \
	.warm = { RUNS(E, DEVICE_WARM) }
#define BY_CPU(change, act)                                                                  \
	.needs = NEED_CPU3, .agents = { RUNS(C0, change), RUNS(C1, act), RUNS(C2, THREAD) }, \
	.warm = { RUNS(C2, THREAD_WARM) }
#define GOOD                              \
	.forbid = { FORBID(not_copied) }, \
	.allow = { ALLOW(copied), ALLOW(too_late_to_write), ALLOW(came_first) }
#define LOCKED   "one change of the entry, and what follows comes too late with the lock and without"
#define BY_COUNT "the count says what the lock would: locked operations keep this order on x86"
#define NOT_MINE "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define TOO_LATE "it comes too late: that is the hazard"

#define ACTS(name_, agent_is, change, act, by)                                                \
	AFTER_LOCK, .name = (name_), agent_is(change, act), .shows = SHOWS(write_after_copy), \
		    .shown_by = (by),                                                         \
		    .spare = { SPARE(C0, 1, LOCKED), SPARE(C0, 4, TOO_LATE),                  \
			       SPARE(C0, 5, TOO_LATE), SPARE(C1, 1, LOCKED) }

SCENARIO(A14_read_only_device) = {
	ACTS("read_only.device", BY_DEVICE, PROTECT, COPIES_READ_ONLY, CACHE_IOTLB),
	.claim =
		"an entry that says read-only, not flushed yet: a device writes the page after its copy",
};

SCENARIO(A14_read_only_cpu) = {
	ACTS("read_only.cpu", BY_CPU, PROTECT, COPIES_READ_ONLY, CACHE_TLB),
	.claim =
		"an entry that says read-only, not flushed yet: a CPU writes the page after its copy",
};

SCENARIO(A14_migrating_device) = {
	ACTS("migrating.device", BY_DEVICE, COLLECT, COPIES_MIGRATING, CACHE_IOTLB),
	.claim = "a migration entry, not flushed yet: a device writes the page after its copy",
};

SCENARIO(A14_unmapped_cpu) = {
	ACTS("unmapped.cpu", BY_CPU, ZAP, COPIES_UNMAPPED, CACHE_TLB),
	.claim = "an entry that is cleared, not flushed yet: a CPU writes the page after its copy",
};

SCENARIO(A14_inside_device) = {
	AFTER_LOCK,
	.name = "inside.device",
	BY_DEVICE(PROTECT_INSIDE, COPIES_READ_ONLY),
	.claim = "flushed inside the lock: what a device wrote is in the copy",
	GOOD,
	.control = { WITHOUT(C0, 1, not_copied), WITHOUT(C0, 4, not_copied),
		     WITHOUT(C1, 1, not_copied), SWAPPED(C0, 4, 5, not_copied) },
	.spare = { SPARE(C0, 3, NOT_MINE) },
};

SCENARIO(A14_inside_cpu) = {
	AFTER_LOCK,
	.name = "inside.cpu",
	BY_CPU(PROTECT_INSIDE, COPIES_READ_ONLY),
	.claim = "flushed inside the lock: what a CPU wrote is in the copy",
	GOOD,
	.control = { WITHOUT(C0, 1, not_copied), WITHOUT(C0, 3, not_copied),
		     WITHOUT(C1, 1, not_copied), SWAPPED(C0, 3, 5, not_copied) },
	.spare = { SPARE(C0, 4, NOT_MINE) },
};

SCENARIO(A14_pending_device) = {
	AFTER_LOCK,
	.name = "pending.device",
	BY_DEVICE(PROTECT_COUNTED, FLUSHES_TOO),
	.claim = "who sees a flush pending flushes himself: what a device wrote is in the copy",
	GOOD,
	.control = { SWAPPED(C0, 1, 3, not_copied), WITHOUT(C0, 6, not_copied),
		     WITHOUT(C1, 6, not_copied), SWAPPED(C0, 6, 7, not_copied),
		     SWAPPED(C1, 6, 7, not_copied), SWAPPED(C1, 2, 4, not_copied) },
	.spare = { SPARE(C0, 2, BY_COUNT), SPARE(C1, 1, BY_COUNT), SPARE(C0, 5, NOT_MINE),
		   SPARE(C1, 5, NOT_MINE) },
};

SCENARIO(A14_pending_cpu) = {
	AFTER_LOCK,
	.name = "pending.cpu",
	BY_CPU(PROTECT_COUNTED, FLUSHES_TOO),
	.claim = "who sees a flush pending flushes himself: what a CPU wrote is in the copy",
	GOOD,
	.control = { SWAPPED(C0, 1, 3, not_copied), WITHOUT(C0, 5, not_copied),
		     WITHOUT(C1, 5, not_copied), SWAPPED(C0, 5, 7, not_copied) },
	.spare = { SPARE(C0, 2, BY_COUNT), SPARE(C1, 1, BY_COUNT), SPARE(C0, 6, NOT_MINE),
		   SPARE(C1, 6, NOT_MINE) },
};

SCENARIO(A14_again_device) = {
	AFTER_LOCK,
	.name = "again.device",
	BY_DEVICE(PROTECT_COUNTED, LOOKS_AGAIN),
	.claim = "who looks again when the flush is done finds what a device wrote meanwhile",
	GOOD,
	.control = { SWAPPED(C0, 1, 3, not_copied), WITHOUT(C0, 6, not_copied),
		     WITHOUT(C1, 5, not_copied), WITHOUT(C1, 6, not_copied),
		     SWAPPED(C0, 6, 7, not_copied), SWAPPED(C1, 5, 6, not_copied) },
	.spare = { SPARE(C0, 2, BY_COUNT), SPARE(C1, 1, BY_COUNT), SPARE(C0, 5, NOT_MINE),
		   SPARE_SWAP(C1, 4, 5, "copied when the flush is done it is right at once") },
};
