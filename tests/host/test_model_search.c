/*
 * The model against itself: with and without its short cuts, step by step and free, order by order and all at once;
 * for every scenario there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/host/searched.h"
#include "tests/listing.h"

static void of_every_scenario(void **state)
{
	unsigned n = 0;

	(void)state;
	searched = (struct searched){ 0 };
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++) {
		const struct scenario *s = r->scenario;

		modes(s);
		short_cuts(s, SEARCH_ALL);
		short_cuts(s, spelled[n++ % SPELLED]);
	}
	printf("# compared %lu, too large without short cuts %lu\n", searched.compared,
	       searched.too_large);
	assert_true(searched.compared > 5 * searched.too_large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_every_scenario),
	};

	return cmocka_run_group_tests_name("model search", tests, searched_set_up,
					   searched_tear_down);
}
