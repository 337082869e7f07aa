/*
 * A CPU that runs a kernel thread keeps the user's tables loaded and says that it is lazy: nobody interrupts it, because it uses no
 * user address. When it stops being lazy it says so and then looks whether it missed a flush. Who unmaps changes the generation
 * and then looks who is lazy. Each stores and then loads what the other stores: without a fence both may miss the other.
 */
#include "tests/scenario.h"

OBSERVE(WAS_LAZY, GENERATION, LATE)

enum { LAZY, GEN };

/* clang-format off */
#define UNMAP_STEPS(step)                                   \
	step(1, pte_clear, A)                               \
	step(2, word_add, GEN, 1)                           \
	step(3, word_read, LAZY, WAS_LAZY)                  \
	step##_if(4, WAS_LAZY, COUNT(0), cpu_flush, A)      \
	step(5, reuse, P0)
/* Generation 0 is what was there when it became lazy. */
#define SWITCH_IN(step)                                     \
	step(1, word_set, LAZY, 0)                          \
	step(2, fence)                                      \
	step(3, word_read, GEN, GENERATION)                 \
	step##_if(4, GENERATION, COUNT(1), cr3_load)
#define SWITCH_IN_UNFENCED(step)                            \
	step(1, word_set, LAZY, 0)                          \
	step(2, word_read, GEN, GENERATION)                 \
	step##_if(3, GENERATION, COUNT(1), cr3_load)
#define SWITCH_STEPS(step)                SWITCH_IN(step) step(5, store, A, Y, LATE)
#define SWITCH_READS_STEPS(step)          SWITCH_IN(step) step(5, load, A, LATE)
#define SWITCH_UNFENCED_STEPS(step)       SWITCH_IN_UNFENCED(step) step(4, store, A, Y, LATE)
#define SWITCH_UNFENCED_READS_STEPS(step) SWITCH_IN_UNFENCED(step) step(4, load, A, LATE)
/* clang-format on */
#define WARM_STEPS(step) step(1, store, A, O)

LISTING(UNMAP)
LISTING(SWITCH)
LISTING(SWITCH_READS)
LISTING(SWITCH_UNFENCED)
LISTING(SWITCH_UNFENCED_READS)
LISTING(WARM)

CLAIM(freed_page_written, holds(P0) != S)
CLAIM(both_missed, saw(WAS_LAZY) == COUNT(1) && saw(GENERATION) == COUNT(0))
CLAIM(written_as_both_missed, both_missed(seen) && holds(P0) == Y)
CLAIM(freed_page_read, saw(LATE) == S)
CLAIM(read_as_both_missed, both_missed(seen) && freed_page_read(seen))
CLAIM(interrupted, saw(WAS_LAZY) == COUNT(0) && saw(GENERATION) == COUNT(0))
CLAIM(looked, saw(WAS_LAZY) == COUNT(1) && saw(GENERATION) == COUNT(1))
CLAIM(interrupted_and_looked, saw(WAS_LAZY) == COUNT(0) && saw(GENERATION) == COUNT(1))

#define LAZY_CPU(switch_in)                                                            \
	.id = "D06", .source = "Linux, switch_mm_irqs_off() and flush_tlb_mm_range()", \
	.needs = NEED_CPU2, .agents = { RUNS(C0, UNMAP), RUNS(C1, switch_in) },        \
	.warm = { RUNS(C1, WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } },           \
	.content = { [P0] = O }, .words = { [LAZY] = 1 }

#define MADE_UP_FOR(hurt)                                                              \
	.forbid = { FORBID(both_missed), FORBID(hurt) },                               \
	.allow = { ALLOW(interrupted), ALLOW(looked), ALLOW(interrupted_and_looked) }, \
	.control = { WITHOUT(C0, 1, hurt),    WITHOUT(C0, 4, hurt),                    \
		     WITHOUT(C1, 4, hurt),    SWAPPED(C0, 2, 3, both_missed),          \
		     SWAPPED(C0, 4, 5, hurt), SWAPPED(C1, 1, 3, both_missed) }

/* What the fence is for shows D06.no_fence: only where stores are seen late. */
SCENARIO(D06_lazy) = {
	LAZY_CPU(SWITCH),
	.name = "lazy",
	.claim = "no longer lazy, fence, generation: a flush that was skipped is made up for",
	MADE_UP_FOR(freed_page_written),
};

SCENARIO(D06_lazy_reads) = {
	LAZY_CPU(SWITCH_READS),
	.name = "lazy_reads",
	.claim = "no longer lazy, fence, generation, and then a read: never of a freed page",
	MADE_UP_FOR(freed_page_read),
};

SCENARIO(D06_no_fence) = {
	LAZY_CPU(SWITCH_UNFENCED),
	.name = "no_fence",
	.claim =
		"no fence: the flush is skipped, the generation is the old one, a freed page is written",
	.shows = SHOWS(written_as_both_missed),
	.shown_by = CACHE_STORES,
};

SCENARIO(D06_no_fence_reads) = {
	LAZY_CPU(SWITCH_UNFENCED_READS),
	.name = "no_fence_reads",
	.claim =
		"no fence: the flush is skipped, the generation is the old one, a freed page is read",
	.shows = SHOWS(read_as_both_missed),
	.shown_by = CACHE_STORES,
};
