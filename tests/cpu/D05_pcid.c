/*
 * Process-context identifiers: what a CPU has cached of an address space stays while another one runs, and INVLPG reaches the PCID
 * that is loaded and no other. Who comes back must know what he missed, or flush.
 */
#include "tests/scenario.h"

OBSERVE(OWN, ELSE, GENERATION)

enum { GEN };

/* One page under two PCIDs: of two processes' threads, or of the kernel's half and the user's of one process. */
#define ONE_FLUSHED_STEPS(step)          \
	step(1, pte_exchange, A, P1, RW) \
	step(2, invlpg, A)               \
	step(3, load, A, OWN)            \
	step(4, space_load, B, KEEP)     \
	step(5, load, B, ELSE)
#define BOTH_FLUSHED_STEPS(step)          \
	step(1, pte_exchange, A, P1, RW)  \
	step(2, invlpg, A)                \
	step(3, invpcid, PCID_ADDRESS, B) \
	step(4, load, A, OWN)             \
	step(5, space_load, B, KEEP)      \
	step(6, load, B, ELSE)
#define SHOOTDOWN_STEPS(step)            \
	step(1, pte_exchange, A, P1, RW) \
	step(2, cpu_flush, A)            \
	step(3, tell, C1)
#define TO_USER_KEPT_STEPS(step)     \
	step(1, heed, C0)            \
	step(2, space_load, B, KEEP) \
	step(3, load, B, ELSE)
#define TO_USER_DROPPED_STEPS(step)  \
	step(1, heed, C0)            \
	step(2, space_load, B, DROP) \
	step(3, load, B, ELSE)
#define PLANT_STEPS(step)            \
	step(1, load, A)             \
	step(2, space_load, B, KEEP) \
	step(3, load, B)             \
	step(4, space_load, A, KEEP)

/* A CPU that is elsewhere is not interrupted: it compares generations when it comes back. 0 is what it has seen. */
#define CHANGE_STEPS(step)               \
	step(1, pte_exchange, A, P1, RW) \
	step(2, word_add, GEN, 1)        \
	step(3, tell, C1)
/* clang-format off */
#define COMPARES_STEPS(step)                                   \
	step(1, heed, C0)                                      \
	step(2, word_read, GEN, GENERATION)                    \
	step##_if(3, GENERATION, COUNT(0), space_load, A, KEEP) \
	step##_if(4, GENERATION, COUNT(1), space_load, A, DROP) \
	step(5, load, A, OWN)
/* clang-format on */
#define COMES_BACK_STEPS(step)       \
	step(1, heed, C0)            \
	step(2, space_load, A, KEEP) \
	step(3, load, A, OWN)
#define LEAVES_STEPS(step) \
	step(1, load, A)   \
	step(2, space_load, B, KEEP)

/* A PCID that had another process. */
#define RECYCLED_STEPS(step)         \
	step(1, load, A, OWN)        \
	step(2, space_load, B, KEEP) \
	step(3, load, B, ELSE)
/* Sooner it would be in vain: as long as the space of before is loaded the CPU may load its entries again. */
#define RECYCLED_INVPCID_STEPS(step)  \
	step(1, load, A, OWN)         \
	step(2, space_load, B, KEEP)  \
	step(3, invpcid, PCID_ALL, B) \
	step(4, load, B, ELSE)

LISTING(ONE_FLUSHED)
LISTING(BOTH_FLUSHED)
LISTING(SHOOTDOWN)
LISTING(TO_USER_KEPT)
LISTING(TO_USER_DROPPED)
LISTING(PLANT)
LISTING(CHANGE)
LISTING(COMPARES)
LISTING(COMES_BACK)
LISTING(LEAVES)
LISTING(RECYCLED)
LISTING(RECYCLED_INVPCID)

CLAIM(own_stale, saw(OWN) != N)
CLAIM(other_stale, saw(ELSE) == O)
CLAIM(other_wrong, saw(ELSE) != N)
CLAIM(stale_on_return, saw(OWN) == O)
CLAIM(neither, saw(OWN) != O && saw(OWN) != N)
CLAIM(not_its_own, saw(ELSE) != N)
CLAIM(strangers_page, saw(ELSE) == O)
CLAIM(neither_page, saw(ELSE) != O && saw(ELSE) != N)

#define PCIDS(spaces_)                                                         \
	.id = "D05", .source = "SDM 3A 4.10.1, 4.10.4.1", .spaces = (spaces_), \
	.content = { [P0] = O, [P1] = N }
#define ONE_PAGE  .maps = { [A] = { P0, RW, LEAF_USED } }
#define TWO_PAGES .maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } }
#define BEFORE    "what is read before the change is old by right"

