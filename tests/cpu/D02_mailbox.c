/*
 * How a shootdown is asked for and acknowledged, in words that software shares: the handler's steps stand in the
 * listing of the CPU that it interrupts. Who takes a word for an acknowledgement that is none frees a page too soon.
 */
#include "tests/scenario.h"

OBSERVE(BEFORE, INSIDE, LATE, WHAT)

enum { MAIL, MAIL_2, ACK, ACK_2 };

#define INITIATOR_STEPS(step)      \
	step(1, pte_clear, A)      \
	step(2, word_set, MAIL, 1) \
	step(3, word_wait, ACK, 1) \
	step(4, reuse, P0)
/* The store inside is an NMI's, or the handler's own. */
#define HANDLER_STEPS(step)          \
	step(1, store, A, Y, BEFORE) \
	step(2, word_wait, MAIL, 1)  \
	step(3, invlpg, A)           \
	step(4, store, A, Y, INSIDE) \
	step(5, word_set, ACK, 1)    \
	step(6, store, A, Y, LATE)

#define OTHER_INITIATOR_STEPS(step)  \
	step(1, pte_clear, B)        \
	step(2, word_set, MAIL_2, 1) \
	step(3, word_wait, ACK_2, 1) \
	step(4, reuse, Q0)
#define SAME_ACK_INITIATOR_STEPS(step) \
	step(1, pte_clear, B)          \
	step(2, word_set, MAIL_2, 1)   \
	step(3, word_wait, ACK, 1)     \
	step(4, reuse, Q0)
#define HANDLES_TWO(step, ack)        \
	step(1, word_wait, MAIL_2, 1) \
	step(2, invlpg, B)            \
	step(3, word_set, ack, 1)     \
	step(4, store, A, Y, BEFORE)  \
	step(5, word_wait, MAIL, 1)   \
	step(6, invlpg, A)            \
	step(7, store, A, Y, INSIDE)  \
	step(8, word_set, ACK, 1)     \
	step(9, store, A, Y, LATE)
#define TWO_HANDLERS_STEPS(step)     HANDLES_TWO(step, ACK_2)
#define ONE_ACK_HANDLERS_STEPS(step) HANDLES_TWO(step, ACK)

#define LOCKED_INITIATOR_STEPS(step) \
	step(1, lock, 0)             \
	step(2, pte_clear, A)        \
	step(3, word_set, MAIL, 1)   \
	step(4, tell, C1)            \
	step(5, heed, C1)            \
	step(6, unlock, 0)           \
	step(7, reuse, P0)
/* What becomes of its own request is left out. */
#define OVERWRITER_STEPS(step)     \
	step(1, lock, 0)           \
	step(2, word_set, MAIL, 2) \
	step(3, unlock, 0)
/* clang-format off */
#define READING_HANDLER_STEPS(step)             \
	step(1, heed, C0)                       \
	step(2, word_read, MAIL, WHAT)          \
	step##_if(3, WHAT, COUNT(1), invlpg, A) \
	step##_if(4, WHAT, COUNT(2), invlpg, B) \
	step(5, tell, C0)                       \
	step(6, store, A, Y, LATE)
/* clang-format on */

/* The initiator takes it on itself to acknowledge for a CPU that sleeps. */
#define FOR_A_SLEEPER_STEPS(step)  \
	step(1, pte_clear, A)      \
	step(2, word_wait, ACK, 1) \
	step(3, reuse, P0)         \
	step(4, tell, C1)
#define SLEEPER_STEPS(step)          \
	step(1, store, A, Y, BEFORE) \
	step(2, word_set, ACK, 1)    \
	step(3, heed, C0)            \
	step(4, flush_all)           \
	step(5, load, A, INSIDE)     \
	step(6, store, A, Y, LATE)

#define WARM_STEPS(step) step(1, store, A, O)

