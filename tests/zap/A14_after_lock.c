/*
 * An entry is changed under the page-table lock, and flushed after it. Whoever takes the lock in between sees the new entry and acts on it: he
 * takes a page for read-only, or for unmapped, that CPUs and devices still write, and copies it. Right are: to flush inside the
 * lock; to see that a flush is pending, and flush oneself; or to look again when it is done. Three entries: read-only, a
 * migration entry, none.
 */
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(SEEN, GATHERS, SAME, WROTE)

enum { PTL };
enum { PENDING };

/* clang-format off */
#define LATE(step, ...)                                       \
	step(1, lock, PTL)                                    \
	step(2, __VA_ARGS__)                                  \
	step(3, unlock, PTL)                                  \
	tlb_flush_mmu_tlbonly(step, 4, A)                     \
	mmu_notifier_invalidate_range_end(step, 5, A)
#define INSIDE(step, ...)                                     \
	step(1, lock, PTL)                                    \
	step(2, __VA_ARGS__)                                  \
	tlb_flush_mmu_tlbonly(step, 3, A)                     \
	mmu_notifier_invalidate_range(step, 4, A)             \
	step(5, unlock, PTL)
#define COUNTED(step, ...)                                    \
	inc_tlb_flush_pending(step, 1, PENDING)               \
	step(2, lock, PTL)                                    \
	step(3, __VA_ARGS__)                                  \
	step(4, unlock, PTL)                                  \
	tlb_flush_mmu_tlbonly(step, 5, A)                     \
	mmu_notifier_invalidate_range_end(step, 6, A)         \
	dec_tlb_flush_pending(step, 7, PENDING)
#define COPIES(step, look, is)                                \
	step(1, lock, PTL)                                    \
	step(2, look, A, SEEN)                                \
	step(3, unlock, PTL)                                  \
	step##_if(4, SEEN, is, copy, P0, P1)
#define FLUSHES_TOO(step, look, is)                           \
	step(1, lock, PTL)                                    \
	step(2, look, A, SEEN)                                \
	step(3, unlock, PTL)                                  \
	step(4, word_read, PENDING, GATHERS)                  \
	step##_if(5, GATHERS, COUNT(1), cpu_flush, A)         \
	step##_if(6, GATHERS, COUNT(1), iommu_flush, A)       \
	step##_if(7, SEEN, is, copy, P0, P1)
#define LOOKS_AGAIN(step, look, is)                           \
	step(1, lock, PTL)                                    \
	step(2, look, A, SEEN)                                \
	step(3, unlock, PTL)                                  \
	step##_if(4, SEEN, is, copy, P0, P1)                  \
	step##_if(5, SEEN, is, word_wait, PENDING, 0)         \
	step##_if(6, SEEN, is, compare, P0, P1, SAME)         \
	step##_if(7, SAME, NO, copy, P0, P1)

#define LATE_read_only_STEPS(step)        LATE(step, pte_wrprotect, A)
#define LATE_migrating_STEPS(step)        LATE(step, pte_tag, A, MIGRATION)
#define LATE_unmapped_STEPS(step)         LATE(step, pte_clear, A)
#define INSIDE_read_only_STEPS(step)      INSIDE(step, pte_wrprotect, A)
#define INSIDE_migrating_STEPS(step)      INSIDE(step, pte_tag, A, MIGRATION)
#define INSIDE_unmapped_STEPS(step)       INSIDE(step, pte_clear, A)
#define COUNTED_read_only_STEPS(step)     COUNTED(step, pte_wrprotect, A)
#define COUNTED_migrating_STEPS(step)     COUNTED(step, pte_tag, A, MIGRATION)
#define COUNTED_unmapped_STEPS(step)      COUNTED(step, pte_clear, A)
#define COPIES_read_only_STEPS(step)      COPIES(step, pte_writable, NO)
#define COPIES_migrating_STEPS(step)      COPIES(step, pte_read, MIGRATION)
#define COPIES_unmapped_STEPS(step)       COPIES(step, pte_read, EMPTY)
#define FLUSHES_TOO_read_only_STEPS(step) FLUSHES_TOO(step, pte_writable, NO)
#define FLUSHES_TOO_migrating_STEPS(step) FLUSHES_TOO(step, pte_read, MIGRATION)
#define FLUSHES_TOO_unmapped_STEPS(step)  FLUSHES_TOO(step, pte_read, EMPTY)
#define LOOKS_AGAIN_read_only_STEPS(step) LOOKS_AGAIN(step, pte_writable, NO)
#define LOOKS_AGAIN_migrating_STEPS(step) LOOKS_AGAIN(step, pte_read, MIGRATION)
#define LOOKS_AGAIN_unmapped_STEPS(step)  LOOKS_AGAIN(step, pte_read, EMPTY)
#define DEVICE_STEPS(step)                step(1, dma_write, A, X, WROTE)
#define DEVICE_WARM_STEPS(step)           step(1, dma_write, A, O)
#define THREAD_STEPS(step)                step(1, store, A, X, WROTE)
#define THREAD_WARM_STEPS(step)           step(1, store, A, O)