SCENARIO(D05_one_flushed) = {
	PCIDS(TWO_PCIDS),
	ONE_PAGE,
	.name = "one_flushed",
	.claim = "one page under two PCIDs, INVLPG under one: the other stays on the old page",
	.needs = NEED_PCID,
	.agents = { RUNS(C0, ONE_FLUSHED) },
	.warm = { RUNS(C0, PLANT) },
	.forbid = { FORBID(own_stale), FORBID(neither_page) },
	.shows = SHOWS(other_stale),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 2, own_stale) },
};

SCENARIO(D05_both_flushed) = {
	PCIDS(TWO_PCIDS),
	ONE_PAGE,
	.name = "both_flushed",
	.claim = "one page under two PCIDs, INVLPG and INVPCID: neither is on the old page",
	.needs = NEED_PCID,
	.agents = { RUNS(C0, BOTH_FLUSHED) },
	.warm = { RUNS(C0, PLANT) },
	.forbid = { FORBID(own_stale), FORBID(other_wrong) },
	.control = { WITHOUT(C0, 2, own_stale), WITHOUT(C0, 3, other_stale) },
};

SCENARIO(D05_user_half) = {
	PCIDS(TWO_PCIDS),
	ONE_PAGE,
	.name = "user_half",
	.claim =
		"a shootdown finds a CPU in the kernel's PCID: back in the user's it is on the old page",
	.needs = NEED_PCID | NEED_CPU2,
	.agents = { RUNS(C0, SHOOTDOWN), RUNS(C1, TO_USER_KEPT) },
	.warm = { RUNS(C1, PLANT) },
	.forbid = { FORBID(neither_page) },
	.shows = SHOWS(other_stale),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 2, "it reaches one PCID: that is the hazard"), SPARE(C1, 1, BEFORE) },
};

SCENARIO(D05_user_half_dropped) = {
	PCIDS(TWO_PCIDS),
	ONE_PAGE,
	.name = "user_half_dropped",
	.claim =
		"a shootdown finds a CPU in the kernel's PCID: it flushes the user's on the way back",
	.needs = NEED_PCID | NEED_CPU2,
	.agents = { RUNS(C0, SHOOTDOWN), RUNS(C1, TO_USER_DROPPED) },
	.warm = { RUNS(C1, PLANT) },
	.forbid = { FORBID(other_wrong) },
	.control = { WITHOUT(C1, 1, other_stale), SWAPPED(C0, 1, 3, other_stale) },
	.spare = { SPARE(C0, 2, "the other PCID's entries are dropped by the load of CR3") },
};

SCENARIO(D05_no_generation) = {
	PCIDS(TWO_SPACES),
	TWO_PAGES,
	.name = "no_generation",
	.claim = "a page changed while its space was not loaded, and kept as it was: the old page",
	.needs = NEED_PCID | NEED_CPU2,
	.agents = { RUNS(C0, CHANGE), RUNS(C1, COMES_BACK) },
	.warm = { RUNS(C1, LEAVES) },
	.forbid = { FORBID(neither) },
	.shows = SHOWS(stale_on_return),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C1, 1, BEFORE) },
};

SCENARIO(D05_generation) = {
	PCIDS(TWO_SPACES),
	TWO_PAGES,
	.name = "generation",
	.claim =
		"a page changed while its space was not loaded: the generation says that a flush is due",
	.needs = NEED_PCID | NEED_CPU2,
	.agents = { RUNS(C0, CHANGE), RUNS(C1, COMPARES) },
	.warm = { RUNS(C1, LEAVES) },
	.forbid = { FORBID(own_stale) },
	.control = { WITHOUT(C1, 1, stale_on_return), SWAPPED(C0, 1, 3, stale_on_return) },
};

SCENARIO(D05_recycled) = {
	PCIDS(SAME_PCID),
	TWO_PAGES,
	.name = "recycled",
	.claim =
		"a PCID given to another space without a flush: it reads the page of the one before",
	.needs = NEED_PCID,
	.agents = { RUNS(C0, RECYCLED) },
	.forbid = { FORBID(neither_page) },
	.shows = SHOWS(strangers_page),
	.shown_by = CACHE_TLB,
};

SCENARIO(D05_recycled_invpcid) = {
	PCIDS(SAME_PCID),
	TWO_PAGES,
	.name = "recycled_invpcid",
	.claim = "a PCID given to another space, and then INVPCID: its own page",
	.needs = NEED_PCID,
	.agents = { RUNS(C0, RECYCLED_INVPCID) },
	.forbid = { FORBID(not_its_own) },
	.control = { WITHOUT(C0, 3, strangers_page) },
};
