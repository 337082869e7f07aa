/* Address spaces, PCIDs and global pages: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

#define TWO_PAGES .maps = { { P0, RW }, { P1, RW } }, .content = { O, N, S, X }

/* Each space has its page at this address, and its entries. The other's are never used. */
#define THERE_AND_BACK_STEPS(step)   \
	step(1, load, A, R1)         \
	step(2, space_load, B, KEEP) \
	step(3, load, B, R2)         \
	step(4, space_load, A, KEEP) \
	step(5, load, A, R3)
LISTING(THERE_AND_BACK)
static void two_spaces(void **state)
{
	const struct scenario two = { .agents = { RUNS(C0, THERE_AND_BACK) },
				      .spaces = TWO_SPACES,
				      TWO_PAGES };
	const struct scenario same = { .agents = { RUNS(C0, THERE_AND_BACK) },
				       .spaces = SAME_PCID,
				       TWO_PAGES };
	const struct scenario global = { .agents = { RUNS(C0, THERE_AND_BACK) },
					 .spaces = TWO_SPACES,
					 .global = GLOBAL(A),
					 TWO_PAGES };

	(void)state;
	expect(RACING(&two), false, "O N O");
	/* What one space has cached serves the other, if neither PCID nor flush keeps them apart. */
	expect(RACING(&same), false, "O N O,O N N,O O O,O O N");
	/* Nor does a PCID keep a global entry to its space; the private one of the other stays there. */
	expect(RACING(&global), false, "O N O,O O O");
	expect(QEMU(&same), false, "O N O");
	expect(QEMU(&global), false, "O N O");
}

/* One page, under two PCIDs. */
#define CHANGE_STEPS(step)           \
	step(1, pte_set, A, P1, RW)  \
	step(2, invlpg, A)           \
	step(3, load, A, R1)         \
	step(4, space_load, B, KEEP) \
	step(5, load, B, R2)
#define CHANGE_BOTH_STEPS(step)           \
	step(1, pte_set, A, P1, RW)       \
	step(2, invlpg, A)                \
	step(3, invpcid, PCID_ADDRESS, B) \
	step(4, space_load, B, KEEP)      \
	step(5, load, B, R2)
#define CHANGE_DROP_STEPS(step)      \
	step(1, pte_set, A, P1, RW)  \
	step(2, invlpg, A)           \
	step(3, space_load, B, DROP) \
	step(4, load, B, R2)
#define PLANT_STEPS(step)            \
	step(1, load, A)             \
	step(2, space_load, B, KEEP) \
	step(3, load, B)             \
	step(4, space_load, A, KEEP)
LISTING(CHANGE)
LISTING(CHANGE_BOTH)
LISTING(CHANGE_DROP)
LISTING(PLANT)
#define ONE_PAGE                                                                  \
	.warm = { RUNS(C0, PLANT) }, .spaces = TWO_PCIDS, .maps = { { P0, RW } }, \
	.content = { O, N }

static void two_pcids(void **state)
{
	const struct scenario bad = { .agents = { RUNS(C0, CHANGE) }, ONE_PAGE };
	const struct scenario both = { .agents = { RUNS(C0, CHANGE_BOTH) }, ONE_PAGE };
	const struct scenario dropped = { .agents = { RUNS(C0, CHANGE_DROP) }, ONE_PAGE };
	const struct scenario global = { .agents = { RUNS(C0, CHANGE) },
					 .global = GLOBAL(A),
					 ONE_PAGE };

	(void)state;
	expect(RACING(&bad), false, "N N,N O");
	expect(RACING(&both), false, "N");
	expect(RACING(&dropped), false, "N");
	/* INVLPG drops global entries, whatever the PCID. */
	expect(RACING(&global), false, "N N");
	expect(QEMU(&bad), false, "N N");
}

