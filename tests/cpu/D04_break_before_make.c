/*
 * A frame replaced under readers: in one store, or by break before make. A third CPU that has no entry writes the new page
 * while another still reads the old one.
 */
#include "tests/scenario.h"

OBSERVE(READ, WROTE, SECOND)

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
	step(1, load, A)   \
	step(2, heed, C2)  \
	step(3, load, A, READ)

/* The same seen by who asks for a second page first: message passing, and nobody need tell anybody. */
#define TWO_WRITER_STEPS(step)      \
	step(1, store, A, N, WROTE) \
	step(2, store, B, N)
#define TWO_READER_STEPS(step)   \
	step(1, load, A)         \
	step(2, load, B, SECOND) \
	step(3, load, A, READ)

LISTING(DIRECT)
LISTING(BREAK)
LISTING(WRITER)
LISTING(READER)
LISTING(TWO_WRITER)
LISTING(TWO_READER)

/* A store that took a fault did not happen: then nothing new is there to be missed. */
CLAIM(new_then_old, saw(WROTE) == LANDED && saw(READ) == O)
CLAIM(lost_store, saw(WROTE) == LANDED && holds(P1) != N)
CLAIM(not_replaced, saw(WROTE) == LANDED && holds(P0) != O)

CLAIM(second_without_first, saw(WROTE) == LANDED && saw(SECOND) == N && saw(READ) == O)
CLAIM(both, saw(SECOND) == N && saw(READ) == N)

#define REPLACE(make, reader, writer)                                                         \
	.id = "D04", .source = "SDM 3A 4.10.4.3; the comment at Linux's copy-on-write",       \
	.needs = NEED_CPU3, .agents = { RUNS(C0, make), RUNS(C1, reader), RUNS(C2, writer) }, \
	.maps = { [A] = { P0, RO, LEAF_USED }, [B] = { Q0, RW, LEAF_USED } },                 \
	.content = { [P0] = O, [P1] = O, [Q0] = O }

SCENARIO(D04_direct) = {
	REPLACE(DIRECT, READER, WRITER),
	.name = "direct",
	.claim = "one store replaces the page: a CPU reads the old content after another wrote the "
		 "new",
	.forbid = { FORBID(lost_store), FORBID(not_replaced) },
	.shows = SHOWS(new_then_old),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 2, "it comes too late: that is the hazard"),
		   SPARE(C1, 2, "what is read before the store is old by right") },
};

SCENARIO(D04_break_before_make) = {
	REPLACE(BREAK, READER, WRITER),
	.name = "break_before_make",
	.claim = "clear, flush, set: once the new page can be written nobody reads the old one",
	.forbid = { FORBID(new_then_old), FORBID(lost_store), FORBID(not_replaced) },
	.control = { WITHOUT(C0, 1, new_then_old), WITHOUT(C0, 2, new_then_old),
		     WITHOUT(C1, 2, new_then_old), SWAPPED(C0, 1, 2, new_then_old),
		     SWAPPED(C0, 2, 3, new_then_old) },
};

SCENARIO(D04_two_pages_direct) = {
	REPLACE(DIRECT, TWO_READER, TWO_WRITER),
	.name = "two_pages_direct",
	.claim = "one store replaces a page: a CPU sees the write to a second page and not the one "
		 "before it",
	.forbid = { FORBID(lost_store), FORBID(not_replaced) },
	.shows = SHOWS(second_without_first),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 2, "it comes too late: that is the hazard") },
};

SCENARIO(D04_two_pages) = {
	REPLACE(BREAK, TWO_READER, TWO_WRITER),
	.name = "two_pages",
	.claim = "clear, flush, set: writes to two pages are seen in their order",
	.forbid = { FORBID(second_without_first), FORBID(lost_store), FORBID(not_replaced) },
	.allow = { ALLOW(both) },
	.control = { WITHOUT(C0, 1, second_without_first), WITHOUT(C0, 2, second_without_first),
		     SWAPPED(C0, 1, 2, second_without_first),
		     SWAPPED(C0, 2, 3, second_without_first),
		     SWAPPED(C2, 1, 2, second_without_first) },
};
