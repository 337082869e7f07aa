#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/recorder.h"
#include "tests/verdict.h"

/* What evidence is made of, one bit each, in the order of the table's columns. */
enum { FORBIDDEN, DEVIATING, LISTED, TROUBLE, RAN, MISSING, ABSENT, NO_POWER, STRICT, COLUMNS };

/*
 * F: forbidden or impossible outcome seen	R: it ran
 * D: outcome seen as in the deviation		M: a need is missing
 * L: a deviation is listed			A: control or hazard did not show
 * T: timeout, leak or other trouble		N: no power to show it here
 * S: strict
 */
static const struct {
	const char *columns; /* 1 yes, 0 no, - either */
	enum verdict verdict;
} table[] = {
	/* FDLTRMANS */
	{ "1--------", FAIL },  /* always */
	{ "010------", FAIL },  /* what nobody listed is no deviation */
	{ "011-----1", FAIL },  /* as listed, and nobody wants to hear it */
	{ "00-1-----", ERROR }, /* trouble */
	{ "0111----0", ERROR }, /* trouble, and a deviation does not excuse it */
	{ "00-000---", ERROR }, /* nothing ran and nobody says why */
	{ "011000--0", ERROR }, /* the same, whatever is listed */
	{ "00-01-10-", WEAK },  /* bad: it had to show here */
	{ "00-00110-", WEAK },  /* bad, before a missing need */
	{ "00-01-111", WEAK },  /* bad: it cannot show here, which is no excuse */
	{ "00-001111", WEAK },  /* bad, before a missing need */
	{ "01101-100", WEAK },  /* bad, before a deviation */
	{ "011001100", WEAK },  /* bad, before both */
	{ "01101-0-0", KNOWN }, /* as listed */
	{ "0110010-0", KNOWN }, /* as listed, though a need is missing */
	{ "01101-110", KNOWN }, /* as listed, and could not show */
	{ "011001110", KNOWN }, /* all of it */
	{ "00-0-10--", SKIP },  /* a need is missing */
	{ "00-0-1110", SKIP },  /* a need is missing, and it could not show */
	{ "00-010110", WEAK },  /* good: it cannot show here */
	{ "00-0100--", PASS },  /* nothing to say */
};

static bool matches(const char *columns, unsigned combination)
{
	for (unsigned i = 0; i < COLUMNS; i++) {
		if (columns[i] != '-' && columns[i] - '0' != (int)(combination >> i & 1))
			return false;
	}
	return true;
}

static bool has(unsigned combination, unsigned column) { return combination >> column & 1; }

/* Twelve ways to say most columns. */
enum { WAYS = 12 };
static struct evidence evidence(unsigned c, unsigned way)
{
	return (struct evidence){
		.runs = has(c, RAN) ? 210 : 0,
		.forbidden = has(c, FORBIDDEN) && way % 2 == 0,
		.outside_model = has(c, FORBIDDEN) && way % 2 == 1,
		.deviating = has(c, DEVIATING) ? 3 : 0,
		.deviation = has(c, LISTED) ? "QEMU #1: kept" : NULL,
		.leaks = has(c, TROUBLE) && way % 3 != 2 ? 2 : 0,
		.error = has(c, TROUBLE) && way % 3 == 2 ? "no answer" : NULL,
		.missing = has(c, MISSING) ? "first-stage translation" : NULL,
		.control_absent = has(c, ABSENT) && way % 4 < 2,
		.hazard_absent = has(c, ABSENT) && way % 4 >= 2,
		.no_power = has(c, NO_POWER) ? "one CPU" : NULL,
		.strict = has(c, STRICT),
	};
}

static void truth_table(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 1u << COLUMNS; c++) {
		unsigned rows = 0;

		for (unsigned r = 0; r < sizeof table / sizeof *table; r++) {
			if (!matches(table[r].columns, c))
				continue;
			rows++;
			for (unsigned way = 0; way < WAYS; way++) {
				struct evidence e = evidence(c, way);

				assert_string_equal(verdict_name(verdict(&e)),
						    verdict_name(table[r].verdict));
			}
		}
		/* The table is complete and says nothing twice. */
		assert_int_equal(rows, 1);
	}
}

