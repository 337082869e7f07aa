/* Rights that a TLB entry has, and what #PF says: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* One page: A is P0, which holds O; P1 holds N. */
#define ONE_PAGE .maps = { { P0, RW } }, .content = { O, N }

#define LOAD_A_STEPS(step) step(1, load, A)
LISTING(LOAD_A)

#define UPGRADE_STEPS(step)              \
	step(1, pte_exchange, A, P0, RW) \
	step(2, tell, C1)
#define REPLACE_STEPS(step)              \
	step(1, pte_exchange, A, P1, RW) \
	step(2, tell, C1)
#define STORE_ONCE_STEPS(step)        \
	step(1, heed, C0)             \
	step(2, store_once, A, Y, R1) \
	step(3, load, A, R2)
LISTING(UPGRADE)
LISTING(REPLACE)
LISTING(STORE_ONCE)

/*
 * A read-only entry from before may refuse (SDM 3A 4.10.4.3), and is gone then: what is loaded is the new page. Who is not refused
 * has walked, and may use the old entry for loads all the same. QEMU walks, and has one entry.
 */
static void an_entry_that_forbids(void **state)
{
	const struct scenario same = { .agents = { RUNS(C0, UPGRADE), RUNS(C1, STORE_ONCE) },
				       .warm = { RUNS(C1, LOAD_A) },
				       .maps = { { P0, RO } },
				       .content = { O, N } };
	const struct scenario other = { .agents = { RUNS(C0, REPLACE), RUNS(C1, STORE_ONCE) },
					.warm = { RUNS(C1, LOAD_A) },
					.maps = { { P0, RO } },
					.content = { O, N } };

	(void)state;
	expect(RACING(&same), false, "fault O,landed Y");
	expect(STEPPED(&same), false, "fault O,landed Y");
	expect(RACING(&other), false, "fault N,landed Y,landed O");
	expect(QEMU(&other), false, "landed Y");
}

#define UPGRADE_STORE_STEPS(step)   \
	step(1, load, A)            \
	step(2, pte_set, A, P0, RW) \
	step(3, store, A, X, R1)
LISTING(UPGRADE_STORE)

/* A CPU may take one #PF from a stale entry; the store is tried again, and then goes through. */
static void rights_of_a_cpu(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, UPGRADE_STORE) },
				    .maps = { { P0, RO } },
				    .content = { O, N } };

	(void)state;
	expect(RACING(&s), true, "landed X N nothing");
}

#define CLEAR_STORE_LOAD_STEPS(step) \
	step(1, pte_clear, A)        \
	step(2, store, A, X, R1)     \
	step(3, load, A, R2)
LISTING(CLEAR_STORE_LOAD)

/* A store that an entry forbids, and the PTE too. QEMU's entry for reading outlives the fault, as no CPU's may. */
static void a_refused_store(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, CLEAR_STORE_LOAD) },
				    .warm = { RUNS(C0, LOAD_A) },
				    .maps = { { P0, RO } },
				    .content = { O, N } };

	(void)state;
	expect(RACING(&s), false, "fault fault");
	expect(QEMU(&s), false, "fault O");
}

#define UPGRADE_MOVE_STEPS(step)    \
	step(1, pte_set, A, P1, RW) \
	step(2, store, A, X, R1)    \
	step(3, load_mark, A, R2)
LISTING(UPGRADE_MOVE)

/* From P0 for reading to P1 for all: the store goes to P1; the load may find either entry, but QEMU has one a page. */
static void an_entry_that_is_replaced(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, UPGRADE_MOVE) },
				    .warm = { RUNS(C0, LOAD_A) },
				    .maps = { { P0, RO } },
				    .content = { O, N } };

	(void)state;
	expect(RACING(&s), true, "landed P0 O X nothing,landed P1 O X nothing");
	expect(QEMU(&s), true, "landed P1 O X nothing");
}

#define DOWNGRADE_STORE_STEPS(step) \
	step(1, pte_set, A, P1, RO) \
	step(2, store, A, X, R1)    \
	step(3, load_mark, A, R2)
LISTING(DOWNGRADE_STORE)

/*
 * A CPU's walks see its own store of the PTE, late or not: through it the store is refused, and what the fault dropped does
 * not come back. Or the old entry is used, and then either.
 */
static void a_right_that_its_cpu_takes_away(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, DOWNGRADE_STORE) }, ONE_PAGE };

	(void)state;
	expect(RACING(&s), true,
	       "landed P0 X N nothing,landed P1 X N nothing,fault P1 O N nothing");
}

#define NX_STEPS(step)                   \
	step(1, pte_exchange, A, P0, RO) \
	step(2, fetch, A, R1)            \
	step(3, fetch, A, R2)
#define SUPERVISOR_STEPS(step)                      \
	step(1, pte_exchange, A, P0, SUPERVISOR_RX) \
	step(2, invlpg, A)                          \
	step(3, fetch, A, R1)
#define FETCH_A_STEPS(step) step(1, fetch, A)
LISTING(NX)
LISTING(SUPERVISOR)
LISTING(FETCH_A)

