/*
 * The lockless walker of GUP-fast against a page that is unmapped and freed, where the TLB flush interrupts nobody. A reference
 * count above zero proves nothing: the page may be somebody else's by now. The walker looks at the PTE again, or the
 * page is freed a grace period later.
 */
#include "mm/protocol/gup.h"
#include "mm/protocol/rcu.h"
#include "tests/scenario.h"

OBSERVE(ENTRY, GOT, SAME, LEFT, TAKEN, LEFT_AGAIN)

#define UNMAP_STEPS(step)      \
	step(1, pte_clear, A)  \
	step(2, broadcast, A)  \
	step(3, put, P0, LEFT) \
	step(4, alloc, P0, TAKEN)
/* clang-format off */
#define TRUSTS_STEPS(step)                               \
	gup_fast_no_recheck(step, 1, A, ENTRY, GOT)      \
	step##_if(5, GOT, YES, store_seen, ENTRY, Y)
/* What is put back is not got: GOT then says how many references are left. */
#define CHECKS_STEPS(step)                              \
	gup_fast(step, 1, A, ENTRY, GOT, SAME)          \
	step##_if(7, GOT, YES, store_seen, ENTRY, Y)
#define PUTS_ANYWAY_STEPS(step)                         \
	step(1, cli)                                    \
	step(2, pte_read, A, ENTRY)                     \
	step(3, try_get, ENTRY, GOT)                    \
	step(4, pte_same, A, ENTRY, SAME)               \
	step##_if(5, SAME, NO, put_seen, ENTRY, GOT)    \
	step(6, sti)
#define UNMAP_AND_STRANGER_PUTS_STEPS(step)             \
	step(1, pte_clear, A)                           \
	step(2, broadcast, A)                           \
	step(3, put, P0, LEFT)                          \
	step(4, alloc, P0, TAKEN)                       \
	step##_if(5, TAKEN, YES, put, P0, LEFT_AGAIN)
#define UNMAP_AND_MAP_AGAIN_STEPS(step)                 \
	step(1, pte_clear, A)                           \
	step(2, broadcast, A)                           \
	step(3, put, P0, LEFT)                          \
	step(4, alloc, P0, TAKEN)                       \
	step##_if(5, TAKEN, YES, pte_set, A, P0, RW)
/* clang-format on */
#define RCU_UNMAP_STEPS(step)  \
	step(1, pte_clear, A)  \
	step(2, broadcast, A)  \
	call_rcu(step, 3)      \
	rcu_callback(step, 4)  \
	step(5, put, P0, LEFT) \
	step(6, alloc, P0, TAKEN)

LISTING(UNMAP)
LISTING(TRUSTS)
LISTING(CHECKS)
LISTING(PUTS_ANYWAY)
LISTING(UNMAP_AND_STRANGER_PUTS)
LISTING(UNMAP_AND_MAP_AGAIN)
LISTING(RCU_UNMAP)

CLAIM(strangers_page, saw(GOT) == YES && saw(TAKEN) == YES)
CLAIM(nothing_got, saw(GOT) == NOTHING)
CLAIM(stranger_hurt, saw(TAKEN) == YES && holds(P0) != S)
CLAIM(double_free, saw(LEFT) == BLOCKED || saw(GOT) == BLOCKED)
CLAIM(stranger_frees_twice, saw(LEFT_AGAIN) == BLOCKED)
CLAIM(walker_has_it, saw(GOT) == YES && saw(LEFT) == COUNT(1) && saw(TAKEN) == NO)
CLAIM(too_late_it_is_free, saw(GOT) == NO && saw(TAKEN) == YES)
CLAIM(put_back, saw(GOT) == COUNT(1) && saw(TAKEN) == YES)
CLAIM(frees_the_strangers_page, saw(GOT) == COUNT(0) && saw(LEFT_AGAIN) == COUNT(1))
CLAIM(checked_before_it_was_mapped, saw(GOT) == YES && saw(TAKEN) == YES && after(C0, 5, C1, 4))
CLAIM(same_page_again, saw(GOT) == YES && saw(TAKEN) == YES && holds(P0) == Y)
CLAIM(freed_though_same, saw(ENTRY) == MARK(P0) && saw(SAME) == YES && saw(TAKEN) == YES)
CLAIM(page_taken, saw(ENTRY) == MARK(P0) && saw(TAKEN) == YES)
CLAIM(freed_under_the_walker, saw(ENTRY) == MARK(P0) && saw(GOT) == NO)