static bool good(unsigned combination, unsigned way)
{
	struct ktap k = recorder();
	struct evidence e = evidence(combination, way);

	ktap_plan(&k, 1);
	verdict_report(&k, "x", &e);
	return ktap_close(&k);
}

/* Whatever is bad on its own makes any run bad: nothing seen beside it turns it into good. */
static void nothing_excuses_the_bad(void **state)
{
	static const struct {
		unsigned yes, no;
	} bad[] = {
		{ 1u << FORBIDDEN, 0 },
		{ 1u << DEVIATING, 1u << LISTED },
		{ 1u << DEVIATING | 1u << STRICT, 0 },
		{ 1u << TROUBLE, 0 },
		{ 1u << ABSENT, 1u << NO_POWER },
		{ 1u << ABSENT | 1u << STRICT, 0 },
		{ 0, 1u << RAN | 1u << MISSING },
	};

	(void)state;
	for (unsigned c = 0; c < 1u << COLUMNS; c++) {
		bool is_bad = false;

		for (unsigned b = 0; b < sizeof bad / sizeof *bad; b++)
			is_bad |= (c & bad[b].yes) == bad[b].yes && !(c & bad[b].no);
		for (unsigned way = 0; way < WAYS; way++)
			assert_int_equal(good(c, way), !is_bad);
	}
}

static void expect(const struct evidence *e, const char *line)
{
	struct ktap k = recorder();

	verdict_report(&k, "A02.window_1", e);
	assert_string_equal(said, line);
}

static void words(void **state)
{
	(void)state;
	expect(&(struct evidence){ .runs = 1 }, "ok 1 A02.window_1\n");
	expect(&(struct evidence){ .runs = 1, .forbidden = 1 }, "not ok 1 A02.window_1\n");
	expect(&(struct evidence){ .runs = 1, .leaks = 2 },
	       "not ok 1 A02.window_1 # ERROR leaks=2\n");
	expect(&(struct evidence){ .error = "queue error", .leaks = 3 },
	       "not ok 1 A02.window_1 # ERROR queue error leaks=3\n");
	expect(&(struct evidence){ 0 }, "not ok 1 A02.window_1 # ERROR nothing ran\n");
	expect(&(struct evidence){ .runs = 1, .deviating = 1, .deviation = "QEMU: keeps it" },
	       "not ok 1 A02.window_1 # TODO QEMU: keeps it\n");
	expect(
		&(struct evidence){
			.runs = 1, .deviating = 1, .deviation = "QEMU: keeps it", .strict = true },
		"not ok 1 A02.window_1 # known deviation: QEMU: keeps it\n");
	expect(&(struct evidence){ .runs = 1,
				   .forbidden = 1,
				   .deviating = 1,
				   .deviation = "QEMU: keeps it",
				   .strict = true },
	       "not ok 1 A02.window_1\n");
	expect(&(struct evidence){ .runs = 1, .deviation = "QEMU: keeps it" },
	       "ok 1 A02.window_1 # TODO passes, though listed: QEMU: keeps it\n");
	expect(&(struct evidence){ .runs = 1, .control_absent = true },
	       "not ok 1 A02.window_1 # WEAK control not shown, and this platform must show it\n");
	expect(&(struct evidence){ .runs = 1, .control_absent = true, .no_power = "no IOTLB" },
	       "ok 1 A02.window_1 # SKIP control not shown: no IOTLB\n");
	expect(
		&(struct evidence){
			.runs = 1, .control_absent = true, .no_power = "no IOTLB", .strict = true },
		"not ok 1 A02.window_1 # WEAK control not shown: no IOTLB\n");
	expect(&(struct evidence){ .runs = 1, .hazard_absent = true, .no_power = "real hardware" },
	       "ok 1 A02.window_1 # SKIP hazard not shown: real hardware\n");
	expect(&(struct evidence){ .missing = "first-stage translation" },
	       "ok 1 A02.window_1 # SKIP needs first-stage translation\n");
	expect(&(struct evidence){ .missing = "first-stage translation", .strict = true },
	       "ok 1 A02.window_1 # SKIP needs first-stage translation\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth_table),
		cmocka_unit_test(nothing_excuses_the_bad),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
