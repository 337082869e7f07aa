/*
 * Whose requests go when a PASID goes: those with its requester-id and its PASID, both. A ring in words, as in C18_drain.c, of two
 * slots: one request is of what is unbound, the other is not, and whoever unbinds takes out what matches.
 */
#include "tests/scenario.h"

OBSERVE(ONE, TWO, TAKEN, MAPPED, OTHERS)

enum { SLOT_1, SLOT_2, SPACE };
enum { QUEUE_LOCK };
/* Requester and PASID of what a slot holds. */
enum { FREE, OWN, OTHER_REQUESTER, OTHER_PASID };

/* clang-format off */
#define UNBIND_STEPS(step)                                    \
	step(1, lock, QUEUE_LOCK)                             \
	step(2, word_read, SLOT_1, ONE)                       \
	step(3, word_read, SLOT_2, TWO)                       \
	step##_if(4, ONE, COUNT(OWN), word_set, SLOT_1, FREE) \
	step##_if(5, TWO, COUNT(OWN), word_set, SLOT_2, FREE) \
	step(6, unlock, QUEUE_LOCK)                           \
	step(7, word_set, SPACE, 2)
/* Matched by one of the two alone, the other request is as good as its own. */
#define TAKES_TOO(step, other)                                  \
	step(1, lock, QUEUE_LOCK)                               \
	step(2, word_read, SLOT_1, ONE)                         \
	step(3, word_read, SLOT_2, TWO)                         \
	step##_if(4, ONE, COUNT(OWN), word_set, SLOT_1, FREE)   \
	step##_if(5, TWO, COUNT(other), word_set, SLOT_2, FREE) \
	step(6, unlock, QUEUE_LOCK)                             \
	step(7, word_set, SPACE, 2)
#define BY_PASID_STEPS(step)     TAKES_TOO(step, OTHER_REQUESTER)
#define BY_REQUESTER_STEPS(step) TAKES_TOO(step, OTHER_PASID)
#define HANDLER_STEPS(step)                                       \
	step(1, lock, QUEUE_LOCK)                                 \
	step(2, word_read, SLOT_1, TAKEN)                         \
	step##_if(3, TAKEN, COUNT(OWN), word_read, SPACE, MAPPED) \
	step(4, word_set, SLOT_1, FREE)                           \
	step(5, word_read, SLOT_2, OTHERS)                        \
	step(6, word_set, SLOT_2, FREE)                           \
	step(7, unlock, QUEUE_LOCK)
/* clang-format on */
LISTING(UNBIND)
LISTING(BY_PASID)
LISTING(BY_REQUESTER)
LISTING(HANDLER)

CLAIM(mapped_for_another, saw(MAPPED) == COUNT(2))
CLAIM(swallowed, saw(OTHERS) == COUNT(FREE))
CLAIM(handled, saw(MAPPED) == COUNT(1))
CLAIM(taken_out, saw(TAKEN) == COUNT(FREE))

#define QUEUED(unbind, other)                                                            \
	.id = "C18", .source = "VT-d 7.4.1.1: a page request names requester and PASID", \
	.needs = NEED_CPU2, .agents = { RUNS(C0, unbind), RUNS(C1, HANDLER) },           \
	.words = { [SLOT_1] = OWN, [SLOT_2] = (other), [SPACE] = 1 },                    \
	.allow = { ALLOW(handled), ALLOW(taken_out) }
#define BOTH_MATCH                                                   \
	.forbid = { FORBID(mapped_for_another), FORBID(swallowed) }, \
	.control = { WITHOUT(C0, 1, mapped_for_another), WITHOUT(C1, 1, mapped_for_another) }

SCENARIO(C18_match_other_requester) = {
	QUEUED(UNBIND, OTHER_REQUESTER),
	BOTH_MATCH,
	.name = "match.other_requester",
	.claim =
		"requests of what is unbound are handled before or taken out; another requester's under "
		"the same PASID stays",
};

