/*
 * Two flushes reach a CPU in the opposite order. Each change of the tables makes a generation; a request says which one is its own and
 * what it is about, one page or all; the CPU notes how far it has caught up, and does nothing for a request that is older. So
 * a flush of one page does only for the next generation, if there is no later one; and what the CPU notes is a generation that it
 * read before it flushed. Linux b0579ade7cd8, flush_tlb_func().
 */
#include "tests/scenario.h"

OBSERVE(EARLY, FIRST, CAUGHT_UP, READ_A, READ_B)

enum {
	TLB_GEN,
	SECOND_ASKS,
	THIRD_ASKS,
	ACK
}; /* words: the mm's generation, requests to C1, and an answer */

/* C1 has seen generation 1. The second one's request is for all, the third one's for a page. */
#define SECOND_STEPS(step)                \
	step(1, pte_clear, A)             \
	step(2, word_add, TLB_GEN, 1)     \
	step(3, word_set, SECOND_ASKS, 1) \
	step(4, word_wait, ACK, 1)        \
	step(5, reuse, P0)
#define THIRD_STEPS(step)              \
	step(1, word_wait, TLB_GEN, 2) \
	step(2, pte_clear, B)          \
	step(3, word_add, TLB_GEN, 1)  \
	step(4, word_set, THIRD_ASKS, 1)
/* clang-format off */
/* The request for all, if it comes first. What the CPU caches by itself once it has flushed, a load stands for. */
#define FOR_ALL_FIRST(step)                                                  \
	step(1, word_read, SECOND_ASKS, FIRST)                               \
	step##_if(2, FIRST, COUNT(1), load, A, EARLY)                        \
	step##_if(3, FIRST, COUNT(1), word_read, TLB_GEN, CAUGHT_UP)         \
	step##_if(4, FIRST, COUNT(1), flush_all)                             \
	step##_if(5, FIRST, COUNT(1), load, B)
#define FOR_ALL_NOTED_LATE(step)                                             \
	step(1, word_read, SECOND_ASKS, FIRST)                               \
	step##_if(2, FIRST, COUNT(1), load, A, EARLY)                        \
	step##_if(3, FIRST, COUNT(1), flush_all)                             \
	step##_if(4, FIRST, COUNT(1), load, B)                               \
	step##_if(5, FIRST, COUNT(1), word_read, TLB_GEN, CAUGHT_UP)
/* The other: after 2 its page; after 3 nothing; and if it is the first what `skips` says. Then all is done for the request for all. */
#define THEN_FOR_B(step, skips, ...)                                         \
	step##_if(6, FIRST, COUNT(1), word_set, ACK, 1)                      \
	step(7, word_wait, THIRD_ASKS, 1)                                    \
	step##_if(8, CAUGHT_UP, COUNT(2), invlpg, B)                         \
	step##_if(9, FIRST, COUNT(0), skips, ##__VA_ARGS__)                  \
	step##_if(10, FIRST, COUNT(0), word_wait, SECOND_ASKS, 1)            \
	step##_if(11, FIRST, COUNT(0), word_set, ACK, 1)                     \
	step(12, load_mark, A, READ_A)                                       \
	step(13, load_mark, B, READ_B)
#define CATCHES_UP_STEPS(step) FOR_ALL_FIRST(step) THEN_FOR_B(step, flush_all)
#define SKIPS_ONE_STEPS(step)  FOR_ALL_FIRST(step) THEN_FOR_B(step, invlpg, B)
#define NOTES_LATE_STEPS(step) FOR_ALL_NOTED_LATE(step) THEN_FOR_B(step, flush_all)
/* clang-format on */
#define WARM_STEPS(step) \
	step(1, load, A) \
	step(2, load, B)

/* Both for a page, in order: the first one's does if there is no later generation. If there is `later` is done, and both are. */
#define SECOND_PAGE_STEPS(step)       \
	step(1, pte_clear, A)         \
	step(2, word_add, TLB_GEN, 1) \
	step(3, word_set, SECOND_ASKS, 1)
/* clang-format off */
#define BOTH_PAGES(step, later, ...)                                         \
	step(1, word_wait, SECOND_ASKS, 1)                                   \
	step(2, word_read, TLB_GEN, CAUGHT_UP)                               \
	step##_if(3, CAUGHT_UP, COUNT(2), invlpg, A)                         \
	step##_if(4, CAUGHT_UP, COUNT(3), later, ##__VA_ARGS__)              \
	step##_if(5, CAUGHT_UP, COUNT(3), load, B)                           \
	step(6, word_wait, THIRD_ASKS, 1)                                    \
	step##_if(7, CAUGHT_UP, COUNT(2), invlpg, B)                         \
	step(8, load_mark, A, READ_A)                                        \
	step(9, load_mark, B, READ_B)
/* clang-format on */
#define PAGE_OR_ALL_STEPS(step) BOTH_PAGES(step, flush_all)
#define PAGE_ONLY_STEPS(step)   BOTH_PAGES(step, invlpg, A)

