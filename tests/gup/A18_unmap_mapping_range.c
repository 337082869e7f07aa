/*
 * unmap_mapping_range against GUP-fast: when it returns no TLB has the page. Whether a lockless walker may still be in the middle of taking it
 * depends on how CPUs are flushed: an interrupt waits for who has interrupts off, a broadcast does not, and then the walker
 * has to look again.
 */
#include "mm/protocol/gather.h"
#include "mm/protocol/gup.h"
#include "tests/scenario.h"

OBSERVE(ENTRY, GOT, SAME, LEFT, TAKEN)

enum { PTL };

#define BY_IPI_STEPS(step)                   \
	unmap_mapping_range(step, 1, A, PTL) \
	step(6, put, P0, LEFT)               \
	step(7, alloc, P0, TAKEN)
#define BY_BROADCAST_STEPS(step)                       \
	unmap_mapping_range_broadcast(step, 1, A, PTL) \
	step(6, put, P0, LEFT)                         \
	step(7, alloc, P0, TAKEN)
/* clang-format off */
#define TRUSTS_STEPS(step)                          \
	gup_fast_no_recheck(step, 1, A, ENTRY, GOT) \
	step##_if(5, GOT, YES, store_seen, ENTRY, Y)
#define CHECKS_STEPS(step)                          \
	gup_fast(step, 1, A, ENTRY, GOT, SAME)      \
	step##_if(7, GOT, YES, store_seen, ENTRY, Y)
/* clang-format on */

LISTING(BY_IPI)
LISTING(BY_BROADCAST)
LISTING(TRUSTS)
LISTING(CHECKS)

CLAIM(freed_under_the_walker, saw(ENTRY) == MARK(P0) && saw(TAKEN) == YES)
CLAIM(strangers_page, saw(GOT) == YES && saw(TAKEN) == YES)
CLAIM(stranger_hurt, saw(TAKEN) == YES && holds(P0) != S)
CLAIM(double_free, saw(LEFT) == BLOCKED || saw(GOT) == BLOCKED)
CLAIM(nothing_got, saw(GOT) == NOTHING)
CLAIM(walker_has_it, saw(GOT) == YES && saw(LEFT) == COUNT(1))
CLAIM(stranger_has_it, saw(ENTRY) == EMPTY && saw(TAKEN) == YES)
CLAIM(put_back, saw(GOT) == COUNT(1) && saw(TAKEN) == YES)

#define UNMAPPED(flush, walk)                                                                   \
	.id = "A18", .needs = NEED_CPU2,                                                        \
	.source = "P2PDMA thread 2021: unmap_mapping_range and GUP-fast",                       \
	.agents = { RUNS(C0, flush), RUNS(C1, walk) }, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O }, .refs = { [P0] = 1 }
#define ONE_ENTRY   "one store changes the entry here"
#define NOT_MINE    "the walker is a CPU"
#define NO_TLB      "the walker reads the PTE itself: nothing is cached"
#define NOT_HELD_UP "a broadcast does not wait for a CPU with interrupts off: that is the scenario"

SCENARIO(A18_gup_by_ipi) = {
	UNMAPPED(BY_IPI, TRUSTS),
	.name = "gup_by_ipi",
	.claim =
		"flushed by interrupt: no walk that began before is under way when unmap_mapping_range returns",
	.forbid = { FORBID(freed_under_the_walker), FORBID(stranger_hurt), FORBID(double_free) },
	.allow = { ALLOW(walker_has_it), ALLOW(stranger_has_it) },
	.control = { WITHOUT(C0, 2, freed_under_the_walker), WITHOUT(C0, 4, freed_under_the_walker),
		     WITHOUT(C1, 1, freed_under_the_walker), WITHOUT(C1, 3, freed_under_the_walker),
		     SWAPPED(C0, 2, 4, freed_under_the_walker),
		     SWAPPED(C0, 4, 6, freed_under_the_walker) },
	.spare = { SPARE(C0, 1, ONE_ENTRY), SPARE(C0, 5, NOT_MINE) },
};

SCENARIO(A18_gup_by_broadcast) = {
	UNMAPPED(BY_BROADCAST, TRUSTS),
	.name = "gup_by_broadcast",
	.claim =
		"flushed without an interrupt: after the return a walker takes the page, which is a stranger's",
	.forbid = { FORBID(double_free) },
	.shows = SHOWS(strangers_page),
	.control = { WITHOUT(C1, 3, nothing_got) },
	.spare = { SPARE(C0, 1, ONE_ENTRY),
		   SPARE(C0, 2, "a page that is mapped still is a stranger's as well"),
		   SPARE(C0, 4, NO_TLB), SPARE(C0, 5, NOT_MINE), SPARE(C1, 1, NOT_HELD_UP) },
};

SCENARIO(A18_gup_looks_again) = {
	UNMAPPED(BY_BROADCAST, CHECKS),
	.name = "gup_looks_again",
	.claim = "flushed without an interrupt: a walker that looks again gives back what it got",
	.forbid = { FORBID(strangers_page), FORBID(stranger_hurt), FORBID(double_free) },
	.allow = { ALLOW(walker_has_it), ALLOW(put_back) },
	.control = { WITHOUT(C0, 2, strangers_page), WITHOUT(C1, 4, strangers_page),
		     SWAPPED(C1, 3, 4, strangers_page) },
	.spare = { SPARE(C0, 1, ONE_ENTRY), SPARE(C0, 4, NO_TLB), SPARE(C0, 5, NOT_MINE),
		   SPARE(C1, 1, NOT_HELD_UP),
		   SPARE(C1, 3,
			 "without a reference the walker leaves the page alone: less is seen"),
		   SPARE_SWAP(C1, 2, 3, "what was not found cannot be got") },
};
