/* Mutants of small scenarios: which there are, what becomes of them, and what is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scenario.h"
#include "tests/standard.h"
#include "tests/variant.h"

OBSERVE(READ, WROTE, ENTRY, GOT)

#define CLEAR_FLUSH_STEPS(step) \
	step(1, pte_clear, A)   \
	step(2, cpu_flush, A)   \
	step(3, reuse, P0)      \
	step(4, tell, C1)
#define THREAD_STEPS(step) \
	step(1, load, A)   \
	step(2, heed, C0)  \
	step(3, store, A, Y, WROTE)
#define LOOKER_STEPS(step)     \
	step(1, load, A, READ) \
	step(2, heed, C0)      \
	step(3, store, A, Y, WROTE)
#define WARM_STEPS(step) step(1, load, A)
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
LISTING(CLEAR_FLUSH)
LISTING(THREAD)
LISTING(WARM)
LISTING(LOOKER)
LISTING(SURE)
LISTING(STORE)
LISTING(EACH_OTHER)
LISTING(OTHER)
LISTING(CAREFUL)

CLAIM(written, saw(WROTE) == LANDED)
CLAIM(found, saw(READ) == O)
CLAIM(never, saw(READ) == X)
CLAIM(tells_first, after(C0, 1, C1, 1))

/* Right as it is; each test changes one thing. */
static struct scenario safe(void)
{
	return (struct scenario){
		.id = "D99",
		.name = "safe",
		.agents = { RUNS(C0, CLEAR_FLUSH), RUNS(C1, THREAD) },
		.warm = { RUNS(C1, WARM) },
		.maps = { { P0, RW } },
		.content = { O },
		.forbid = { FORBID(written) },
		.control = { WITHOUT(C0, 1, written) },
	};
}

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
#define DROP(a, n)     ((struct change){ a, n, 0 })
#define SWAP_(a, n, m) ((struct change){ a, n, m })

static void expect(const struct scenario *s, const char *const *texts)
{
	struct mutant m;
	unsigned i = 0;
	char text[120];

	for (; mutants_get(s, i, &m); i++) {
		assert_non_null(texts[i]);
		assert_string_equal(variant_text(text, sizeof text, s, m.change), texts[i]);
	}
	assert_null(texts[i]);
}

static void those_that_follow_from_the_steps(void **state)
{
	struct scenario s = safe();
	static const char *const texts[] = {
		"without C0.1 pte_clear A",
		"swapped C0.1 pte_clear A and C0.2 cpu_flush A",
		"without C0.2 cpu_flush A",
		"swapped C0.2 cpu_flush A and C0.3 reuse P0",
		"swapped C1.1 load A and C1.2 heed C0",
		"without C1.2 heed C0",
		"swapped C1.2 heed C0 and C1.3 store A, Y, WROTE",
		NULL,
	};

	(void)state;
	expect(&s, texts);
}

/* A swap of neighbours is named once, whichever way a control says it. */
static void those_that_controls_name(void **state)
{
	struct scenario s = safe();
	struct mutant m;

	(void)state;
	s.agents[C1].count = 0;
	s.control[1] = (struct control)SWAPPED(C0, 2, 1, written);
	s.control[2] = (struct control)SWAPPED(C0, 3, 4, written);
	s.control[3] = (struct control)SWAPPED(C0, 1, 4, written);
	static const char *const texts[] = {
		"without C0.1 pte_clear A",
		"swapped C0.1 pte_clear A and C0.2 cpu_flush A",
		"without C0.2 cpu_flush A",
		"swapped C0.2 cpu_flush A and C0.3 reuse P0",
		"swapped C0.3 reuse P0 and C0.4 tell C1",
		"swapped C0.1 pte_clear A and C0.4 tell C1",
		NULL,
	};
	expect(&s, texts);
	assert_true(mutants_get(&s, 0, &m) && m.control);
	assert_true(mutants_get(&s, 1, &m) && m.control);
	assert_true(mutants_get(&s, 3, &m) && !m.control);
	assert_true(mutants_get(&s, 5, &m) && m.control);
}

static void reasons(void **state)
{
	struct scenario s = safe();
	struct mutant m;

	(void)state;
	s.spare[0].change = SWAP_(C0, 2, 1);
	s.spare[0].why = "because";
	assert_null(mutants_stray(&s));
	assert_true(mutants_get(&s, 1, &m));
	assert_string_equal(m.why, "because");
	assert_true(mutants_get(&s, 0, &m));
	assert_null(m.why);
	/* reuse protects nothing, so that it is not left out. */
	s.spare[1].change = DROP(C0, 3);
	s.spare[1].why = "it does not matter";
	assert_ptr_equal(mutants_stray(&s), &s.spare[1].change);
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

static void what_needs_a_reason(void **state)
{
	struct mutant drop = { .change = DROP(C0, 1) }, swap = { .change = SWAP_(C0, 1, 2) };
	struct mutant argued = { .change = DROP(C0, 1), .why = "because" };
	struct mutant named = { .change = SWAP_(C0, 1, 2), .control = true };

	(void)state;
	assert_true(mutants_answered(&drop, KILLED));
	assert_true(mutants_answered(&drop, GONE));
	assert_false(mutants_answered(&drop, SURVIVED));
	assert_false(mutants_answered(&drop, NO_DIFFERENCE));
	assert_false(mutants_answered(&drop, UNDECIDED));
	assert_true(mutants_answered(&swap, KILLED));
	assert_false(mutants_answered(&swap, SURVIVED));
	assert_true(mutants_answered(&swap, NO_DIFFERENCE));
	assert_false(mutants_answered(&named, NO_DIFFERENCE));
	assert_false(mutants_answered(&argued, KILLED));
	assert_false(mutants_answered(&argued, GONE));
	assert_true(mutants_answered(&argued, SURVIVED));
	assert_true(mutants_answered(&argued, NO_DIFFERENCE));
	assert_false(mutants_answered(&argued, UNDECIDED));
}

static void words(void **state)
{
	struct scenario s = safe();
	struct mutant m;
	char text[200];

	(void)state;
	assert_true(mutants_get(&s, 0, &m));
	mutants_text(text, sizeof text, &s, &m, KILLED, "forbidden written");
	assert_string_equal(text, "D99.safe without C0.1 pte_clear A: killed by forbidden written");
	mutants_text(text, sizeof text, &s, &m, SURVIVED, "");
	assert_string_equal(text,
			    "D99.safe without C0.1 pte_clear A: survived, and nobody says why");
	m.why = "it rains";
	mutants_text(text, sizeof text, &s, &m, NO_DIFFERENCE, "");
	assert_string_equal(text, "D99.safe without C0.1 pte_clear A: survived, and makes no "
				  "difference, argued: it rains");
	mutants_text(text, sizeof text, &s, &m, KILLED, "forbidden written");
	assert_string_equal(text, "D99.safe without C0.1 pte_clear A: killed by forbidden written, "
				  "though argued: it rains");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_that_follow_from_the_steps),
		cmocka_unit_test(those_that_controls_name),
		cmocka_unit_test(reasons),
		cmocka_unit_test(killed_by_a_claim),
		cmocka_unit_test(killed_by_the_model_alone),
		cmocka_unit_test(gone_is_the_hazard),
		cmocka_unit_test(killed_by_a_deadlock),
		cmocka_unit_test(killed_because_it_cannot_be_executed),
		cmocka_unit_test(survivors),
		cmocka_unit_test(unseen),
		cmocka_unit_test(declared_orders),
		cmocka_unit_test(positions),
		cmocka_unit_test(what_needs_a_reason),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
