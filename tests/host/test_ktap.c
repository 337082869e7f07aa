#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/digest.h"
#include "kernel/format.h"
#include "kernel/line.h"
#include "tests/host/recorder.h"

static void whole_run(void **state)
{
	struct ktap k = recorder();

	(void)state;
	ktap_open(&k);
	ktap_plan(&k, 5);
	ktap_result(&k, KTAP_OK, "A01.read");
	ktap_result_why(&k, KTAP_OK, "A01.write", KTAP_SKIP, "needs %s", "an engine");
	ktap_result_why(&k, KTAP_NOT_OK, "A02", KTAP_TODO, "QEMU keeps it");
	ktap_result_why(&k, KTAP_OK, "A03", KTAP_TODO, "passes");
	ktap_result(&k, KTAP_OK, "C01");
	assert_true(ktap_close(&k));
	assert_string_equal(said, "KTAP version 1\n"
				  "1..5\n"
				  "ok 1 A01.read\n"
				  "ok 2 A01.write # SKIP needs an engine\n"
				  "not ok 3 A02 # TODO QEMU keeps it\n"
				  "ok 4 A03 # TODO passes\n"
				  "ok 5 C01\n"
				  "# digest=c25c-8a15-eb8f-696f\n"
				  "# summary passed=3 failed=0 skipped=1 known=1\n");
}

static void failures_make_a_bad_run(void **state)
{
	static const enum ktap_directive directives[] = { KTAP_DATA, KTAP_SKIP, KTAP_ERROR };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct ktap k = recorder();

		ktap_plan(&k, 1);
		ktap_result_why(&k, KTAP_NOT_OK, "x", directives[i], "y");
		assert_false(ktap_close(&k));
		assert_int_equal(k.failed, 1);
		assert_non_null(strstr(said, "# summary passed=0 failed=1 skipped=0 known=0\n"));
	}
}

static u64 digest_of(enum ktap_outcome outcome, const char *name, enum ktap_directive directive,
		     const char *reason)
{
	struct ktap k = recorder();

	ktap_result_why(&k, outcome, name, directive, "%s", reason);
	return k.digest;
}

/* Whatever differs in a verdict differs in the digest; reasons, which have numbers of this run in them, do not. */
static void digests(void **state)
{
	enum { KINDS = 2 * (KTAP_WEAK + 1) };
	u64 seen[KINDS];
	char text[DIGEST_TEXT];

	(void)state;
	for (unsigned i = 0; i < KINDS; i++) {
		enum ktap_directive directive = (enum ktap_directive)(i / 2);

		seen[i] = digest_of((enum ktap_outcome)(i % 2), "A01", directive, "why");
		assert_true(seen[i] ==
			    digest_of((enum ktap_outcome)(i % 2), "A01", directive, "so"));
		assert_true(seen[i] !=
			    digest_of((enum ktap_outcome)(i % 2), "A02", directive, "why"));
		for (unsigned j = 0; j < i; j++)
			assert_true(seen[i] != seen[j]);
	}
	/* Published values of 64-bit FNV-1a. */
	assert_true(digest_add(0, "a") == 0xaf63dc4c8601ec8c);
	assert_true(digest_add(digest_add(0, "foo"), "bar") == 0x85944171f73967e8);
	assert_string_equal(digest_text(text, 0x0123456789abcdef), "0123-4567-89ab-cdef");
}

static void plan_and_count_must_agree(void **state)
{
	(void)state;
	for (unsigned plan = 0; plan < 4; plan++) {
		for (unsigned results = 0; results < 4; results++) {
			struct ktap k = recorder();

			ktap_plan(&k, plan);
			for (unsigned i = 0; i < results; i++)
				ktap_result(&k, KTAP_OK, "x");
			assert_int_equal(ktap_close(&k), plan == results && plan > 0);
		}
	}
	struct ktap none = recorder();

	ktap_open(&none);
	assert_false(ktap_close(&none));
	assert_string_equal(said, "KTAP version 1\n"
				  "# error plan=0 results=0\n"
				  "# digest=0000-0000-0000-0000\n"
				  "# summary passed=0 failed=0 skipped=0 known=0\n");
}

static void bail_out_once(void **state)
{
	struct ktap k = recorder();

	(void)state;
	ktap_bail_out(&k, "no %s", "IOMMU");
	ktap_bail_out(&k, "again");
	assert_string_equal(said, "KTAP version 1\nBail out! no IOMMU\n");

	k = recorder();
	ktap_plan(&k, 1);
	ktap_result(&k, KTAP_OK, "x");
	ktap_bail_out(&k, "too late\nok 2 forged");
	assert_non_null(strstr(said, "\nBail out! too late?ok 2 forged\n"));
	assert_false(ktap_close(&k));
}

static void nothing_breaks_a_line(void **state)
{
	struct ktap k = recorder();
	char longer[2000];

	(void)state;
	ktap_result(&k, KTAP_NOT_OK, "a # SKIP\nok 7 b\t\xe9");
	assert_string_equal(said, "not ok 1 a ? SKIP?ok 7 b??\n");

	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	k = recorder();
	ktap_result_why(&k, KTAP_NOT_OK, longer, KTAP_ERROR, "%s", longer);
	assert_true(strlen(said) < 896);
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	assert_non_null(strstr(said, " # ERROR x"));
}

static void line_ends(void **state)
{
	char line[12];

	(void)state;
	for (size_t n = 0; n < 30; n++) {
		size_t length = format(line, sizeof line, "%.*s", (int)n,
				       "abcdefghijklmnopqrstuvwxyzabcdef");
		size_t end = line_end(line, sizeof line, length);

		assert_int_equal(end, (n < 10 ? n : 10) + 1);
		assert_int_equal(strlen(line), end);
		assert_int_equal(line[end - 1], '\n');
	}
	assert_string_equal(line, "abcdefg...\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_run),     cmocka_unit_test(failures_make_a_bad_run),
		cmocka_unit_test(digests),       cmocka_unit_test(plan_and_count_must_agree),
		cmocka_unit_test(bail_out_once), cmocka_unit_test(nothing_breaks_a_line),
		cmocka_unit_test(line_ends),
	};

	return cmocka_run_group_tests_name("ktap", tests, NULL, NULL);
}
