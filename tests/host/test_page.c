/* What fits a screen of 80x25, and what is shown of what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/page.h"

static const struct occasion o = { .good = true,
				   .seed = 1,
				   .ms = 3723999,
				   .cpus = 4,
				   .platform = "platform=hardware",
				   .digest = "0123-4567-89ab-cdef" };

static void progress(void **state)
{
	struct progress p = { .number = 7, .of = 58, .name = "A01.read", .ms = 61000 };
	char line[PAGE_WIDTH + 1], longest[200];

	(void)state;
	assert_string_equal(progress_line(line, &p), "7 of 58  0:01:01  A01.read");
	p.minutes = 480;
	p.minute = 3;
	p.pass = 12;
	assert_string_equal(progress_line(line, &p),
			    "soak, minute 3 of 480, pass 12  7 of 58  0:01:01  A01.read");
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	p.name = longest;
	assert_int_equal(strlen(progress_line(line, &p)), PAGE_WIDTH);
}

static void a_page(void **state)
{
	static struct summary s;
	char text[PAGE_SIZE_MAX];

	(void)state;
	summary_add(&s, "A01.read", PASS);
	summary_add(&s, "C15.read", KNOWN);
	summary_add(&s, "D01.none", SKIP);
	summary_add(&s, "A02.x", FAIL);
	summary_add(&s, "A03.y", WEAK);
	assert_string_equal(summary_page(text, &s, &o),
			    "shootdown: good. 5 results in 1:02:03, seed 1, 4 CPUs\n"
			    "platform=hardware\n"
			    "\n"
			    "PASS 1   FAIL 1   ERROR 0   WEAK 1   KNOWN 1   SKIP 1\n"
			    "\n"
			    "FAIL  A02.x                             WEAK  A03.y\n"
			    "KNOWN C15.read\n"
			    "\n"
			    "digest of the verdicts: 0123-4567-89ab-cdef\n");
}

static void fits(const char *text)
{
	unsigned lines = 0;

	for (const char *end; (end = strchr(text, '\n')); text = end + 1, lines++)
		assert_true(end - text <= PAGE_WIDTH);
	assert_int_equal(*text, '\0');
	assert_true(lines <= PAGE_LINES);
}

/* However many, and however long: the failures come first, and how many are left out is said. */
static void more_than_fits(void **state)
{
	static struct summary s;
	struct occasion worst = o;
	char text[PAGE_SIZE_MAX], name[100], platform[200], more[40];

	(void)state;
	memset(platform, 'p', sizeof platform - 1);
	platform[sizeof platform - 1] = '\0';
	worst.platform = platform;
	worst.good = false;
	worst.seed = worst.ms = ~0ull;
	for (unsigned i = 0; i < PAGE_NAMES + 10; i++) {
		snprintf(name, sizeof name, "K%03u.%060u", i, i);
		summary_add(&s, name, KNOWN);
		fits(summary_page(text, &s, &worst));
		snprintf(more, sizeof more, "and %u more\n", i + 1 - 26);
		assert_int_equal(strstr(text, more) != NULL, i >= 26);
		snprintf(more, sizeof more, "KNOWN K%03u.", i);
		assert_int_equal(strstr(text, more) != NULL, i < 26);
	}
	struct summary *late = &s;
	late->names = 30;
	summary_add(late, "A01.late", ERROR);
	fits(summary_page(text, late, &worst));
	assert_non_null(strstr(text, "\n\nERROR A01.late "));
	assert_non_null(strstr(text, "shootdown: NOT GOOD. "));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(progress),
		cmocka_unit_test(a_page),
		cmocka_unit_test(more_than_fits),
	};

	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
