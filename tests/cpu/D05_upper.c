/*
 * The same table for upper levels: which operations make a CPU forget a PDE that it remembers under the PCID that is loaded, and
 * under another one (SDM 3A 4.10.4.1). A page-table page is replaced and its leaf given to a stranger: who has the page's entry
 * reads O, who goes through the old table S, who walks anew N. One order each: a row of a table, not a race.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, OWN, ELSE)

/* A and B: one page under two PCIDs, A's is loaded. */
#define REPLACE(step)                   \
	step(1, pte_exchange, A, K, RW) \
	step(2, pde_exchange, A, T1)
#define LOOK(step)                   \
	step(4, load, A, OWN)        \
	step(5, space_load, B, KEEP) \
	step(6, load, B, ELSE)
#define INVLPG_STEPS(step)               \
	REPLACE(step) step(3, invlpg, A) \
	LOOK(step)
/* The leaf changes last: nothing leads to it any more, neither what is remembered of the PDE nor an entry. */
#define AWAY_STEPS(step)                \
	step(1, pde_exchange, A, T1)    \
	step(2, invlpg, ELSEWHERE)      \
	step(3, pte_exchange, A, K, RW) \
	LOOK(step)
#define CR3_STEPS(step)                 \
	REPLACE(step) step(3, cr3_load) \
	LOOK(step)
#define KEPT_STEPS(step)                           \
	REPLACE(step) step(3, space_load, A, KEEP) \
	LOOK(step)
#define TYPE_0_STEPS(step)                              \
	REPLACE(step) step(3, invpcid, PCID_ADDRESS, A) \
	LOOK(step)
#define TYPE_1_STEPS(step)                          \
	REPLACE(step) step(3, invpcid, PCID_ALL, A) \
	LOOK(step)
#define TYPE_2_STEPS(step)                                \
	REPLACE(step) step(3, invpcid, ALL_AND_GLOBAL, A) \
	LOOK(step)
#define TYPE_3_STEPS(step)                           \
	REPLACE(step) step(3, invpcid, ALL_PCIDS, A) \
	LOOK(step)
#define PGE_STEPS(step)                  \
	REPLACE(step) step(3, flush_all) \
	LOOK(step)
#define PLANT_STEPS(step)              \
	step(1, table_leaf, T1, A, P1) \
	step(2, load, A)               \
	step(3, space_load, B, KEEP)   \
	step(4, load, B)               \
	step(5, space_load, A, KEEP)

/* Neither table has the page when it is looked for. */
#define FAULT_STEPS(step)              \
	step(1, pde_exchange, A, T1)   \
	step(2, load, A, EARLY)        \
	step(3, pte_set, A, K, RW)     \
	step(4, table_leaf, T1, A, P1) \
	step(5, load, A, OWN)          \
	step(6, space_load, B, KEEP)   \
	step(7, load, B, ELSE)
#define PLANT_NONE_STEPS(step)       \
	step(1, load, A)             \
	step(2, space_load, B, KEEP) \
	step(3, load, B)             \
	step(4, space_load, A, KEEP)

LISTING(INVLPG)
LISTING(AWAY)
LISTING(CR3)
LISTING(KEPT)
LISTING(TYPE_0)
LISTING(TYPE_1)
LISTING(TYPE_2)
LISTING(TYPE_3)
LISTING(PGE)
LISTING(PLANT)
LISTING(FAULT)
LISTING(PLANT_NONE)

CLAIM(own_stale, saw(OWN) != N)
CLAIM(own_old_table, saw(OWN) == S)
CLAIM(own_old_page, saw(OWN) == O)
CLAIM(other_old_table, saw(ELSE) == S)
CLAIM(other_stale, saw(ELSE) != N)
CLAIM(other_nowhere, saw(ELSE) != O && saw(ELSE) != S && saw(ELSE) != N)
CLAIM(found, saw(EARLY) != BLOCKED)

#define BY_UPPER(no, claim)                              \
	{                                                \
		{ C0, no, 0 }, SHOWS(claim), CACHE_UPPER \
	}
