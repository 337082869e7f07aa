/* Mutants of small scenarios: what becomes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/safe_scenario.h"
#include "tests/standard.h"
#include "tests/variant.h"

#define LOOKER_STEPS(step)     \
	step(1, load, A, READ) \
	step(2, heed, C0)      \
	step(3, store, A, Y, WROTE)
#define SURE_STEPS(step)            \
	step(1, pte_set, A, P1, RW) \
	step(2, word_set, 0, 1)
#define STORE_STEPS(step)        \
	step(1, word_wait, 0, 1) \
	step(2, store, A, N)
#define EACH_OTHER_STEPS(step) \
	step(1, tell, C1)      \
	step(2, heed, C1)
#define OTHER_STEPS(step) \
	step(1, tell, C0) \
	step(2, heed, C0)
#define CAREFUL_STEPS(step)         \
	step(1, pte_read, A, ENTRY) \
	step(2, try_get, ENTRY, GOT)
LISTING(LOOKER)
LISTING(SURE)
LISTING(STORE)
LISTING(EACH_OTHER)
LISTING(OTHER)
LISTING(CAREFUL)

CLAIM(found, saw(READ) == O)
CLAIM(never, saw(READ) == X)
CLAIM(tells_first, after(C0, 1, C1, 1))

static struct scenario meet(void)
{
	return (struct scenario){
		.id = "D98",
		.name = "meet",
		.agents = { RUNS(C0, EACH_OTHER), RUNS(C1, OTHER) },
		.forbid = { FORBID(never) },
	};
}

static struct standard standard;
static char by[200];

static enum fate fate(const struct scenario *s, struct change change)
{
	struct mutant m;
	unsigned i = 0;

	standard_learn(&standard, s);
	assert_null(standard.wrong);
	while (mutants_get(s, i, &m) && memcmp(&m.change, &change, sizeof change))
		i++;
	assert_memory_equal(&m.change, &change, sizeof change);
	return standard_model(&standard, &m, by, sizeof by);
}

static void killed_by_a_claim(void **state)
{
	struct scenario s = safe();

	(void)state;
	assert_int_equal(fate(&s, DROP(C0, 2)), KILLED);
	assert_string_equal(by, "forbidden written");
}

static void killed_by_the_model_alone(void **state)
{
	struct scenario s = safe();

	(void)state;
	s.forbid[0] = FORBID(never);
	assert_int_equal(fate(&s, DROP(C0, 2)), KILLED);
	assert_string_equal(by, "what is none of 1 outcomes, WROTE=landed P0:Y");
}

static void gone_is_the_hazard(void **state)
{
	const struct agent agents[AGENTS] = { RUNS(C1, LOOKER) };
	struct scenario s = safe();

	(void)state;
	s.agents[C1] = agents[C1];
	s.shows = SHOWS(found);
	assert_int_equal(fate(&s, SWAP_(C1, 1, 2)), GONE);
	assert_string_equal(by, "found");
	s.shows = NULL;
	s.fact.claim = SHOWS(found);
	s.fact.which = FACT_TLB_KEEPS;
	assert_int_equal(fate(&s, SWAP_(C1, 1, 2)), GONE);
	/* Not to see it is an answer too. */
	s.fact.either = EITHER;
	assert_int_equal(fate(&s, SWAP_(C1, 1, 2)), SURVIVED);
}

/* What waits for each other may be what is to be shown. */
static void killed_by_a_deadlock(void **state)
{
	struct scenario s = meet();

	(void)state;
	assert_int_equal(fate(&s, DROP(C0, 2)), NO_DIFFERENCE);
	assert_int_equal(fate(&s, SWAP_(C0, 1, 2)), NO_DIFFERENCE);
	s.control[0] = (struct control)SWAPPED(C0, 1, 2, deadlock);
	struct variant v;
	assert_true(variant_make(&v, &s, SWAP_(C0, 1, 2)));
	struct scenario one_late = v.scenario;
	one_late.control[0].change = DROP(C1, 2);
	assert_int_equal(fate(&one_late, SWAP_(C1, 1, 2)), KILLED);
	assert_string_equal(by, "agents that wait for each other");
}

static void killed_because_it_cannot_be_executed(void **state)
{
	struct scenario s = {
		.id = "D97",
		.name = "sure",
		.agents = { RUNS(C0, SURE), RUNS(C1, STORE) },
		.forbid = { FORBID(never) },
	};

	(void)state;
	assert_int_equal(fate(&s, DROP(C1, 1)), KILLED);
	assert_string_equal(by, "a store that must go through can take #PF");
}

/* A load that comes later may see less; one that nobody sees may as well come later. */
static void survivors(void **state)
{
	struct scenario s = safe();

	(void)state;
	assert_int_equal(fate(&s, SWAP_(C1, 1, 2)), NO_DIFFERENCE);
	const struct agent agents[AGENTS] = { RUNS(C1, LOOKER) };
	s.agents[C1] = agents[C1];
	assert_int_equal(fate(&s, SWAP_(C1, 1, 2)), SURVIVED);
}

/* That a check which is left out says nothing is no sign of anything. */
static void unseen(void **state)
{
	struct scenario s = {
		.id = "A97",
		.name = "careful",
		.agents = { RUNS(C0, CAREFUL) },
		.maps = { { P0, RW } },
		.refs = { 1 },
	};

	(void)state;
	assert_int_equal(fate(&s, DROP(C0, 2)), NO_DIFFERENCE);
}

/* In the order that is declared, and in no other. */
static void declared_orders(void **state)
{
	struct scenario s = safe();

	(void)state;
	assert_int_equal(fate(&s, DROP(C1, 2)), KILLED);
	s.orders[0].order = "0000 111";
	assert_int_equal(fate(&s, DROP(C1, 2)), NO_DIFFERENCE);
	assert_int_equal(fate(&s, SWAP_(C1, 1, 2)), NO_DIFFERENCE);
	/* The first of C1's steps is the heed then. */
	s.orders[1].order = "1 0000 11";
	assert_int_equal(fate(&s, DROP(C1, 2)), NO_DIFFERENCE);
	assert_int_equal(fate(&s, SWAP_(C1, 1, 2)), KILLED);
	assert_string_equal(by, "an order that does not come to its end");
}

/* Claims that ask for positions are asked in each order. */
static void positions(void **state)
{
	struct scenario s = meet();
	struct variant v;

	(void)state;
	assert_true(variant_make(&v, &s, SWAP_(C1, 1, 2)));
	assert_int_equal(fate(&v.scenario, SWAP_(C1, 2, 1)), NO_DIFFERENCE);
	v.scenario.forbid[0] = FORBID(tells_first);
	assert_int_equal(fate(&v.scenario, SWAP_(C1, 2, 1)), KILLED);
	assert_string_equal(by, "forbidden tells_first");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_by_a_claim),
		cmocka_unit_test(killed_by_the_model_alone),
		cmocka_unit_test(gone_is_the_hazard),
		cmocka_unit_test(killed_by_a_deadlock),
		cmocka_unit_test(killed_because_it_cannot_be_executed),
		cmocka_unit_test(survivors),
		cmocka_unit_test(unseen),
		cmocka_unit_test(declared_orders),
		cmocka_unit_test(positions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
