#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The parser of a build with fault injection, beside that of the usual build. */
#define INJECT
#define cmdline_parse cmdline_parse_injecting
#define shard_has     shard_has_injecting
#include "kernel/cmdline.c"

static void every_fault(void **state)
{
	static const char *const names[] = { "none", "queue",  "wait", "shootdown", "engine",
					     "leak", "status", "tail", "dtlb",      "stray" };
	char error[512];
	struct options o;

	(void)state;
	for (unsigned i = INJECT_NONE; i <= INJECT_STRAY; i++) {
		char line[40];

		snprintf(line, sizeof line, "inject=%s", names[i]);
		assert_true(cmdline_parse(&o, line, error, sizeof error));
		assert_int_equal(o.inject, i);
	}
	assert_false(cmdline_parse(&o, "inject=everything", error, sizeof error));
	assert_non_null(strstr(error, "\"inject=everything\" is not one of its values; known: T="));
	assert_string_equal(
		error + strlen(error) -
			strlen(" inject=none|queue|wait|shootdown|engine|leak|status|tail|dtlb|stray"),
		" inject=none|queue|wait|shootdown|engine|leak|status|tail|dtlb|stray");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_fault) };

	return cmocka_run_group_tests_name("cmdline_inject", tests, NULL, NULL);
}
