/* Which hand-overs change a verdict, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/hand_over.h"
#include "tests/host/recorder.h"

static const struct evidence pass = { .runs = 1 }, fail = { .runs = 1, .forbidden = 1 },
			     leak = { .runs = 1, .leaks = 3 }, skip = { .missing = "a thing" };

/* The kernel is entered, and these tests are run. */
static void entered(struct hand_over *h, unsigned n, const struct evidence *const *tests)
{
	static const char *const names[] = { "A01.x", "A02.x", "A03.x" };

	hand_over_begin(h, 2);
	for (unsigned i = 0; i < n; i++)
		hand_over_case(h, names[i], tests[i]);
	hand_over_end(h);
}

static void result_is(const struct hand_over *h, enum verdict v, const char *text)
{
	struct ktap k = recorder();

	assert_false(hand_over_due(h));
	assert_int_equal(hand_over_report(&k, h), v);
	assert_string_equal(said, text);
}

static const struct evidence *const good[] = { &pass, &skip, &pass };

static void the_same_each_time(void **state)
{
	struct hand_over h = { 0 };
	struct ktap k = recorder();
	char first[80], line[80];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned t = 0; t < 3; t++)
			verdict_report(&k, t == 1 ? "A02.x" : t ? "A03.x" : "A01.x", good[t]);
		entered(&h, 3, good);
		hand_over_line(line, sizeof line, &h);
		if (!i)
			strcpy(first, line);
		assert_string_equal(strstr(line, "digest="), strstr(first, "digest="));
		if (!i)
			assert_true(h.round.digest == k.digest); /* as the log's own */
		assert_int_equal(hand_over_due(&h), i < 2);
		h.done += i < 2;
	}
	assert_memory_equal(line, "hand-over 2/2: digest=", 22);
	result_is(&h, PASS, "ok 1 handover # hand-overs=2 tests=6\n");
}

static void another_verdict(void **state)
{
	static const struct evidence *const bad[] = { &pass, &skip, &leak }, *const other[] = {
		&skip, &pass, &pass
	};
	struct hand_over h = { 0 };

	(void)state;
	entered(&h, 3, good);
	h.done++;
	entered(&h, 3, bad);
	result_is(
		&h, ERROR,
		"not ok 1 handover # ERROR hand-over 1 of 2: A03.x was PASS before the first, and now: "
		"not ok 3 A03.x # ERROR leaks=3\n");
	/* The first that differs is named, be it better or worse. */
	h = (struct hand_over){ 0 };
	entered(&h, 3, good);
	h.done = 2;
	entered(&h, 3, other);
	result_is(
		&h, ERROR,
		"not ok 1 handover # ERROR hand-over 2 of 2: A01.x was PASS before the first, and now: "
		"ok 1 A01.x # SKIP needs a thing\n");
}

static void another_number_of_tests(void **state)
{
	struct hand_over h = { 0 };

	(void)state;
	entered(&h, 3, good);
	h.done++;
	entered(&h, 2, good);
	result_is(&h, ERROR, "not ok 1 handover # ERROR hand-over 1 of 2: 2 tests in place of 3\n");
}

static void not_begun(void **state)
{
	static const struct evidence *const bad[] = { &fail, &pass };
	struct hand_over h = { 0 };

	(void)state;
	entered(&h, 2, bad);
	result_is(&h, ERROR, "not ok 1 handover # ERROR not begun: not ok 1 A01.x\n");
	h = (struct hand_over){ 0 };
	hand_over_begin(&h, 1);
	for (unsigned i = 0; i <= HAND_OVER_CASES; i++)
		hand_over_case(&h, "A01.x", &pass);
	hand_over_end(&h);
	result_is(&h, ERROR, "not ok 1 handover # ERROR not begun: more than 2048 tests\n");
}

/* None at first; then never where it was, and aligned as frames are. */
static void elsewhere(void **state)
{
	struct hand_over h = { 0 };

	(void)state;
	assert_int_equal(hand_over_unused(&h), 0);
	for (u64 last = 0; h.done++ < 100; last = hand_over_unused(&h)) {
		assert_true(hand_over_unused(&h) != last);
		assert_int_equal(hand_over_unused(&h) % 4096, 0);
		assert_true(hand_over_unused(&h) < 32 << 20);
	}
}

static void not_asked_for(void **state)
{
	struct hand_over h = { 0 };

	(void)state;
	hand_over_begin(&h, 0);
	hand_over_case(&h, "A01.x", &fail);
	hand_over_end(&h);
	assert_false(hand_over_due(&h));
	assert_string_equal(h.wrong, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_each_time),
		cmocka_unit_test(another_verdict),
		cmocka_unit_test(another_number_of_tests),
		cmocka_unit_test(not_begun),
		cmocka_unit_test(elsewhere),
		cmocka_unit_test(not_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
