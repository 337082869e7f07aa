/*
 * The ring itself, in words, as in C18_drain.c: when a slot is given back, and what happens when there is none. A CPU stands for the
 * hardware. Requests come in groups, whose last is answered for all; a group that has lost its last to an overflow is answered
 * by the hardware, and what the ring had of it is of no group any more. The device begins again, under the same group index.
 */
#include "tests/scenario.h"

OBSERVE(TAKEN, NEXT, ROOM, GROUP)

enum { SLOT, HEAD };

#define HANDLER_STEPS(step)             \
	step(1, word_read, SLOT, TAKEN) \
	step(2, word_set, HEAD, 1)      \
	step(3, heed, C1)               \
	step(4, word_read, SLOT, NEXT)
#define HARDWARE_STEPS(step)        \
	step(1, word_wait, HEAD, 1) \
	step(2, word_set, SLOT, 2)  \
	step(3, tell, C0)
LISTING(HANDLER)
LISTING(HARDWARE)

CLAIM(overwritten, saw(TAKEN) != COUNT(1))
CLAIM(twice, saw(NEXT) == COUNT(1))

#define RING .id = "C18", .source = "VT-d 7.4, page request queue", .needs = NEED_CPU2

SCENARIO(C18_head) = {
	RING,
	.name = "head",
	.claim = "a slot read before the head passes it: each request is handled, and once",
	.agents = { RUNS(C0, HANDLER), RUNS(C1, HARDWARE) },
	.words = { [SLOT] = 1 },
	.forbid = { FORBID(overwritten), FORBID(twice) },
	.control = { SWAPPED(C0, 1, 2, overwritten), WITHOUT(C0, 3, twice),
		     WITHOUT(C1, 1, overwritten) },
};

enum { FULL, OVERFLOW, ANSWER };

/* What finds no room is dropped, and the hardware says so. As the last of its group it is answered all the same. */
/* clang-format off */
#define LAST_OF_GROUP_STEPS(step)                           \
	step(1, word_read, FULL, ROOM)                      \
	step##_if(2, ROOM, COUNT(1), word_set, OVERFLOW, 1) \
	step##_if(3, ROOM, COUNT(1), word_set, ANSWER, 1)   \
	step(4, tell, C0)                                   \
	step(5, word_wait, ANSWER, 1)
#define UNANSWERED_STEPS(step)                              \
	step(1, word_read, FULL, ROOM)                      \
	step##_if(2, ROOM, COUNT(1), word_set, OVERFLOW, 1) \
	step(3, tell, C0)                                   \
	step(4, word_wait, ANSWER, 1)
#define MAKES_ROOM_STEPS(step)              \
	step(1, word_set, FULL, 0)          \
	step(2, heed, C1)                   \
	step(3, word_read, OVERFLOW, TAKEN) \
	step##_if(4, TAKEN, COUNT(0), word_set, ANSWER, 1)
/* clang-format on */
LISTING(LAST_OF_GROUP)
LISTING(UNANSWERED)
LISTING(MAKES_ROOM)

CLAIM(dropped, saw(TAKEN) == COUNT(1))
CLAIM(handled, saw(TAKEN) == COUNT(0))
CLAIM(handled_what_was_dropped, saw(ROOM) == COUNT(1) && saw(TAKEN) == COUNT(0))

#define DROPPED "room that comes later: dropped for certain"

SCENARIO(C18_overflow) = {
	RING,
	.name = "overflow",
	.claim =
		"no room for the last request of a group: the hardware answers, and the device goes on",
	.agents = { RUNS(C0, MAKES_ROOM), RUNS(C1, LAST_OF_GROUP) },
	.words = { [FULL] = 1 },
	.forbid = { FORBID(handled_what_was_dropped) },
	.allow = { ALLOW(dropped), ALLOW(handled) },
	.control = { WITHOUT(C0, 2, handled_what_was_dropped),
		     SWAPPED(C1, 2, 4, handled_what_was_dropped) },
	.spare = { SPARE(C1, 5, "who does not wait is not seen to"),
		   SPARE_SWAP(C0, 1, 2, DROPPED) },
};

SCENARIO(C18_unanswered) = {
	RING,
	.name = "unanswered",
	.claim = "the last request of a group dropped without an answer: its device waits for ever",
	.agents = { RUNS(C0, MAKES_ROOM), RUNS(C1, UNANSWERED) },
	.words = { [FULL] = 1 },
	.shows = SHOWS(deadlock),
	.spare = { SPARE_SWAP(C0, 1, 2, DROPPED),
		   SPARE_SWAP(C1, 3, 4, "then two wait in place of one") },
};