/* Which of two pages, one of them global, an operation drops (catalogue 9.4). */
#define CR3_STEPS(step)             \
	step(1, pte_set, A, Q0, RW) \
	step(2, pte_set, B, Q0, RW) \
	step(3, cr3_load)           \
	step(4, load, A, R1)        \
	step(5, load, B, R2)
#define PGE_STEPS(step)             \
	step(1, pte_set, A, Q0, RW) \
	step(2, pte_set, B, Q0, RW) \
	step(3, flush_all)          \
	step(4, load, A, R1)        \
	step(5, load, B, R2)
#define TYPE_0_STEPS(step)                \
	step(1, pte_set, A, Q0, RW)       \
	step(2, pte_set, B, Q0, RW)       \
	step(3, invpcid, PCID_ADDRESS, A) \
	step(4, load, A, R1)              \
	step(5, load, B, R2)
#define TYPE_1_STEPS(step)            \
	step(1, pte_set, A, Q0, RW)   \
	step(2, pte_set, B, Q0, RW)   \
	step(3, invpcid, PCID_ALL, A) \
	step(4, load, A, R1)          \
	step(5, load, B, R2)
#define TYPE_2_STEPS(step)                  \
	step(1, pte_set, A, Q0, RW)         \
	step(2, pte_set, B, Q0, RW)         \
	step(3, invpcid, ALL_AND_GLOBAL, A) \
	step(4, load, A, R1)                \
	step(5, load, B, R2)
#define TYPE_3_STEPS(step)             \
	step(1, pte_set, A, Q0, RW)    \
	step(2, pte_set, B, Q0, RW)    \
	step(3, invpcid, ALL_PCIDS, A) \
	step(4, load, A, R1)           \
	step(5, load, B, R2)
LISTING(CR3)
LISTING(PGE)
LISTING(TYPE_0)
LISTING(TYPE_1)
LISTING(TYPE_2)
LISTING(TYPE_3)
#define A_AND_GLOBAL_B \
	.global = GLOBAL(B), .maps = { { P0, RW }, { P1, RW } }, .content = { O, N, [Q0] = S }
#define A_AND_B .maps = { { P0, RW }, { P1, RW } }, .content = { O, N, [Q0] = S }

static void what_drops_what(void **state)
{
	const struct scenario cr3 = { .agents = { RUNS(C0, CR3) }, A_AND_GLOBAL_B };
	const struct scenario pge = { .agents = { RUNS(C0, PGE) }, A_AND_GLOBAL_B };
	const struct scenario type_0 = { .agents = { RUNS(C0, TYPE_0) }, A_AND_GLOBAL_B };
	const struct scenario other = { .agents = { RUNS(C0, TYPE_0) }, A_AND_B };
	const struct scenario all = { .agents = { RUNS(C0, TYPE_1) }, A_AND_B };
	const struct scenario type_1 = { .agents = { RUNS(C0, TYPE_1) }, A_AND_GLOBAL_B };
	const struct scenario type_2 = { .agents = { RUNS(C0, TYPE_2) }, A_AND_GLOBAL_B };
	const struct scenario type_3 = { .agents = { RUNS(C0, TYPE_3) }, A_AND_GLOBAL_B };

	(void)state;
	expect(RACING(&cr3), false, "S N,S S");
	expect(RACING(&pge), false, "S S");
	expect(RACING(&type_0), false, "S N,S S");
	expect(RACING(&other), false, "S N,S S");
	expect(RACING(&all), false, "S S");
	expect(RACING(&type_1), false, "S N,S S");
	expect(RACING(&type_2), false, "S S");
	expect(RACING(&type_3), false, "S N,S S");
	/* QEMU's load of CR3 drops all. */
	expect(QEMU(&cr3), false, "S S");
}

/* The PDE points to another table; the old one's leaf is a stranger's. Who has the entry reads O, through the old table S. */
#define UPPER(step, ...)                 \
	step(1, pte_exchange, A, Q0, RW) \
	step(2, pde_exchange, A, T1)     \
	step(3, __VA_ARGS__)             \
	step(4, load, A, R1)             \
	step(5, space_load, B, KEEP)     \
	step(6, load, B, R2)
