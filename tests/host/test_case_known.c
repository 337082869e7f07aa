/* From executions to evidence: deviations that are listed of this platform. */
#include "tests/host/played_scenario.h"

/* Known: what is listed of this platform for this mode. In the first two claims of `broken` it is what right() shows. */
static const struct deviation sees_n = { .what = "it sees N" };
CLAIM(one_is_new, saw(ONE) == N)
CLAIM(one_is_lost, saw(ONE) == X)

static void known_deviations(void **state)
{
	struct scenario broken = safe;

	(void)state;
	play = right;
	broken.forbid[0] = FORBID(one_is_new);
	expect(&broken, FAIL);
	listed = &sees_n;
	listed_symbol = N;
	expect(&broken, KNOWN);
	assert_string_equal(e.deviation, "it sees N");
	assert_int_equal(e.deviating, e.runs);
	/* Nothing else is known. */
	listed_symbol = O;
	expect(&broken, FAIL);
	listed_symbol = N;
	/* Only in its mode. */
	listed_modes = DEVIATES_STEPPED;
	expect(&broken, FAIL);
	assert_true(e.forbidden == 1 && e.deviating);
	how.mode = MODE_STEP;
	expect(&broken, KNOWN);
	listed_modes = DEVIATES_RACING;
	expect(&broken, FAIL);
	how.mode = MODE_RACE;
	expect(&broken, KNOWN);
	/* The model's word is broken like a claim. */
	listed_modes = DEVIATES_STEPPED | DEVIATES_RACING;
	allows = all_but_one;
	impossible = N;
	strict_mode = MODEL_RACING;
	reaches = true;
	expect(&safe, KNOWN);
	/* And what it makes of a control is no news, if it can make that of it; of this it was not known. */
	assert_int_equal(e.deviating, how.rounds);
	reaches = false;
	expect(&safe, KNOWN);
	assert_true(e.deviating > how.rounds);
}

/* Whatever else is seen beside it is as bad as ever. */
static void a_deviation_excuses_no_other(void **state)
{
	struct scenario broken = safe;

	(void)state;
	listed = &sees_n;
	listed_symbol = N;
	broken.forbid[0] = FORBID(one_is_new);
	broken.forbid[1] = FORBID(one_is_old);
	play = right;
	expect(&broken, KNOWN);
	play = shows_and_breaks;
	expect(&broken, FAIL);
	play = blind;
	expect(&broken, WEAK);
	/* The same outcome, but not from the machine as it is: a control may show it, and need not. */
	play = right;
	trouble = TROUBLE_CLOSE;
	expect(&broken, ERROR);
}

/* What is listed is looked for longer than what nobody knows, until it is seen. */
static int seen_late(const struct scenario *s, const char *order, struct outcome *seen)
{
	right(s, order, seen);
	if (!order && at.raced == RACE_MS + 100)
		seen->saw[ONE] = X;
	return ORDER_RAN;
}

static void a_deviation_is_looked_for(void **state)
{
	struct scenario broken = safe;

	(void)state;
	how.rounds = 0;
	play = seen_late;
	broken.forbid[0] = FORBID(one_is_lost);
	broken.control[0].shows = NULL;
	expect(&broken, PASS);
	assert_int_equal(at.raced, RACE_MS);
	listed = &sees_n;
	listed_symbol = X;
	listed_modes = DEVIATES_RACING;
	expect(&broken, KNOWN);
	assert_int_equal(at.raced, RACE_MS + 100);
	play = right;
	expect(&broken, PASS);
	assert_int_equal(at.raced, RACE_MS + KNOWN_MS);
	assert_non_null(e.deviation);
	/* One of orders is not of races. */
	listed_modes = DEVIATES_STEPPED;
	expect(&broken, PASS);
	assert_int_equal(at.raced, RACE_MS);
	/* Who says how many means it. */
	listed_modes = DEVIATES_RACING;
	how.rounds = 7;
	expect(&broken, PASS);
	assert_int_equal(at.raced, 7);
}

/* One that is listed and not seen: the list is out of date. */
static void a_deviation_that_is_gone(void **state)
{

	(void)state;
	listed = &sees_n;
	listed_symbol = N;
	play = right;
	expect(&safe, PASS);
	assert_string_equal(e.deviation, "it sees N");
	for (listed_modes = DEVIATES_STEPPED; listed_modes <= DEVIATES_RACING; listed_modes++)
		for (how.mode = MODE_BOTH; how.mode <= MODE_RACE; how.mode++) {
			bool looked = how.mode == MODE_BOTH ||
				      (how.mode == MODE_STEP) == (listed_modes == DEVIATES_STEPPED);

			expect(&safe, PASS);
			assert_int_equal(e.deviation != NULL, looked);
		}
	/* Nobody looked. */
	listed_modes = DEVIATES_STEPPED | DEVIATES_RACING;
	how.replay = true;
	how.mode = MODE_BOTH;
	how.order = "0000eee";
	expect(&safe, PASS);
	assert_null(e.deviation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(known_deviations, set_up),
		cmocka_unit_test_setup(a_deviation_excuses_no_other, set_up),
		cmocka_unit_test_setup(a_deviation_is_looked_for, set_up),
		cmocka_unit_test_setup(a_deviation_that_is_gone, set_up),
	};

	return cmocka_run_group_tests_name("case known", tests, NULL, NULL);
}
