/*
 * A frame replaced under readers: in one store, or by break before make. A third CPU that has no entry writes the new page
 * while another still reads the old one.
 */
#include "tests/scenario.h"

OBSERVE(READ, WROTE)

#define DIRECT_STEPS(step)          \
	step(1, pte_set, A, P1, RW) \
	step(2, cpu_flush, A)
#define BREAK_STEPS(step)     \
	step(1, pte_clear, A) \
	step(2, cpu_flush, A) \
	step(3, pte_set, A, P1, RW)
#define WRITER_STEPS(step)          \
	step(1, store, A, N, WROTE) \
	step(2, tell, C1)
#define READER_STEPS(step) \
	step(1, heed, C2)  \
	step(2, load, A, READ)
#define READER_WARM_STEPS(step) step(1, load, A)

LISTING(DIRECT)
LISTING(BREAK)
LISTING(WRITER)
LISTING(READER)
LISTING(READER_WARM)

/* A store that took a fault did not happen: then nothing new is there to be missed. */
CLAIM(new_then_old, saw(WROTE) == LANDED && saw(READ) == O)
CLAIM(lost_store, saw(WROTE) == LANDED && holds(P1) != N)

#define REPLACE(id_, listing_)                                                        \
	SCENARIO(D04_##id_) = {                                                       \
		.id = "D04",                                                          \
		.name = #id_,                                                         \
		.source = "SDM 3A 4.10.4.3; the comment at Linux's copy-on-write",    \
		.needs = NEED_CPU3,                                                   \
		.agents = { RUNS(C0, listing_), RUNS(C1, READER), RUNS(C2, WRITER) }, \
		.warm = { RUNS(C1, READER_WARM) },                                    \
		.maps = { [A] = { P0, RO } },                                         \
		.content = { [P0] = O, [P1] = O },

REPLACE(direct, DIRECT).claim =
	"one store replaces the page: a CPU reads the old content after another wrote the new",
		.forbid = { FORBID(lost_store) }, .shows = SHOWS(new_then_old),
		.shown_by = CACHE_TLB,
}
;

REPLACE(break_before_make, BREAK).claim =
	"clear, flush, set: once the new page can be written nobody reads the old one",
			   .forbid = { FORBID(new_then_old), FORBID(lost_store) },
			   .control = { WITHOUT(C0, 2, new_then_old) },
}
;
