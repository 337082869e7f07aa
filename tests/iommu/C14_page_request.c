/*
 * A right more for a device that asks for pages: told that it may not write, it asks for the page, and for the translation again when it
 * is answered. Software need not invalidate, because the request makes the IOTLB forget (VT-d 6.5.3.1). But that may load the old
 * entry again before software has changed it: then it takes a second round. A third is never needed.
 */
#include "tests/scenario.h"

OBSERVE(ROUND_1, ROUND_2, ROUND_3, MORE)

enum { ASKED, TRIED };

#define ASKS(step)                             \
	step(1, ats_request_write, A, ROUND_1) \
	step(2, page_request, A)               \
	step(3, tell, C0)                      \
	step(4, page_wait, A)                  \
	step(5, ats_request_write, A, ROUND_2)
#define ONCE_STEPS(step) ASKS(step)
/* clang-format off */
#define ROUNDS_STEPS(step)                                 \
	ASKS(step)                                         \
	step##_if(6, ROUND_2, BLOCKED, page_request, A)    \
	step##_if(7, ROUND_2, BLOCKED, word_set, ASKED, 1) \
	step(8, word_set, TRIED, 1)                        \
	step##_if(9, ROUND_2, BLOCKED, page_wait, A)       \
	step##_if(10, ROUND_2, BLOCKED, ats_request_write, A, ROUND_3)
#define HANDLER_STEPS(step)                \
	step(1, heed, E)                   \
	step(2, pte_set, A, P0, RW)        \
	step(3, page_response, A, SUCCESS) \
	step(4, word_wait, TRIED, 1)       \
	step(5, word_read, ASKED, MORE)    \
	step##_if(6, MORE, COUNT(1), page_response, A, SUCCESS)
/* clang-format on */
#define TELLS_STEPS(step)           \
	step(1, heed, E)            \
	step(2, pte_set, A, P0, RW) \
	step(3, iommu_flush, A)     \
	step(4, page_response, A, SUCCESS)
/* It tries again, and asks nobody for the page. */
#define TRIES_STEPS(step)                      \
	step(1, tell, C0)                      \
	step(2, heed, C0)                      \
	step(3, ats_request_write, A, ROUND_1) \
	step(4, ats_request_write, A, ROUND_2) \
	step(5, ats_request_write, A, ROUND_3)
#define UPGRADES_STEPS(step)             \
	step(1, heed, E)                 \
	step(2, pte_exchange, A, P0, RW) \
	step(3, tell, E)
#define READ_STEPS(step) step(1, ats_request, A)
LISTING(ONCE)
LISTING(ROUNDS)
LISTING(HANDLER)
LISTING(TELLS)
LISTING(TRIES)
LISTING(UPGRADES)
LISTING(READ)

CLAIM(in_vain, saw(ROUND_2) == BLOCKED)
CLAIM(twice_in_vain, saw(ROUND_3) == BLOCKED)
CLAIM(one_round, saw(ROUND_2) == MARK(P0))
CLAIM(two_rounds, saw(ROUND_2) == BLOCKED && saw(ROUND_3) == MARK(P0))
CLAIM(for_ever, saw(ROUND_1) == BLOCKED && saw(ROUND_2) == BLOCKED && saw(ROUND_3) == BLOCKED)

#define MADE_WRITABLE                                                                  \
	.id = "C14", .source = "VT-d 6.5.3.1, implicit invalidation on page requests", \
	.warm = { RUNS(E, READ) }, .maps = { [A] = { P0, RO, LEAF_USED } },            \
	.content = { [P0] = O }

SCENARIO(C14_page_request) = {
	MADE_WRITABLE,
	.name = "page_request",
	.claim =
		"W set and nothing invalidated: a device that asks for the page may write in the second "
		"round at the latest",
	.needs = NEED_PRI,
	.agents = { RUNS(C0, HANDLER), RUNS(E, ROUNDS) },
	.forbid = { FORBID(twice_in_vain) },
	.allow = { ALLOW(one_round), ALLOW(two_rounds) },
	.control = { SWAPPED(C0, 2, 3, twice_in_vain), WITHOUT(C0, 4, deadlock) },
	.spare = { SPARE(E, 9, "the entry was changed before: it is the request that helps") },
};

SCENARIO(C14_page_request_told) = {
	MADE_WRITABLE,
	.name = "page_request.told",
	.claim =
		"W set, the IOMMU told, then the answer: a device that asks for the page may write when "
		"it is answered",
	.needs = NEED_PRI,
	.agents = { RUNS(C0, TELLS), RUNS(E, ONCE) },
	.forbid = { FORBID(in_vain) },
	.control = { WITHOUT(C0, 3, in_vain), WITHOUT(E, 4, in_vain), SWAPPED(C0, 2, 3, in_vain),
		     SWAPPED(C0, 3, 4, in_vain) },
};

SCENARIO(C14_no_page_request) = {
	MADE_WRITABLE,
	.name = "no_page_request",
	.claim =
		"W set and nothing invalidated: a device that only asks for the translation again never may write",
	.needs = NEED_ATS,
	.agents = { RUNS(C0, UPGRADES), RUNS(E, TRIES) },
	.shows = SHOWS(for_ever),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, "W may be set at any time: earlier shows less"),
		   SPARE(E, 2, "a request before that is refused by right") },
};
