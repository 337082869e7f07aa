#pragma once
#include "tests/scenario.h"

/*
 * The orders that the three flushing steps of copy-on-write can have, and where the new PTE can stand among them. The
 * copy is made; the thread that took the fault writes as soon as there is a new page, and says so at once. Each row
 * has two halves, a device and another CPU; neither can see what the other caches.
 */
OBSERVE(FIRST, AT_ONCE, AT_THE_END)

enum { WRITTEN, DONE }; /* words */

#define clr_cpu_io_set_STEPS(step)    \
	step(1, pte_clear, A)         \
	step(2, cpu_flush, A)         \
	step(3, iommu_flush, A)       \
	step(4, pte_set, A, P1, RW)   \
	step(5, store, A, N)          \
	step(6, word_set, WRITTEN, 1) \
	step(7, word_set, DONE, 1)
#define clr_io_cpu_set_STEPS(step)    \
	step(1, pte_clear, A)         \
	step(2, iommu_flush, A)       \
	step(3, cpu_flush, A)         \
	step(4, pte_set, A, P1, RW)   \
	step(5, store, A, N)          \
	step(6, word_set, WRITTEN, 1) \
	step(7, word_set, DONE, 1)
#define clr_cpu_set_io_STEPS(step)    \
	step(1, pte_clear, A)         \
	step(2, cpu_flush, A)         \
	step(3, pte_set, A, P1, RW)   \
	step(4, store, A, N)          \
	step(5, word_set, WRITTEN, 1) \
	step(6, iommu_flush, A)       \
	step(7, word_set, DONE, 1)
#define clr_io_set_cpu_STEPS(step)    \
	step(1, pte_clear, A)         \
	step(2, iommu_flush, A)       \
	step(3, pte_set, A, P1, RW)   \
	step(4, store, A, N)          \
	step(5, word_set, WRITTEN, 1) \
	step(6, cpu_flush, A)         \
	step(7, word_set, DONE, 1)
#define io_clr_cpu_set_STEPS(step)    \
	step(1, iommu_flush, A)       \
	step(2, pte_clear, A)         \
	step(3, cpu_flush, A)         \
	step(4, pte_set, A, P1, RW)   \
	step(5, store, A, N)          \
	step(6, word_set, WRITTEN, 1) \
	step(7, word_set, DONE, 1)
#define clr_cpu_set_STEPS(step)       \
	step(1, pte_clear, A)         \
	step(2, cpu_flush, A)         \
	step(3, pte_set, A, P1, RW)   \
	step(4, store, A, N)          \
	step(5, word_set, WRITTEN, 1) \
	step(6, word_set, DONE, 1)
#define set_cpu_io_STEPS(step)        \
	step(1, pte_set, A, P1, RW)   \
	step(2, store, A, N)          \
	step(3, word_set, WRITTEN, 1) \
	step(4, cpu_flush, A)         \
	step(5, iommu_flush, A)       \
	step(6, word_set, DONE, 1)
#define io_set_cpu_STEPS(step)        \
	step(1, iommu_flush, A)       \
	step(2, pte_set, A, P1, RW)   \
	step(3, store, A, N)          \
	step(4, word_set, WRITTEN, 1) \
	step(5, cpu_flush, A)         \
	step(6, word_set, DONE, 1)
#define cpu_clr_set_io_STEPS(step)    \
	step(1, cpu_flush, A)         \
	step(2, pte_clear, A)         \
	step(3, pte_set, A, P1, RW)   \
	step(4, store, A, N)          \
	step(5, word_set, WRITTEN, 1) \
	step(6, iommu_flush, A)       \
	step(7, word_set, DONE, 1)

LISTING(clr_cpu_io_set)
LISTING(clr_io_cpu_set)
LISTING(clr_cpu_set_io)
LISTING(clr_io_set_cpu)
LISTING(io_clr_cpu_set)
LISTING(clr_cpu_set)
LISTING(set_cpu_io)
LISTING(io_set_cpu)
LISTING(cpu_clr_set_io)

CLAIM(not_new, saw(AT_ONCE) != N || saw(AT_THE_END) != N)
CLAIM(not_new_at_the_end, saw(AT_THE_END) != N)
CLAIM(refused, saw(AT_ONCE) == BLOCKED || saw(AT_THE_END) == BLOCKED)
CLAIM(transient, saw(AT_ONCE) == O && saw(AT_THE_END) == N)
CLAIM(permanent, saw(AT_ONCE) == O && saw(AT_THE_END) == O)

#define ROW                                                                                     \
	.id = "A03", .source = "mmu notifier thread 2017, the three steps and why their order", \
	.maps = { [A] = { P0, RO, LEAF_USED } }, .content = { [P0] = O, [P1] = O }
#define SAFE .forbid = { FORBID(not_new) }
#define TRANSIENT \
	.forbid = { FORBID(refused), FORBID(not_new_at_the_end) }, .shows = SHOWS(transient)
#define PERMANENT .forbid = { FORBID(refused) }, .shows = SHOWS(permanent)

/* Why a step is spare in a row. */
#define TOO_EARLY "what is read too early may be old: the hazard is what is read later"
#define LATER     "an access that comes later shows less, and caches load by themselves"
#define NO_CHANGE "nothing of this reader's changes after the new page was written"
#define IN_VAIN   "here it is too early to drop what matters: that is the row"
#define NO_BREAK  "one store replaces the old PTE as well: what is cached is stale either way"
