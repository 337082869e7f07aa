/*
 * Which entries an operation must drop: of the PCID that is loaded, of another one, of another page (SDM 3A 4.10.4.1; global ones
 * are D07). One order each: a row of a table, not a race.
 */
#include "tests/scenario.h"

OBSERVE(OWN, ELSE)

/* A and B: one page under two PCIDs, A's is loaded. */
#define INVLPG_STEPS(step)               \
	step(1, pte_exchange, A, P1, RW) \
	step(2, invlpg, A)               \
	step(3, load, A, OWN)            \
	step(4, space_load, B, KEEP)     \
	step(5, load, B, ELSE)
#define CR3_STEPS(step)                  \
	step(1, pte_exchange, A, P1, RW) \
	step(2, cr3_load)                \
	step(3, load, A, OWN)            \
	step(4, space_load, B, KEEP)     \
	step(5, load, B, ELSE)
#define TYPE_0_STEPS(step)                \
	step(1, pte_exchange, A, P1, RW)  \
	step(2, invpcid, PCID_ADDRESS, A) \
	step(3, load, A, OWN)             \
	step(4, space_load, B, KEEP)      \
	step(5, load, B, ELSE)
#define TYPE_1_STEPS(step)               \
	step(1, pte_exchange, A, P1, RW) \
	step(2, invpcid, PCID_ALL, A)    \
	step(3, load, A, OWN)            \
	step(4, space_load, B, KEEP)     \
	step(5, load, B, ELSE)
#define TYPE_2_STEPS(step)                  \
	step(1, pte_exchange, A, P1, RW)    \
	step(2, invpcid, ALL_AND_GLOBAL, A) \
	step(3, load, A, OWN)               \
	step(4, space_load, B, KEEP)        \
	step(5, load, B, ELSE)
#define TYPE_3_STEPS(step)               \
	step(1, pte_exchange, A, P1, RW) \
	step(2, invpcid, ALL_PCIDS, A)   \
	step(3, load, A, OWN)            \
	step(4, space_load, B, KEEP)     \
	step(5, load, B, ELSE)
#define PGE_STEPS(step)                  \
	step(1, pte_exchange, A, P1, RW) \
	step(2, flush_all)               \
	step(3, load, A, OWN)            \
	step(4, space_load, B, KEEP)     \
	step(5, load, B, ELSE)
#define PLANT_STEPS(step)            \
	step(1, load, A)             \
	step(2, space_load, B, KEEP) \
	step(3, load, B)             \
	step(4, space_load, A, KEEP)

/* A and B: two pages. */
#define ADDRESS_STEPS(step)               \
	step(1, pte_exchange, A, P1, RW)  \
	step(2, pte_exchange, B, P1, RW)  \
	step(3, invpcid, PCID_ADDRESS, A) \
	step(4, load, A, OWN)             \
	step(5, load, B, ELSE)
#define ALL_STEPS(step)                  \
	step(1, pte_exchange, A, P1, RW) \
	step(2, pte_exchange, B, P1, RW) \
	step(3, invpcid, PCID_ALL, A)    \
	step(4, load, A, OWN)            \
	step(5, load, B, ELSE)
/* One of them is global. */
#define GLOBAL_STEPS(step)                \
	step(1, pte_exchange, A, P1, RW)  \
	step(2, pte_exchange, B, P1, RW)  \
	step(3, invpcid, PCID_ADDRESS, A) \
	step(4, invpcid, PCID_ADDRESS, B) \
	step(5, load, A, OWN)             \
	step(6, load, B, ELSE)
#define PLANT_PAGES_STEPS(step) \
	step(1, load, A)        \
	step(2, load, B)

LISTING(INVLPG)
LISTING(CR3)
LISTING(TYPE_0)
LISTING(TYPE_1)
LISTING(TYPE_2)
LISTING(TYPE_3)
LISTING(PGE)
LISTING(PLANT)
LISTING(ADDRESS)
LISTING(ALL)
LISTING(GLOBAL)
LISTING(PLANT_PAGES)

