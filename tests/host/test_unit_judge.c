/* Conformance of the unit: what of a case's words is a pass, a failure, a deviation that is listed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/deviations.h"
#include "tests/unit/case.h"

/* Of a case that has an entry on QEMU 11.1, with this outcome. */
#define LISTED      "U06.ttm_2"
#define ITS_OUTCOME "new"

static const struct platform qemu = { .kind = PLATFORM_QEMU,
				      .accel = ACCEL_TCG,
				      .version = VERSION(11, 1, 0) },
			     metal = { .kind = PLATFORM_HARDWARE };

static enum verdict judged(const struct platform *p, const char *name, const char *seen, bool blind)
{
	struct unit_run r = { .wanted = "reason=0x30", .blind = blind };
	struct evidence e = { 0 };

	snprintf(r.seen, sizeof r.seen, "%s", seen);
	unit_judge(p, name, &r, &e);
	return verdict(&e);
}

static void as_specified(void **state)
{
	(void)state;
	assert_int_equal(judged(&qemu, "U06.legacy", "reason=0x30", false), PASS);
	assert_int_equal(judged(&metal, LISTED, "reason=0x30", false), PASS);
}

static void otherwise(void **state)
{
	(void)state;
	assert_int_equal(judged(&qemu, "U06.legacy", ITS_OUTCOME, false), FAIL);
	assert_int_equal(judged(&qemu, "U06.legacy", "", false), FAIL);
}

/* The whole outcome must be the listed one, and the platform its own. */
static void listed(void **state)
{
	(void)state;
	assert_int_equal(judged(&qemu, LISTED, ITS_OUTCOME, false), KNOWN);
	assert_int_equal(judged(&qemu, LISTED, ITS_OUTCOME ", reason=0x30", false), FAIL);
	assert_int_equal(judged(&qemu, LISTED, "reason=0x31", false), FAIL);
	assert_int_equal(judged(&qemu, LISTED, "old", false), FAIL);
	assert_int_equal(judged(&metal, LISTED, ITS_OUTCOME, false), FAIL);
}

/* It passes, and its log says that it is listed. */
static void no_longer(void **state)
{
	struct unit_run r = { .wanted = "reason=0x30", .seen = "reason=0x30" };
	struct evidence e = { 0 };

	(void)state;
	unit_judge(&qemu, LISTED, &r, &e);
	assert_int_equal(verdict(&e), PASS);
	assert_non_null(e.deviation);
	assert_int_equal(e.deviating, 0);
}

/* What the manual leaves open, where the case says that this is as good. */
static void as_good(void **state)
{
	struct unit_run r = { .wanted = "reason=0x33", .seen = "nothing", .allowed = true };
	struct evidence e = { 0 };

	(void)state;
	unit_judge(&qemu, "U06.legacy", &r, &e);
	assert_int_equal(verdict(&e), PASS);
}

/* Right, but it would have been right without what it tests; a failure is none the less one. */
static void told_nothing(void **state)
{
	struct unit_run r = { .wanted = "old", .seen = "old", .blind = true, .no_power = "why" };
	struct evidence e = { 0 };

	(void)state;
	assert_int_equal(judged(&qemu, "U06.legacy", "reason=0x30", true), WEAK);
	assert_int_equal(judged(&qemu, "U06.legacy", "old", true), FAIL);
	unit_judge(&qemu, "U06.legacy", &r, &e);
	assert_true(e.control_absent);
	assert_string_equal(e.no_power, "why");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_specified), cmocka_unit_test(otherwise),
		cmocka_unit_test(listed),       cmocka_unit_test(no_longer),
		cmocka_unit_test(as_good),      cmocka_unit_test(told_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