#define UPPER_INVLPG_STEPS(step) UPPER(step, invlpg, A)
#define UPPER_TYPE_1_STEPS(step) UPPER(step, invpcid, PCID_ALL, B)
#define UPPER_TYPE_3_STEPS(step) UPPER(step, invpcid, ALL_PCIDS, A)
#define UPPER_AWAY_STEPS(step)           \
	step(1, pde_exchange, A, T1)     \
	step(2, invlpg, ELSEWHERE)       \
	step(3, pte_exchange, A, Q0, RW) \
	step(4, load, A, R1)
#define UPPER_PLANT_STEPS(step)        \
	step(1, table_leaf, T1, A, P1) \
	step(2, load, A)               \
	step(3, space_load, B, KEEP)   \
	step(4, load, B)               \
	step(5, space_load, A, KEEP)
LISTING(UPPER_INVLPG)
LISTING(UPPER_TYPE_1)
LISTING(UPPER_TYPE_3)
LISTING(UPPER_AWAY)
LISTING(UPPER_PLANT)
#define TWO_TABLES                                                              \
	.warm = { RUNS(C0, UPPER_PLANT) }, .spaces = TWO_PCIDS, .tables = true, \
	.maps = { { P0, RW } }, .content = { O, N, [Q0] = S }

static void upper_levels_by_pcid(void **state)
{
	const struct scenario invlpg = { .agents = { RUNS(C0, UPPER_INVLPG) }, TWO_TABLES };
	const struct scenario type_1 = { .agents = { RUNS(C0, UPPER_TYPE_1) }, TWO_TABLES };
	const struct scenario type_3 = { .agents = { RUNS(C0, UPPER_TYPE_3) }, TWO_TABLES };
	const struct scenario away = { .agents = { RUNS(C0, UPPER_AWAY) }, TWO_TABLES };

	(void)state;
	expect(RACING(&invlpg), false, "N N,N O,N S");
	expect(RACING(&type_1), false, "N N,O N,S N");
	expect(RACING(&type_3), false, "N N");
	/* INVLPG of any address: nothing leads to the old table, and the entry may stay. */
	expect(RACING(&away), false, "N,O");
	expect(LEFT_OUT(&away, C0, 2), false, "N,O,S");
	expect(QEMU(&invlpg), false, "N N");
}

#define ASTRAY_STEPS(step)           \
	step(1, space_load, B, KEEP) \
	step(2, load, A, R1)
LISTING(ASTRAY)

static void what_makes_no_sense(void **state)
{
	const struct scenario astray = { .agents = { RUNS(C0, ASTRAY) },
					 .spaces = TWO_SPACES,
					 TWO_PAGES };
	const struct scenario tables = { .agents = { RUNS(C0, THERE_AND_BACK) },
					 .spaces = TWO_SPACES,
					 .tables = true,
					 TWO_PAGES };
	const struct scenario global = { .agents = { RUNS(C0, UPPER_INVLPG) },
					 .global = GLOBAL(A),
					 TWO_TABLES };
	const struct scenario nothing = { .agents = { RUNS(C0, UPPER_AWAY) } };
	const struct scenario both = { .agents = { RUNS(C0, THERE_AND_BACK) },
				       .spaces = TWO_PCIDS,
				       TWO_PAGES };

	(void)state;
	assert_non_null(golden_wrong(&astray));
	assert_non_null(golden_wrong(&tables));
	assert_non_null(golden_wrong(&global));
	assert_non_null(golden_wrong(&nothing));
	assert_non_null(golden_wrong(&both));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_spaces),          cmocka_unit_test(two_pcids),
		cmocka_unit_test(what_drops_what),     cmocka_unit_test(upper_levels_by_pcid),
		cmocka_unit_test(what_makes_no_sense),
	};

	return cmocka_run_group_tests_name("model space", tests, golden_set_up, golden_tear_down);
}