CLAIM(own_stale, saw(OWN) != N)
CLAIM(other_stale, saw(ELSE) == O)
CLAIM(other_wrong, saw(ELSE) != N)
CLAIM(neither, saw(ELSE) != O && saw(ELSE) != N)

#define ROW(op, name_, order_)                                                         \
	.id = "D05", .name = (name_), .source = "SDM 3A 4.10.4.1", .needs = NEED_PCID, \
	.agents = { RUNS(C0, op) }, .content = { [P0] = O, [P1] = N },                 \
	.orders = { { NULL, (order_) } }
#define TWO_PCIDS_ROW(op, name_)                                                   \
	ROW(op, name_, "00000"), .spaces = TWO_PCIDS, .warm = { RUNS(C0, PLANT) }, \
				 .maps = { [A] = { P0, RW, LEAF_USED } }
#define TWO_PAGES_ROW(op, name_, order_)           \
	ROW(op, name_, order_),                    \
		.warm = { RUNS(C0, PLANT_PAGES) }, \
		.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P0, RW, LEAF_USED } }
#define ONE_ONLY(n)                                                                    \
	.forbid = { FORBID(own_stale), FORBID(neither) }, .shows = SHOWS(other_stale), \
	.shown_by = CACHE_TLB, .control = { WITHOUT(C0, n, own_stale) }
#define ALL_OF_THEM(n)                                        \
	.forbid = { FORBID(own_stale), FORBID(other_wrong) }, \
	.control = { WITHOUT(C0, n, other_stale) }

SCENARIO(D05_invlpg) = {
	TWO_PCIDS_ROW(INVLPG, "table.invlpg"),
	.claim = "INVLPG drops the entry of the PCID that is loaded, and may leave another's",
	ONE_ONLY(2),
};

SCENARIO(D05_cr3) = {
	TWO_PCIDS_ROW(CR3, "table.cr3"),
	.claim = "a load of CR3 drops what its PCID has, and may leave another's",
	ONE_ONLY(2),
};

SCENARIO(D05_type_0) = {
	TWO_PCIDS_ROW(TYPE_0, "table.type_0"),
	.claim = "INVPCID type 0 drops the entry of its PCID, and may leave another's",
	ONE_ONLY(2),
};

SCENARIO(D05_type_1) = {
	TWO_PCIDS_ROW(TYPE_1, "table.type_1"),
	.claim = "INVPCID type 1 drops what its PCID has, and may leave another's",
	ONE_ONLY(2),
};

SCENARIO(D05_type_2) = {
	TWO_PCIDS_ROW(TYPE_2, "table.type_2"),
	.claim = "INVPCID type 2 drops what any PCID has",
	ALL_OF_THEM(2),
};

SCENARIO(D05_type_3) = {
	TWO_PCIDS_ROW(TYPE_3, "table.type_3"),
	.claim = "INVPCID type 3 drops what any PCID has, but for what is global",
	ALL_OF_THEM(2),
};

SCENARIO(D05_pge) = {
	TWO_PCIDS_ROW(PGE, "table.pge"),
	.claim = "a change of CR4.PGE drops what any PCID has",
	ALL_OF_THEM(2),
};

SCENARIO(D05_address) = {
	TWO_PAGES_ROW(ADDRESS, "table.other_page", "00000"),
	.claim = "INVPCID type 0 drops the entry of its address, and may leave another page's",
	ONE_ONLY(3),
};

SCENARIO(D05_all) = {
	TWO_PAGES_ROW(ALL, "table.all_pages", "00000"),
	.claim = "INVPCID type 1 drops the entries of all pages of its PCID",
	ALL_OF_THEM(3),
};

SCENARIO(D05_type_0_global) = {
	TWO_PAGES_ROW(GLOBAL, "table.type_0_global", "000000"),
	.global = GLOBAL(B),
	.claim = "INVPCID type 0 drops the entry of its address, and may leave one that is global",
	.forbid = { FORBID(own_stale), FORBID(neither) },
	.shows = SHOWS(other_stale),
	.shown_by = CACHE_GLOBAL,
	.control = { WITHOUT(C0, 3, own_stale) },
	.spare = { SPARE(C0, 4, "it drops no global entry: that is the hazard") },
};
