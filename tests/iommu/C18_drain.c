/*
 * The queue of page requests, as a ring in words that a CPU fills in the hardware's place: the protocol is software's, and runs
 * anywhere. PASID p is taken from space 1 and given to space 2. A request of its device for space 1 may still be in the ring, or
 * on its way there; whoever handles it looks up the space by the PASID.
 *
 * The drain of the hardware is what brings the last request into the ring: who looks through the ring only before that misses it.
 */
#include "tests/scenario.h"

OBSERVE(MAPPED, ANSWERED)

enum { RING, SPACE, DRAINED };

#define UNBIND_STEPS(step)             \
	step(1, word_set, SPACE, 0)    \
	step(2, word_wait, DRAINED, 1) \
	step(3, word_wait, RING, 0)    \
	step(4, word_set, SPACE, 2)
#define RING_FIRST_STEPS(step)         \
	step(1, word_set, SPACE, 0)    \
	step(2, word_wait, RING, 0)    \
	step(3, word_wait, DRAINED, 1) \
	step(4, word_set, SPACE, 2)
#define HANDLER_STEPS(step)                 \
	step(1, word_wait, RING, 1)         \
	step(2, word_read, SPACE, MAPPED)   \
	step(3, word_read, SPACE, ANSWERED) \
	step(4, word_set, RING, 0)
/* A wait descriptor with page-request drain is complete when what came before it is in the ring. */
#define HARDWARE_STEPS(step)       \
	step(1, word_set, RING, 1) \
	step(2, word_set, DRAINED, 1)
LISTING(UNBIND)
LISTING(RING_FIRST)
LISTING(HANDLER)
LISTING(HARDWARE)

CLAIM(mapped_for_another, saw(MAPPED) == COUNT(2))
CLAIM(answered_to_another, saw(ANSWERED) == COUNT(2))
CLAIM(handled_before, saw(MAPPED) == COUNT(1) && saw(ANSWERED) == COUNT(1))
CLAIM(refused, saw(MAPPED) == COUNT(0))

#define REUSED                                                                  \
	.id = "C18", .source = "VT-d 7.10, software draining of page requests", \
	.needs = NEED_CPU3, .words = { [SPACE] = 1 }

SCENARIO(C18_drain) = {
	REUSED,
	.name = "drain",
	.claim =
		"hardware drained, then the ring looked through, then the PASID used again: no request "
		"is handled for a space that did not ask",
	.agents = { RUNS(C0, UNBIND), RUNS(C1, HANDLER), RUNS(C2, HARDWARE) },
	.forbid = { FORBID(mapped_for_another), FORBID(answered_to_another) },
	.allow = { ALLOW(handled_before), ALLOW(refused) },
	.control = { WITHOUT(C0, 2, mapped_for_another), WITHOUT(C0, 3, mapped_for_another),
		     SWAPPED(C0, 2, 3, mapped_for_another), WITHOUT(C1, 1, deadlock),
		     SWAPPED(C1, 3, 4, answered_to_another) },
};

SCENARIO(C18_ring_first) = {
	REUSED,
	.name = "ring_first",
	.claim =
		"the ring looked through before the hardware is drained: a request of the old space is "
		"handled for the new one",
	.agents = { RUNS(C0, RING_FIRST), RUNS(C1, HANDLER), RUNS(C2, HARDWARE) },
	.allow = { ALLOW(handled_before), ALLOW(refused) },
	.shows = SHOWS(mapped_for_another),
	.spare = { SPARE(C0, 3, "in this place it protects nothing: that is the hazard") },
};

/*
 * What is there besides the ring: jobs that may ask for more until they are stopped, and work that the handler has taken out of
 * the ring and not done yet. All that was sent has arrived: the hardware is drained above.
 */
enum { WORK = DRAINED };

#define STOPS_STEPS(step)           \
	step(1, heed, C2)           \
	step(2, word_set, SPACE, 0) \
	step(3, word_wait, RING, 0) \
	step(4, word_wait, WORK, 0) \
	step(5, word_set, SPACE, 2)
/* In the ring or in the work, at any time: it is work before it leaves the ring. */
#define WORKER_STEPS(step)                \
	step(1, word_wait, RING, 1)       \
	step(2, word_set, WORK, 1)        \
	step(3, word_set, RING, 0)        \
	step(4, word_read, SPACE, MAPPED) \
	step(5, word_set, WORK, 0)
#define JOB_STEPS(step)            \
	step(1, word_set, RING, 1) \
	step(2, tell, C0)
LISTING(STOPS)
LISTING(WORKER)
LISTING(JOB)

CLAIM(work_finished, saw(MAPPED) == COUNT(1))

SCENARIO(C18_jobs_and_work) = {
	REUSED,
	.name = "jobs_and_work",
	.claim =
		"jobs stopped, the ring looked through, work finished, then the PASID used again: no "
		"request is handled for a space that did not ask",
	.agents = { RUNS(C0, STOPS), RUNS(C1, WORKER), RUNS(C2, JOB) },
	.forbid = { FORBID(mapped_for_another) },
	.allow = { ALLOW(work_finished), ALLOW(refused) },
	.control = { WITHOUT(C0, 1, mapped_for_another), WITHOUT(C0, 4, mapped_for_another) },
};
