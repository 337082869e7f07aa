/* Mutants of small scenarios: which there are, and what is said of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/safe_scenario.h"
#include "tests/standard.h"
#include "tests/variant.h"

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
		cmocka_unit_test(what_needs_a_reason),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