/*
 * What the hardware answers by itself may be on its way to the device when the first drain is complete (VT-d 7.10, step d). Who
 * finds the overflow drains once more before PASID and group index are somebody else's.
 */
enum { FOR_SOMEBODY, LOST, DRAINED, DRAINED_AGAIN };

/* clang-format off */
#define REUSES_STEPS(step)                                         \
	step(1, word_wait, DRAINED, 1)                             \
	step(2, word_read, LOST, TAKEN)                            \
	step##_if(3, TAKEN, COUNT(1), word_wait, DRAINED_AGAIN, 1) \
	step(4, word_set, FOR_SOMEBODY, 0)                         \
	step(5, word_read, FOR_SOMEBODY, NEXT)
/* clang-format on */
#define ANSWERS_STEPS(step)                \
	step(1, word_set, LOST, 1)         \
	step(2, word_set, DRAINED, 1)      \
	step(3, word_set, FOR_SOMEBODY, 1) \
	step(4, word_set, DRAINED_AGAIN, 1)
LISTING(REUSES)
LISTING(ANSWERS)

CLAIM(anothers_answer, saw(NEXT) == COUNT(1))

SCENARIO(C18_overflow_drained) = {
	.id = "C18",
	.name = "overflow_drained",
	.claim =
		"drained once more after an overflow: nobody takes the hardware's answer to another for his",
	.source = "VT-d 7.10, step d",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, REUSES), RUNS(C1, ANSWERS) },
	.forbid = { FORBID(anothers_answer) },
	.control = { WITHOUT(C0, 1, anothers_answer), WITHOUT(C0, 3, anothers_answer),
		     SWAPPED(C0, 1, 2, anothers_answer), SWAPPED(C0, 3, 4, anothers_answer) },
};

/* One request of the group is in the ring, its last was dropped. GROUP: how many it has when the new last one comes. */
enum { PART, PARTS, NO_ROOM };

/* clang-format off */
#define DISCARDS_STEPS(step)                             \
	step(1, word_add, PARTS, 1)                      \
	step(2, word_set, PARTS, 0)                      \
	step(3, word_set, NO_ROOM, 0)                    \
	step(4, word_wait, PART, 1)                      \
	step(5, word_read, PART, NEXT)                   \
	step##_if(6, NEXT, COUNT(1), word_add, PARTS, 1) \
	step(7, word_read, PARTS, GROUP)
/* The head is not at the tail yet, and new requests are let in. */
#define LETS_IN_EARLY_STEPS(step)                        \
	step(1, word_set, NO_ROOM, 0)                    \
	step(2, word_add, PARTS, 1)                      \
	step(3, word_wait, PART, 1)                      \
	step(4, word_read, PART, NEXT)                   \
	step##_if(5, NEXT, COUNT(1), word_add, PARTS, 1) \
	step(6, word_set, PARTS, 0)                      \
	step(7, word_read, PARTS, GROUP)
/* clang-format on */
#define AGAIN_STEPS(step)              \
	step(1, word_wait, NO_ROOM, 0) \
	step(2, word_set, PART, 1)
LISTING(DISCARDS)
LISTING(LETS_IN_EARLY)
LISTING(AGAIN)

#define WHENEVER "the handler looks when it has let requests in, whenever they came"

CLAIM(more_than_asked, saw(GROUP) == COUNT(2))
CLAIM(less_than_asked, saw(GROUP) == COUNT(0))

SCENARIO(C18_partial) = {
	RING,
	.name = "partial",
	.claim =
		"the ring emptied, what is left of groups thrown away, and then requests let in: a "
		"group is what its device asks for",
	.agents = { RUNS(C0, DISCARDS), RUNS(C1, AGAIN) },
	.words = { [NO_ROOM] = 1 },
	.forbid = { FORBID(more_than_asked), FORBID(less_than_asked) },
	.control = { WITHOUT(C0, 4, less_than_asked), SWAPPED(C0, 1, 2, more_than_asked) },
	.spare = { SPARE(C1, 1, WHENEVER) },
};

SCENARIO(C18_let_in_early) = {
	RING,
	.name = "let_in_early",
	.claim =
		"requests let in before the ring is empty: a new one is thrown away with what is left of "
		"old groups",
	.agents = { RUNS(C0, LETS_IN_EARLY), RUNS(C1, AGAIN) },
	.words = { [NO_ROOM] = 1 },
	.shows = SHOWS(less_than_asked),
	.spare = { SPARE(C1, 1, WHENEVER) },
};
