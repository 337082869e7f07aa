/* When a soak ends, and what it says of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/recorder.h"
#include "tests/soak.h"

static const struct evidence pass = { .runs = 1, .orders = 20, .rounds = 300 },
			     fail = { .runs = 1, .forbidden = 1 }, error = { .error = "late" },
			     known = { .runs = 1, .deviating = 1, .deviation = "x" },
			     weak = { .runs = 1, .control_absent = true },
			     excused = { .runs = 1, .control_absent = true, .no_power = "x" },
			     skip = { .missing = "a thing" };
static const struct options ten = { .soak_minutes = 10 };

static void said_is(const struct soak *s, enum verdict v, const char *text)
{
	struct ktap k = recorder();

	assert_int_equal(soak_report(&k, s), v);
	assert_string_equal(said, text);
}

static void ends_by_time(void **state)
{
	struct soak s = soak_begin(&ten, 7, PASS, "");
	unsigned lines = 0, cases = 0;
	char text[200];

	(void)state;
	/* 25 s a case, three cases a pass */
	for (; soak_goes_on(&s); soak_pass(&s))
		for (unsigned i = 0; i < 3 && soak_goes_on(&s); i++)
			lines += soak_case(&s, "A01", &pass, ++cases * 25000);
	assert_int_equal(lines, 10);
	assert_int_equal(cases, 24);
	assert_string_equal(soak_line(text, sizeof text, &s),
			    "soak minute=10/10 passes=8 failures=0 weak=0 known=0 tests=24 "
			    "orders=480 rounds=7200 seed=16");
	said_is(&s, PASS, "ok 1 soak # passes=8 tests=24 orders=480 rounds=7200 seeds up to 16\n");
}

static void ends_with_the_first_that_is_bad(void **state)
{
	struct options o = { .soak_minutes = 10, .rounds = 50, .mode = MODE_RACE, .strict = true };
	struct soak s = soak_begin(&o, 7, PASS, "");
	char text[200];

	(void)state;
	soak_case(&s, "A01", &pass, 10);
	soak_pass(&s);
	soak_case(&s, "A01", &known, 20);
	soak_case(&s, "A02", &weak, 30);
	assert_true(soak_goes_on(&s));
	soak_case(&s, "A03.x", &fail, 40);
	assert_false(soak_goes_on(&s));
	assert_string_equal(soak_line(text, sizeof text, &s),
			    "soak minute=0/10 passes=1 failures=1 weak=1 known=1 tests=4 orders=20 "
			    "rounds=300 seed=9");
	assert_string_equal(soak_again(text, sizeof text, &s, &o),
			    "again: make run ARGS=\"T=A03.x SEED=9 MODE=race ROUNDS=50 STRICT\"");
	said_is(&s, FAIL, "not ok 1 soak # ended by A03.x, FAIL, pass=3 seed=9\n");

	s = soak_begin(&ten, 1, PASS, "");
	soak_case(&s, "A04", &error, 1);
	assert_false(soak_goes_on(&s));
	assert_string_equal(soak_again(text, sizeof text, &s, &ten),
			    "again: make run ARGS=\"T=A04 SEED=2\"");
	said_is(&s, ERROR, "not ok 1 soak # ERROR ended by A04, ERROR: late, pass=2 seed=2\n");
}

static void after_a_bad_pass_there_is_none(void **state)
{
	struct soak s = soak_begin(&ten, 7, FAIL, "A01.read");

	(void)state;
	assert_false(soak_goes_on(&s));
	said_is(&s, ERROR,
		"not ok 1 soak # ERROR not begun: the first pass was not good, FAIL A01.read\n");
}

static void weak_or_nothing(void **state)
{
	struct soak s = soak_begin(&ten, 1, PASS, "");

	(void)state;
	soak_case(&s, "A01", &skip, 600000);
	assert_false(soak_goes_on(&s));
	said_is(&s, SKIP, "ok 1 soak # SKIP needs a test that runs here\n");

	/* What is excused is no news, what is not is none that ends it. */
	s = soak_begin(&ten, 1, PASS, "");
	soak_case(&s, "A01", &excused, 600000);
	said_is(&s, PASS, "ok 1 soak # passes=0 tests=1 orders=0 rounds=0 seeds up to 2\n");
	s = soak_begin(&ten, 1, PASS, "");
	soak_case(&s, "A01", &weak, 100);
	assert_true(soak_goes_on(&s));
	soak_case(&s, "A01", &pass, 600000);
	said_is(&s, WEAK, "not ok 1 soak # WEAK 1 times a test did not show what it must\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_by_time),
		cmocka_unit_test(ends_with_the_first_that_is_bad),
		cmocka_unit_test(after_a_bad_pass_there_is_none),
		cmocka_unit_test(weak_or_nothing),
	};

	return cmocka_run_group_tests_name("soak", tests, NULL, NULL);
}