LISTING(INITIATOR)
LISTING(HANDLER)
LISTING(OTHER_INITIATOR)
LISTING(SAME_ACK_INITIATOR)
LISTING(TWO_HANDLERS)
LISTING(ONE_ACK_HANDLERS)
LISTING(LOCKED_INITIATOR)
LISTING(OVERWRITER)
LISTING(READING_HANDLER)
LISTING(FOR_A_SLEEPER)
LISTING(SLEEPER)
LISTING(WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(late_write, saw(LATE) != BLOCKED)

#define SHOOTDOWN                                                                        \
	.id = "D02", .source = "SDM 3A 4.10.5: propagation of paging-structure changes", \
	.warm = { RUNS(C1, WARM) },                                                      \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { Q0, RW, LEAF_USED } },            \
	.content = { [P0] = O, [Q0] = O }

SCENARIO(D02_acknowledged) = {
	SHOOTDOWN,
	.name = "acknowledged",
	.claim = "mailbox, INVLPG, acknowledgement, free: the freed page is never written",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, INITIATOR), RUNS(C1, HANDLER) },
	.forbid = { FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 3, stranger_hurt),
		     WITHOUT(C1, 2, stranger_hurt), WITHOUT(C1, 3, stranger_hurt),
		     SWAPPED(C0, 1, 2, stranger_hurt), SWAPPED(C1, 3, 5, stranger_hurt) },
};

#define OTHER_HALF "the other request is there for its acknowledgement: nobody looks at B"

SCENARIO(D02_own_ack) = {
	SHOOTDOWN,
	.name = "own_ack",
	.claim = "two initiators, an acknowledgement for each: the freed page is never written",
	.needs = NEED_CPU3,
	.agents = { RUNS(C0, INITIATOR), RUNS(C1, TWO_HANDLERS), RUNS(C2, OTHER_INITIATOR) },
	.forbid = { FORBID(stranger_hurt), FORBID(late_write) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 3, stranger_hurt),
		     WITHOUT(C1, 5, late_write), WITHOUT(C1, 6, stranger_hurt) },
	.spare = { SPARE(C1, 1, OTHER_HALF), SPARE(C1, 2, OTHER_HALF), SPARE(C2, 1, OTHER_HALF),
		   SPARE(C2, 3, OTHER_HALF) },
};

SCENARIO(D02_others_ack) = {
	SHOOTDOWN,
	.name = "others_ack",
	.claim =
		"two initiators, one word: each takes the acknowledgement of the other for its own",
	.needs = NEED_CPU3,
	.agents = { RUNS(C0, INITIATOR), RUNS(C1, ONE_ACK_HANDLERS), RUNS(C2, SAME_ACK_INITIATOR) },
	.forbid = { FORBID(late_write) },
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 1, late_write), WITHOUT(C1, 5, late_write),
		     WITHOUT(C1, 6, late_write) },
	.spare = { SPARE(C0, 3, "it waits for the wrong thing: that is the hazard"),
		   SPARE(C1, 1, OTHER_HALF), SPARE(C1, 2, OTHER_HALF), SPARE(C2, 1, OTHER_HALF),
		   SPARE(C2, 3, OTHER_HALF) },
};

SCENARIO(D02_one_mailbox) = {
	SHOOTDOWN,
	.name = "one_mailbox",
	.claim = "a mailbox for all, locked until it was read: no request is overwritten",
	.needs = NEED_CPU3,
	.agents = { RUNS(C0, LOCKED_INITIATOR), RUNS(C1, READING_HANDLER), RUNS(C2, OVERWRITER) },
	.forbid = { FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 5, stranger_hurt), WITHOUT(C1, 1, stranger_hurt),
		     WITHOUT(C1, 3, stranger_hurt), WITHOUT(C2, 1, stranger_hurt) },
	.spare = { SPARE(C1, 4, "the other page, which nobody frees") },
};

SCENARIO(D02_asleep) = {
	SHOOTDOWN,
	.name = "asleep",
	.claim =
		"acknowledged for a CPU that sleeps: it flushes when it wakes, before anything else",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, FOR_A_SLEEPER), RUNS(C1, SLEEPER) },
	.forbid = { FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C1, 3, stranger_hurt), WITHOUT(C1, 4, stranger_hurt) },
	.spare = { SPARE_SWAP(C0, 1, 2, "who sleeps by then makes no use of the PTE") },
};