LISTING(SECOND)
LISTING(SECOND_PAGE)
LISTING(PAGE_OR_ALL)
LISTING(PAGE_ONLY)
LISTING(THIRD)
LISTING(CATCHES_UP)
LISTING(SKIPS_ONE)
LISTING(NOTES_LATE)
LISTING(WARM)

CLAIM(first_stale, saw(READ_A) != BLOCKED)
CLAIM(second_stale, saw(READ_B) != BLOCKED)
CLAIM(freed_too_soon, saw(EARLY) == S)
CLAIM(in_order, saw(CAUGHT_UP) == COUNT(2))
CLAIM(both_at_once, saw(CAUGHT_UP) == COUNT(3))
CLAIM(opposite_order, saw(FIRST) == COUNT(0))

#define DONE   SPARE(C1, 10, "it is done by then, whenever it is asked for")
#define EITHER SPARE(C2, 1, "whichever generation is whose, both are asked for")
#define GENERATIONS(second, cpu)                                                           \
	.id = "B10", .source = "Linux b0579ade7cd8, flush_tlb_func()", .needs = NEED_CPU3, \
	.agents = { RUNS(C0, second), RUNS(C1, cpu), RUNS(C2, THIRD) },                    \
	.warm = { RUNS(C1, WARM) },                                                        \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },              \
	.content = { [P0] = O, [P1] = O }, .words = { [TLB_GEN] = 1 }

SCENARIO(B10_skips_one) = {
	GENERATIONS(SECOND, SKIPS_ONE),
	.name = "skips_one",
	.claim =
		"the third request flushes its page and notes generation 3: the second is never done",
	.forbid = { FORBID(second_stale), FORBID(freed_too_soon) },
	.shows = SHOWS(first_stale),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 4, freed_too_soon), WITHOUT(C1, 8, second_stale),
		     WITHOUT(C1, 9, second_stale), WITHOUT(C2, 2, second_stale) },
	.spare = { DONE, SPARE(C2, 1, "whichever it is, one is skipped") },
};

SCENARIO(B10_notes_late) = {
	GENERATIONS(SECOND, NOTES_LATE),
	.name = "notes_late",
	.claim =
		"a generation read after the flush, and noted: the request of that one is never done",
	.forbid = { FORBID(first_stale), FORBID(freed_too_soon) },
	.shows = SHOWS(second_stale),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 1, first_stale), WITHOUT(C0, 4, freed_too_soon),
		     WITHOUT(C1, 3, first_stale), WITHOUT(C1, 9, first_stale) },
	.spare = { DONE, SPARE_SWAP(C1, 2, 3, "what is looked at later shows less") },
};

SCENARIO(B10_catches_up) = {
	GENERATIONS(SECOND, CATCHES_UP),
	.name = "catches_up",
	.claim =
		"all is flushed unless it is the next generation and the last: nothing stays, in either order",
	.forbid = { FORBID(first_stale), FORBID(second_stale), FORBID(freed_too_soon) },
	.allow = { ALLOW(in_order), ALLOW(both_at_once), ALLOW(opposite_order) },
	.control = { WITHOUT(C0, 1, first_stale), WITHOUT(C0, 4, freed_too_soon),
		     WITHOUT(C1, 4, first_stale), WITHOUT(C1, 8, second_stale),
		     WITHOUT(C1, 9, first_stale), WITHOUT(C2, 2, second_stale),
		     SWAPPED(C2, 2, 3, second_stale) },
	.spare = { DONE },
};

SCENARIO(B10_notes_later) = {
	GENERATIONS(SECOND_PAGE, PAGE_ONLY),
	.name = "pages.notes_later",
	.claim =
		"a page flushed, and a later generation noted than its own: that one's request is never done",
	.forbid = { FORBID(first_stale) },
	.allow = { ALLOW(in_order) },
	.shows = SHOWS(second_stale),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 1, first_stale), WITHOUT(C1, 1, first_stale),
		     WITHOUT(C1, 3, first_stale), WITHOUT(C1, 4, first_stale) },
	.spare = { EITHER },
};

SCENARIO(B10_page_or_all) = {
	GENERATIONS(SECOND_PAGE, PAGE_OR_ALL),
	.name = "pages.catches_up",
	.claim =
		"a page flushed if its generation is the last, all if there is a later one: nothing stays",
	.forbid = { FORBID(first_stale), FORBID(second_stale) },
	.allow = { ALLOW(in_order), ALLOW(both_at_once) },
	.control = { WITHOUT(C0, 1, first_stale), WITHOUT(C1, 1, first_stale),
		     WITHOUT(C1, 3, first_stale), WITHOUT(C1, 4, second_stale),
		     WITHOUT(C1, 7, second_stale), WITHOUT(C2, 2, second_stale),
		     SWAPPED(C2, 2, 3, second_stale) },
	.spare = { EITHER },
};