SCENARIO(C18_match_other_pasid) = {
	QUEUED(UNBIND, OTHER_PASID),
	BOTH_MATCH,
	.name = "match.other_pasid",
	.claim =
		"requests of what is unbound are handled before or taken out; the same requester's under "
		"another PASID stays",
};

SCENARIO(C18_match_pasid_only) = {
	QUEUED(BY_PASID, OTHER_REQUESTER),
	.name = "match.pasid_only",
	.claim =
		"matched by PASID alone: another requester's request is swallowed, and its device waits "
		"for ever",
	.forbid = { FORBID(mapped_for_another) },
	.shows = SHOWS(swallowed),
	.control = { WITHOUT(C0, 1, mapped_for_another), WITHOUT(C1, 1, mapped_for_another) },
};

SCENARIO(C18_match_requester_only) = {
	QUEUED(BY_REQUESTER, OTHER_PASID),
	.name = "match.requester_only",
	.claim = "matched by requester alone: a request under another PASID is swallowed",
	.forbid = { FORBID(mapped_for_another) },
	.shows = SHOWS(swallowed),
	.control = { WITHOUT(C0, 1, mapped_for_another), WITHOUT(C1, 1, mapped_for_another) },
};

/*
 * Or he waits until they are handled. The other request is of the space that is bound next, and whoever binds holds the lock of that,
 * which handling it takes.
 */
enum { SPACE_LOCK = QUEUE_LOCK };

#define WAITS_STEPS(step)                \
	step(1, lock, SPACE_LOCK)        \
	step(2, word_wait, SLOT_1, FREE) \
	step(3, word_set, SPACE, 2)      \
	step(4, unlock, SPACE_LOCK)
#define WAITS_FOR_BOTH_STEPS(step)       \
	step(1, lock, SPACE_LOCK)        \
	step(2, word_wait, SLOT_1, FREE) \
	step(3, word_wait, SLOT_2, FREE) \
	step(4, word_set, SPACE, 2)      \
	step(5, unlock, SPACE_LOCK)
#define SERVES_STEPS(step)                \
	step(1, word_read, SPACE, MAPPED) \
	step(2, word_set, SLOT_1, FREE)   \
	step(3, lock, SPACE_LOCK)         \
	step(4, word_set, SLOT_2, FREE)   \
	step(5, unlock, SPACE_LOCK)
LISTING(WAITS)
LISTING(WAITS_FOR_BOTH)
LISTING(SERVES)

#define UNSEEN "what the lock keeps apart is not in these words"
#define WAITED_FOR(unbind)                                                               \
	.id = "C18", .source = "VT-d 7.4.1.1: a page request names requester and PASID", \
	.needs = NEED_CPU2, .agents = { RUNS(C0, unbind), RUNS(C1, SERVES) },            \
	.words = { [SLOT_1] = OWN, [SLOT_2] = OTHER_REQUESTER, [SPACE] = 1 },            \
	.forbid = { FORBID(mapped_for_another) }

SCENARIO(C18_match_waits) = {
	WAITED_FOR(WAITS),
	.name = "match.waits",
	.claim = "who waits for requests of what is unbound, and no others, goes on",
	.allow = { ALLOW(handled) },
	.control = { WITHOUT(C0, 2, mapped_for_another), SWAPPED(C1, 1, 2, mapped_for_another) },
	.spare = { SPARE(C0, 1, UNSEEN), SPARE(C1, 3, UNSEEN) },
};

SCENARIO(C18_match_waits_for_others) = {
	WAITED_FOR(WAITS_FOR_BOTH),
	.name = "match.waits_for_others",
	.claim =
		"matched by PASID alone: who waits for another requester's request too may wait for ever",
	.shows = SHOWS(deadlock),
	.spare = { SPARE(C0, 2, "who has waited for the other has waited for this one") },
};