#define UPPER(op, warmth, name_, order_)                                                         \
	.id = "D05", .name = (name_), .source = "SDM 3A 4.10.3.2, 4.10.4.1", .needs = NEED_PCID, \
	.agents = { RUNS(C0, op) }, .warm = { RUNS(C0, warmth) },                                \
	.orders = { { NULL, (order_) } }, .content = { [P0] = O, [P1] = N, [K] = S },            \
	.tables = true, .spaces = TWO_PCIDS
#define ROW(op, name_) UPPER(op, PLANT, name_, "000000"), .maps = { [A] = { P0, RW, LEAF_USED } }
/* What the rest of the page's walk needs is gone, what another PCID has may stay. */
#define ONE_ONLY                                                                                 \
	.forbid = { FORBID(own_stale), FORBID(other_nowhere) }, .shows = SHOWS(other_old_table), \
	.shown_by = CACHE_UPPER, .control = { BY_UPPER(3, own_old_table) }
#define ALL_OF_THEM                                           \
	.forbid = { FORBID(own_stale), FORBID(other_stale) }, \
	.control = { BY_UPPER(3, other_old_table) }

SCENARIO(D05_upper_invlpg) = {
	ROW(INVLPG, "upper.invlpg"),
	.claim = "INVLPG drops the PDE under the PCID that is loaded, and may leave another's",
	ONE_ONLY,
};

SCENARIO(D05_upper_away) = {
	ROW(AWAY, "upper.invlpg_away"),
	.claim =
		"so does INVLPG of an address in another region, which leaves the page's own entry",
	.forbid = { FORBID(own_old_table), FORBID(other_nowhere) },
	.allow = { ALLOW(own_old_page) },
	.shows = SHOWS(other_old_table),
	.shown_by = CACHE_UPPER,
	.control = { BY_UPPER(2, own_old_table) },
};

SCENARIO(D05_upper_cr3) = {
	ROW(CR3, "upper.cr3"),
	.claim = "a load of CR3 drops the PDE under its PCID, and may leave another's",
	ONE_ONLY,
};

SCENARIO(D05_upper_kept) = {
	ROW(KEPT, "upper.cr3_keeps"),
	.claim = "a load of CR3 with bit 63 set may leave the PDE under its PCID too",
	.forbid = { FORBID(other_nowhere) },
	.allow = { ALLOW(other_old_table) },
	.shows = SHOWS(own_old_table),
	.shown_by = CACHE_UPPER,
};

SCENARIO(D05_upper_type_0) = {
	ROW(TYPE_0, "upper.type_0"),
	.claim =
		"INVPCID type 0 drops the PDE of its address under its PCID, and may leave another's",
	ONE_ONLY,
};

SCENARIO(D05_upper_type_1) = {
	ROW(TYPE_1, "upper.type_1"),
	.claim = "INVPCID type 1 drops the PDE under its PCID, and may leave another's",
	ONE_ONLY,
};

SCENARIO(D05_upper_type_2) = {
	ROW(TYPE_2, "upper.type_2"),
	.claim = "INVPCID type 2 drops the PDE under any PCID",
	ALL_OF_THEM,
};

SCENARIO(D05_upper_type_3) = {
	ROW(TYPE_3, "upper.type_3"),
	.claim = "INVPCID type 3 drops the PDE under any PCID",
	ALL_OF_THEM,
};

SCENARIO(D05_upper_pge) = {
	ROW(PGE, "upper.pge"),
	.claim = "a change of CR4.PGE drops the PDE under any PCID",
	ALL_OF_THEM,
};

SCENARIO(D05_upper_fault) = {
	UPPER(FAULT, PLANT_NONE, "upper.fault", "0000000"),
	.claim = "#PF drops the PDE that it used under its PCID, and may leave another's",
	.forbid = { FORBID(found), FORBID(own_stale), FORBID(other_nowhere) },
	.shows = SHOWS(other_old_table),
	.shown_by = CACHE_UPPER,
};
