/* A shootdown by interrupts, of a CPU that has them off: it must be waited for, and by one that is not deaf itself. */
#include "tests/scenario.h"

OBSERVE(INSIDE, LATE, LATE_B)

#define INITIATOR_STEPS(step) \
	step(1, pte_clear, A) \
	step(2, ipi, A)       \
	step(3, ipi_wait)     \
	step(4, reuse, P0)
#define DEAF_STEPS(step)             \
	step(1, cli)                 \
	step(2, store, A, Y, INSIDE) \
	step(3, sti)                 \
	step(4, store, A, Y, LATE)

#define SERVES_STEPS(step)    \
	step(1, cli)          \
	step(2, pte_clear, A) \
	step(3, ipi, A)       \
	step(4, sti)          \
	step(5, ipi_wait)     \
	step(6, reuse, P0)
#define WAITS_DEAF_STEPS(step)       \
	step(1, cli)                 \
	step(2, ipi, B)              \
	step(3, store, A, Y, INSIDE) \
	step(4, ipi_wait)            \
	step(5, sti)                 \
	step(6, store, A, Y, LATE)

#define WARM_STEPS(step) step(1, store, A, O)

#define ASKS_TWICE_STEPS(step) \
	step(1, pte_clear, A)  \
	step(2, ipi, A)        \
	step(3, pte_clear, B)  \
	step(4, ipi, B)        \
	step(5, ipi_wait)      \
	step(6, reuse, P0)     \
	step(7, reuse, Q0)
#define DEAF_FOR_BOTH_STEPS(step)    \
	step(1, cli)                 \
	step(2, store, A, Y, INSIDE) \
	step(3, sti)                 \
	step(4, store, A, Y, LATE)   \
	step(5, store, B, Y, LATE_B)
#define WARM_BOTH_STEPS(step) \
	step(1, store, A, O)  \
	step(2, store, B, O)

LISTING(INITIATOR)
LISTING(DEAF)
LISTING(SERVES)
LISTING(WAITS_DEAF)
LISTING(WARM)
LISTING(ASKS_TWICE)
LISTING(DEAF_FOR_BOTH)
LISTING(WARM_BOTH)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(one_hurt, holds(P0) != S || holds(Q0) != S)

#define INTERRUPTS_OFF(initiator, other, warming)                                             \
	.id = "D02", .source = "SDM 3A 4.10.5; Linux, smp_call_function with interrupts off", \
	.needs = NEED_CPU2, .agents = { RUNS(C0, initiator), RUNS(C1, other) },               \
	.warm = { RUNS(C1, warming) },                                                        \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { Q0, RW, LEAF_USED } },                 \
	.content = { [P0] = O, [Q0] = O }

SCENARIO(D02_interrupts_off) = {
	INTERRUPTS_OFF(INITIATOR, DEAF, WARM),
	.name = "interrupts_off",
	.claim =
		"a CPU with interrupts off is waited for: without an end, or its page is freed too soon",
	.forbid = { FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), SWAPPED(C0, 1, 2, stranger_hurt),
		     SWAPPED(C0, 3, 4, stranger_hurt) },
	.spare = { SPARE(C1, 1, "it holds the request off, and protects nothing") },
};

SCENARIO(D02_both_initiate) = {
	INTERRUPTS_OFF(SERVES, WAITS_DEAF, WARM),
	.name = "both_initiate",
	.claim = "two initiators end if one of them serves requests while it waits",
	.forbid = { FORBID(stranger_hurt) },
	.control = { SWAPPED(C0, 4, 5, deadlock), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), WITHOUT(C0, 5, stranger_hurt) },
	.spare = { SPARE(C0, 1, "nothing is asked of this CPU before it asks itself"),
		   SPARE(C1, 1, "it makes this CPU deaf, and protects nothing"),
		   SPARE(C1, 2, "nobody reads B: what counts is that it is waited for"),
		   SPARE(C1, 4, "nobody reads B: what counts is that it is waited for") },
};

SCENARIO(D02_asked_twice) = {
	INTERRUPTS_OFF(ASKS_TWICE, DEAF_FOR_BOTH, WARM_BOTH),
	.name = "asked_twice",
	.claim =
		"a second request does not take the place of the first, which waits for interrupts",
	.forbid = { FORBID(one_hurt) },
	.control = { WITHOUT(C0, 1, one_hurt), WITHOUT(C0, 2, one_hurt), WITHOUT(C0, 3, one_hurt),
		     WITHOUT(C0, 4, one_hurt), WITHOUT(C0, 5, one_hurt),
		     SWAPPED(C0, 1, 2, one_hurt), SWAPPED(C0, 5, 6, one_hurt) },
	.spare = { SPARE(C1, 1, "it holds the request off, and protects nothing") },
};