/* A user's right to execute, in an entry too. What #PF has refused stays refused. */
static void a_right_to_execute(void **state)
{
	const struct scenario cold = { .agents = { RUNS(C0, NX) }, .maps = { { P0, RX } } };
	const struct scenario warm = { .agents = { RUNS(C0, NX) },
				       .warm = { RUNS(C0, FETCH_A) },
				       .maps = { { P0, RX } } };
	const struct scenario flushed = { .agents = { RUNS(C0, SUPERVISOR) },
					  .warm = { RUNS(C0, FETCH_A) },
					  .maps = { { P0, RX } } };

	(void)state;
	expect(RACING(&cold), false, "yes yes,yes fault,fault fault");
	expect(QEMU(&cold), false, "fault fault");
	expect(QEMU(&warm), false, "yes yes");
	expect(RACING(&flushed), false, "fault");
	expect(LEFT_OUT(&flushed, C0, 2), false, "yes,fault");
}

#define PERMIT_STEPS(step)               \
	step(1, pte_exchange, A, P0, RX) \
	step(2, tell, C1)
#define FETCHES_STEPS(step)   \
	step(1, heed, C0)     \
	step(2, fetch, A, R1) \
	step(3, fetch, A, R2)
LISTING(PERMIT)
LISTING(FETCHES)

/* A stale entry that refuses costs one #PF, whatever it refuses; it may be there beside the new one that was used first. */
static void a_right_to_execute_that_is_new(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, PERMIT), RUNS(C1, FETCHES) } };

	(void)state;
	for (u8 rights = 0; rights <= SUPERVISOR_RX; rights++) {
		s.maps[A].rights = rights;
		if (rights == 0 || rights == RX)
			expect(RACING(&s), false, "yes yes");
		else if (!may_write(rights))
			expect(RACING(&s), false, "fault yes,yes fault,yes yes");
	}
}

#define SET_FETCH_STEPS(step)   \
	step(1, word_set, 0, 1) \
	step(2, fetch, A)       \
	step(3, word_read, 1, R1)
#define SET_FENCE_STEPS(step)   \
	step(1, word_set, 1, 1) \
	step(2, fence)          \
	step(3, word_read, 0, R2)
LISTING(SET_FETCH)
LISTING(SET_FENCE)

/* To ring 3 it goes by IRET: where the fetch is permitted too, nothing stays in the store buffer. */
static void a_fetch_is_a_fence(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, SET_FETCH), RUNS(C1, SET_FENCE) },
				    .maps = { { P0, RX } } };

	(void)state;
	expect(RACING(&s), false, "0 1,1 0,1 1");
	expect(LEFT_OUT(&s, C0, 2), false, "0 0,0 1,1 0,1 1");
}

#define CODE_OF_LOAD_STEPS(step) \
	step(1, load, A, R1)     \
	step(2, fault_code, R1, R2)
#define CODE_OF_STORE_STEPS(step) \
	step(1, store, A, X, R1)  \
	step(2, fault_code, R1, R2)
#define CODE_OF_FETCH_STEPS(step) \
	step(1, fetch, A, R1)     \
	step(2, fault_code, R1, R2)
/* Of the first, not of what went through after it. */
#define CODE_BEFORE_STEPS(step)     \
	step(1, store, A, X, R1)    \
	step(2, pte_set, A, P0, RW) \
	step(3, invlpg, A)          \
	step(4, store, A, X, R2)    \
	step(5, fault_code, R2, R3) \
	step(6, fault_code, R1, R3)
LISTING(CODE_OF_LOAD)
LISTING(CODE_OF_STORE)
LISTING(CODE_OF_FETCH)
LISTING(CODE_BEFORE)

/* SDM 3A 4.7: P is 1, W 2, U/S 4, and I/D, which is 16 there, 8. Ring 3 only fetches. */
static void error_codes(void **state)
{
#define CODE(listing, rights_)                                                                 \
	{                                                                                      \
		.agents = { RUNS(C0, listing) }, .maps = { { P0, rights_ } }, .content = { O } \
	}
	const struct {
		struct scenario s;
		const char *expected;
	} row[] = {
		{ CODE(CODE_OF_LOAD, 0), "fault 0" },
		{ CODE(CODE_OF_LOAD, RO), "O" },
		{ CODE(CODE_OF_STORE, 0), "fault 2" },
		{ CODE(CODE_OF_STORE, RO), "fault 3" },
		{ CODE(CODE_OF_FETCH, 0), "fault 12" },
		{ CODE(CODE_OF_FETCH, RO), "fault 13" },
		{ CODE(CODE_OF_FETCH, SUPERVISOR_RX), "fault 13" },
		{ CODE(CODE_BEFORE, RO), "fault landed 3" },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++)
		expect(RACING(&row[i].s), false, row[i].expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_that_forbids),
		cmocka_unit_test(rights_of_a_cpu),
		cmocka_unit_test(a_refused_store),
		cmocka_unit_test(an_entry_that_is_replaced),
		cmocka_unit_test(a_right_that_its_cpu_takes_away),
		cmocka_unit_test(a_right_to_execute),
		cmocka_unit_test(a_right_to_execute_that_is_new),
		cmocka_unit_test(a_fetch_is_a_fence),
		cmocka_unit_test(error_codes),
	};

	return cmocka_run_group_tests_name("model rights", tests, golden_set_up, golden_tear_down);
}
