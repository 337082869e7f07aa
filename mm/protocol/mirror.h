#pragma once
#include "mm/protocol/pte.h"

/*
 * A secondary MMU whose tables software keeps: filled from the CPUs' by whoever takes a device's fault, or in advance, and
 * emptied by a notifier (mm/mmu_notifier.c, interval notifiers; KVM has the same with a count beside the
 * number). `seq` is odd from when the notifier was called until the range is done: for one range at a time. `lock` is the driver's.
 */

/* 4 steps: nothing of a range is left in the mirror, nor in what its MMU caches. Before the CPUs' entry changes. */
#define mmu_notifier_invalidate_range_start(step, n, lock_, mirror) \
	step(n, lock, lock_)                                        \
	step((n) + 1, pte_clear, mirror)                            \
	mmu_notifier_invalidate_range(step, (n) + 2, mirror)        \
	step((n) + 3, unlock, lock_)

/*
 * 5 steps of ->invalidate, for one range: who fills from now on must begin again; nothing is left in the mirror, nor in what its
 * MMU caches. Before the CPUs' entry changes; it is over with mmu_interval_invalidate_end.
 */
#define mmu_interval_invalidate_start(step, n, seq, lock_, mirror) \
	step(n, lock, lock_)                                       \
	step((n) + 1, word_add, seq, 1)                            \
	step((n) + 2, pte_clear, mirror)                           \
	mmu_notifier_invalidate_range(step, (n) + 3, mirror)       \
	step((n) + 4, unlock, lock_)

/* 1 step: the CPUs' entry is what it shall be. */
#define mmu_interval_invalidate_end(step, n, seq) step(n, word_add, seq, 1)

/*
 * The same for ranges that overlap, as KVM has it (virt/kvm/kvm_main.c): a count says how many are under way, the number that one
 * was. 5 steps and 2.
 */
#define mmu_invalidate_begin(step, n, count, lock_, mirror) \
	step(n, lock, lock_)                                \
	step((n) + 1, word_add, count, 1)                   \
	step((n) + 2, pte_clear, mirror)                    \
	step((n) + 3, iommu_flush, mirror)                  \
	step((n) + 4, unlock, lock_)
#define mmu_invalidate_end(step, n, count, seq) \
	step(n, word_add, seq, 1)               \
	step((n) + 1, word_add, count, MINUS_1)

/* 3 steps: the number under which what is read now is good; while a range (the only one) is being invalidated it waits for the end. */
/* clang-format off */
#define mmu_interval_read_begin(step, n, seq, began)           \
	step(n, word_read, seq, began)                         \
	step##_if((n) + 1, began, COUNT(1), word_wait, seq, 2) \
	step##_if((n) + 2, began, COUNT(1), word_read, seq, began)

/* 4 steps: what was read (entry) goes into the mirror, if the number is still the same, mmu_interval_read_retry; else nothing does. */
#define mirror_fill_or_retry(step, n, seq, began, same, lock_, mirror, entry) \
	step(n, lock, lock_)                                                  \
	step((n) + 1, word_same, seq, began, same)                            \
	step##_if((n) + 2, same, YES, pte_fill, mirror, entry, RO)            \
	step((n) + 3, unlock, lock_)

/* 5 steps: the same with the count, mmu_invalidate_retry: nothing goes in while a range is under way, or if one was. */
#define mirror_fill_or_retry_counted(step, n, count, seq, active, began, same, lock_, mirror, entry) \
	step(n, lock, lock_)                                                                 \
	step((n) + 1, word_read, count, active)                                              \
	step##_if((n) + 2, active, COUNT(0), word_same, seq, began, same)                    \
	step##_if((n) + 3, same, YES, pte_fill, mirror, entry, RO)                           \
	step((n) + 4, unlock, lock_)

/* 4 steps of ->change_pte, until Linux 6.9: the new page, if the mirror has the old one. */
#define change_pte(step, n, lock_, mirror, had, old, new)                    \
	step(n, lock, lock_)                                                 \
	step((n) + 1, pte_read, mirror, had)                                 \
	step##_if((n) + 2, had, MARK(old), pte_set, mirror, new, RO)         \
	step((n) + 3, unlock, lock_)

/* 5 steps: and then the CPUs' entry. Under the page-table lock, after ptep_clear_flush or its notifying twin. */
#define set_pte_at_notify(step, n, place, lock_, mirror, had, old, new) \
	change_pte(step, n, lock_, mirror, had, old, new)              \
	step((n) + 4, pte_set, place, new, RW)
/* clang-format on */