#define NO_IPI(unmap, walk)                                                              \
	.id = "A20",                                                                     \
	.source = "P2PDMA thread 2021: why a reference count above zero proves nothing", \
	.needs = NEED_CPU2, .agents = { RUNS(C0, unmap), RUNS(C1, walk) },               \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }, .refs = { [P0] = 1 }
#define NOT_HELD_UP "a broadcast does not wait for a CPU with interrupts off: that is the scenario"
#define NO_TLB      "the walker reads the PTE itself: nothing is cached"
#define NOT_FOUND   "what was not found cannot be got: the walker leaves the page alone"
#define NOTHING_GOT \
	"without a reference the walker leaves the page alone: an ALLOW is not seen any more"

SCENARIO(A20_no_recheck) = {
	NO_IPI(UNMAP, TRUSTS),
	.name = "no_recheck",
	.claim = "the walker gets a reference to a page that is a stranger's already",
	.forbid = { FORBID(double_free) },
	.shows = SHOWS(strangers_page),
	.control = { WITHOUT(C1, 3, nothing_got) },
	.spare = { SPARE(C0, 1, "a page that is mapped still is a stranger's as well"),
		   SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) },
};

SCENARIO(A20_recheck) = {
	NO_IPI(UNMAP, CHECKS),
	.name = "recheck",
	.claim = "the walker that finds the PTE changed gives back what it got",
	.forbid = { FORBID(strangers_page), FORBID(stranger_hurt), FORBID(double_free) },
	.allow = { ALLOW(walker_has_it), ALLOW(too_late_it_is_free), ALLOW(put_back) },
	.control = { WITHOUT(C0, 1, strangers_page), WITHOUT(C1, 4, strangers_page),
		     SWAPPED(C1, 3, 4, strangers_page) },
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP), SPARE(C1, 3, NOTHING_GOT),
		   SPARE_SWAP(C1, 2, 3, NOT_FOUND) },
};

SCENARIO(A20_stranger_puts) = {
	NO_IPI(UNMAP_AND_STRANGER_PUTS, CHECKS),
	.name = "stranger_puts",
	.claim = "the walker's put may be the one that frees a stranger's page: once, not twice",
	.forbid = { FORBID(strangers_page), FORBID(double_free), FORBID(stranger_frees_twice) },
	.allow = { ALLOW(frees_the_strangers_page) },
	.control = { WITHOUT(C0, 1, strangers_page), WITHOUT(C1, 4, strangers_page) },
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP), SPARE(C1, 3, NOTHING_GOT),
		   SPARE_SWAP(C1, 2, 3, NOT_FOUND) },
};

SCENARIO(A20_put_anyway) = {
	NO_IPI(UNMAP, PUTS_ANYWAY),
	.name = "put_anyway",
	.claim = "a walker that gives back what it did not get frees a free page",
	.forbid = { FORBID(strangers_page) },
	.shows = SHOWS(double_free),
	.control = { WITHOUT(C0, 1, strangers_page), WITHOUT(C1, 3, freed_though_same),
		     WITHOUT(C1, 4, strangers_page) },
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) },
};

SCENARIO(A20_same_page_again) = {
	NO_IPI(UNMAP_AND_MAP_AGAIN, CHECKS),
	.name = "same_page_again",
	.claim = "the same page mapped again before the walker looks twice is its page again",
	.forbid = { FORBID(checked_before_it_was_mapped), FORBID(double_free) },
	.allow = { ALLOW(same_page_again), ALLOW(put_back) },
	.control = { WITHOUT(C0, 1, checked_before_it_was_mapped) },
	.spare = { SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP), SPARE(C1, 3, NOTHING_GOT),
		   SPARE_SWAP(C1, 2, 3, NOT_FOUND) },
};

SCENARIO(A20_grace_period) = {
	NO_IPI(RCU_UNMAP, TRUSTS),
	.name = "grace_period",
	.claim = "a page freed when all walkers of before have ended needs no second look",
	.forbid = { FORBID(page_taken), FORBID(freed_under_the_walker), FORBID(double_free) },
	.allow = { ALLOW(walker_has_it) },
	.control = { WITHOUT(C0, 1, page_taken), WITHOUT(C0, 3, page_taken),
		     WITHOUT(C0, 4, page_taken), WITHOUT(C1, 1, page_taken),
		     WITHOUT(C1, 3, page_taken), SWAPPED(C0, 1, 3, page_taken),
		     SWAPPED(C0, 4, 5, freed_under_the_walker), SWAPPED(C1, 1, 2, page_taken),
		     SWAPPED(C1, 3, 4, page_taken) },
	.spare = { SPARE(C0, 2, NO_TLB) },
};
