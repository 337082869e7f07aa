/* From executions to evidence: a hazard must be shown, and who is excused if it is not. */
#include "tests/host/played_scenario.h"

static void a_hazard_must_be_shown(void **state)
{
	struct scenario s = unsafe;

	(void)state;
	play = shows_late;
	shows_stepped = true;
	shows_racing = false;
	late = TRIES - 1;
	expect(&unsafe, PASS);
	assert_int_equal(e.hazard_absent, false);
	late = TRIES;
	expect(&unsafe, WEAK);
	assert_true(e.hazard_absent);
	shows_racing = true;
	expect(&unsafe, PASS);
	/* Rounds go on: they are there to find what is forbidden too. */
	assert_int_equal(at.raced, how.rounds);
	how.rounds = 4;
	expect(&unsafe, WEAK);
	late = 0;
	how.order = "0000eee";
	expect(&unsafe, PASS);
	assert_int_equal(at.stepped, 1);
	how.order = "000e0ee";
	expect(&unsafe, WEAK);
	/* What C01 never saw need not be tried again. */
	machine.facts[FACT_IOTLB_KEEPS] = false;
	expect(&unsafe, WEAK);
	assert_int_equal(at.stepped, 1);
	s.shown_by = CACHE_TLB;
	expect(&s, WEAK);
	assert_int_equal(at.stepped, TRIES);
	machine.facts[FACT_TLB_KEEPS] = false;
	expect(&s, WEAK);
	assert_int_equal(at.stepped, 1);
}

static void a_shown_hazard_excuses_nothing(void **state)
{
	(void)state;
	play = shows_and_breaks;
	for (how.mode = MODE_BOTH; how.mode <= MODE_RACE; how.mode++)
		expect(&unsafe, FAIL);
}

/* Who may forget: no emulation its IOTLB, TCG not its TLB, a real machine either. */
static void excuses(void **state)
{
	static const struct {
		bool qemu, tcg, tlb, iotlb; /* excused */
	} row[] = { { true, true, false, false },
		    { true, false, true, false },
		    { false, false, true, true } };

	(void)state;
	blind_stepped = blind_racing = true;
	shows_stepped = shows_racing = false;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		qemu = row[i].qemu;
		tcg = row[i].tcg;
		play = blind_to_one;
		for (blind_step = 2; blind_step <= 3; blind_step++) {
			expect(&safe, WEAK);
			assert_int_equal(e.no_power != NULL,
					 blind_step == 2 ? row[i].tlb : row[i].iotlb);
		}
		play = shows_late;
		expect(&unsafe, WEAK);
		assert_int_equal(e.no_power != NULL, row[i].iotlb);
	}
}

/* What the profile that fits this platform never does is no fault of the test. */
static void what_is_known_of_the_platform(void **state)
{
	(void)state;
	play = blind_to_one;
	blind_stepped = blind_racing = true;
	blind_step = 3;
	expects = false;
	expect(&safe, WEAK);
	assert_non_null(e.no_power);
	/* It does not fit: then nothing is known. */
	machine.facts[FACT_IOTLB_DROPS] = true;
	expect(&safe, WEAK);
	assert_null(e.no_power);
}

static void an_excuse_is_not_for_another(void **state)
{
	struct scenario other = safe;

	(void)state;
	play = blind;
	tcg = false;
	expect(&safe, WEAK);
	assert_null(e.no_power);
	other.control[0] = safe.control[1];
	other.control[1] = safe.control[0];
	expect(&other, WEAK);
	assert_null(e.no_power);
}

/* A walk that was on its way shows what nothing here remembers, once in many runs: no verdict rests on it, in either direction. */
static void a_race_that_only_chance_decides(void **state)
{
	struct scenario s = unsafe;

	(void)state;
	play = shows_late;
	late = 0;
	shows_stepped = false;
	shows_racing = true;
	s.shown_by = CACHE_UPPER;
	expect(&s, WEAK);
	assert_true(e.hazard_absent);
	assert_non_null(e.no_power);
	machine.facts[FACT_UPPER_KEPT] = true;
	expect(&s, PASS);
	machine.facts[FACT_UPPER_KEPT] = false;
	how.mode = MODE_RACE;
	expect(&s, PASS);
	how.mode = MODE_BOTH;
	shows_stepped = true;
	expect(&s, PASS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_hazard_must_be_shown, set_up),
		cmocka_unit_test_setup(a_shown_hazard_excuses_nothing, set_up),
		cmocka_unit_test_setup(excuses, set_up),
		cmocka_unit_test_setup(what_is_known_of_the_platform, set_up),
		cmocka_unit_test_setup(an_excuse_is_not_for_another, set_up),
		cmocka_unit_test_setup(a_race_that_only_chance_decides, set_up),
	};

	return cmocka_run_group_tests_name("case hazard", tests, NULL, NULL);
}