#define LISTINGS(entry)              \
	LISTING(LATE_##entry)        \
	LISTING(INSIDE_##entry)      \
	LISTING(COUNTED_##entry)     \
	LISTING(COPIES_##entry)      \
	LISTING(FLUSHES_TOO_##entry) \
	LISTING(LOOKS_AGAIN_##entry)
LISTINGS(read_only)
LISTINGS(migrating)
LISTINGS(unmapped)
/* clang-format on */
LISTING(DEVICE)
LISTING(DEVICE_WARM)
LISTING(THREAD)
LISTING(THREAD_WARM)

#define ACTED (saw(SEEN) == NO || saw(SEEN) == MIGRATION || saw(SEEN) == EMPTY)
CLAIM(not_copied, saw(WROTE) == LANDED && ACTED && holds(P1) != X)
CLAIM(copied, saw(WROTE) == LANDED && ACTED && holds(P1) == X)
CLAIM(too_late_to_write, saw(WROTE) == BLOCKED && holds(P1) == O)
CLAIM(came_first, !ACTED && holds(P1) == N)
CLAIM(write_after_copy, saw(WROTE) == LANDED && holds(P1) == O)

#define AFTER_LOCK                                                                           \
	.id = "A14",                                                                         \
	.source = "mmu notifier thread 2017: a flush after the page-table lock was dropped", \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = N }
#define BY_device(change, act)                                          \
	.needs = NEED_WRITE_ANY | NEED_CPU2,                            \
	.agents = { RUNS(C0, change), RUNS(C1, act), RUNS(E, DEVICE) }, \
	.warm = { RUNS(E, DEVICE_WARM) }
#define BY_cpu(change, act)                                                                  \
	.needs = NEED_CPU3, .agents = { RUNS(C0, change), RUNS(C1, act), RUNS(C2, THREAD) }, \
	.warm = { RUNS(C2, THREAD_WARM) }
#define GOOD                              \
	.forbid = { FORBID(not_copied) }, \
	.allow = { ALLOW(copied), ALLOW(too_late_to_write), ALLOW(came_first) }
#define IS_device       "device"
#define IS_cpu          "CPU"
#define SHOWN_BY_device CACHE_IOTLB
#define SHOWN_BY_cpu    CACHE_TLB
#define SAYS_read_only  "an entry that says read-only"
#define SAYS_migrating  "a migration entry"
#define SAYS_unmapped   "an entry that is cleared"
#define LOCKED          "one change of the entry, and what follows comes too late with the lock and without"
#define BY_COUNT        "the count says what the lock would: locked operations keep this order on x86"
#define NOT_MINE        "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define INSIDE_TOO      "inside the lock it is right as well"
/* A step that protects, as those that change the other entries do not. */
#define SPARE_read_only(no)
#define SPARE_migrating(no)
#define SPARE_unmapped(no) SPARE(C0, no, "who finds the entry as it was does not act"),
#define TOO_LATE           "it comes too late: that is the hazard"

/* `mine`: the step that flushes whoever writes; `other`: the one that flushes somebody else. */
/* clang-format off */
#define HAZARD(entry, who)                                                                        \
	SCENARIO(A14_##entry##_##who) = {                                                         \
		AFTER_LOCK,                                                                       \
		BY_##who(LATE_##entry, COPIES_##entry),                                           \
		.name = #entry "." #who,                                                          \
		.claim = SAYS_##entry ", not flushed yet: a " IS_##who " writes the page after its copy", \
		.shows = SHOWS(write_after_copy),                                                 \
		.shown_by = SHOWN_BY_##who,                                                       \
		.spare = { SPARE(C0, 1, LOCKED), SPARE(C0, 4, TOO_LATE), SPARE(C0, 5, TOO_LATE),  \
			   SPARE(C1, 1, LOCKED) },                                                \
	};
#define SAFE_INSIDE(entry, who, mine, other)                                                      \
	SCENARIO(A14_##entry##_inside_##who) = {                                                  \
		AFTER_LOCK,                                                                       \
		BY_##who(INSIDE_##entry, COPIES_##entry),                                         \
		.name = #entry ".inside." #who,                                                   \
		.claim = SAYS_##entry ", flushed inside the lock: what a " IS_##who " wrote is in the copy", \
		GOOD,                                                                             \
		.control = { WITHOUT(C0, 1, not_copied), WITHOUT(C0, mine, not_copied),           \
			     WITHOUT(C1, 1, not_copied), SWAPPED(C0, mine, 5, not_copied) },      \
		.spare = { SPARE_##entry(2) SPARE(C0, other, NOT_MINE) },                         \
	};
#define SAFE_PENDING(entry, who, mine, other)                                                     \
	SCENARIO(A14_##entry##_pending_##who) = {                                                 \
		AFTER_LOCK,                                                                       \
		BY_##who(COUNTED_##entry, FLUSHES_TOO_##entry),                                   \
		.name = #entry ".pending." #who,                                                  \
		.claim = SAYS_##entry ", and who sees a flush pending flushes: what a " IS_##who " wrote is in the copy", \
		GOOD,                                                                             \
		.control = { SWAPPED(C0, 1, 3, not_copied), WITHOUT(C0, mine, not_copied),        \
			     WITHOUT(C1, mine, not_copied), SWAPPED(C0, mine, 7, not_copied),     \
			     SWAPPED(C1, mine, 7, not_copied), SWAPPED(C1, 2, 4, not_copied) },   \
		.spare = { SPARE_##entry(3) SPARE(C0, 2, BY_COUNT), SPARE(C1, 1, BY_COUNT),       \
			   SPARE(C0, other, NOT_MINE), SPARE(C1, other, NOT_MINE) },              \
	};
#define SAFE_AGAIN(entry, who, mine, other)                                                       \
	SCENARIO(A14_##entry##_again_##who) = {                                                   \
		AFTER_LOCK,                                                                       \
		BY_##who(COUNTED_##entry, LOOKS_AGAIN_##entry),                                   \
		.name = #entry ".again." #who,                                                    \
		.claim = SAYS_##entry ", and who looks again when the flush is done finds what a " IS_##who " wrote meanwhile", \
		GOOD,                                                                             \
		.control = { SWAPPED(C0, 1, 3, not_copied), WITHOUT(C0, mine, not_copied),        \
			     WITHOUT(C1, 5, not_copied), WITHOUT(C1, 6, not_copied),              \
			     SWAPPED(C0, mine, 7, not_copied), SWAPPED(C1, 5, 6, not_copied) },   \
		.spare = { SPARE_##entry(3) SPARE(C0, 2, BY_COUNT), SPARE(C1, 1, BY_COUNT), SPARE(C0, other, NOT_MINE), \
			   SPARE_SWAP(C0, 4, 5, INSIDE_TOO), SPARE_SWAP(C1, 4, 5, "copied when the flush is done it is right at once") }, \
	};
#define EACH(entry)                                                                               \
	HAZARD(entry, device)                                                                     \
	HAZARD(entry, cpu)                                                                        \
	SAFE_INSIDE(entry, device, 4, 3)                                                          \
	SAFE_INSIDE(entry, cpu, 3, 4)                                                             \
	SAFE_PENDING(entry, device, 6, 5)                                                         \
	SAFE_PENDING(entry, cpu, 5, 6)                                                            \
	SAFE_AGAIN(entry, device, 6, 5)                                                           \
	SAFE_AGAIN(entry, cpu, 5, 6)

EACH(read_only)
EACH(migrating)
EACH(unmapped)
/* clang-format on */
