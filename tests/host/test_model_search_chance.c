/* The same as tests/host/test_model_search.c, for listings made by chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/host/chance.h"
#include "tests/host/searched.h"

enum { LISTINGS = 400, STEPS = 3 };

static void of_listings_by_chance(void **state)
{
	static const u8 trios[][3] = { { C0, C1, E }, { C0, C1, C2 } };

	(void)state;
	searched = (struct searched){ 0 };
	for (unsigned i = 0; i < LISTINGS; i++) {
		const struct scenario *s = any_scenario(trios[any(2)], 3, STEPS);

		short_cuts(s, spelled[i % SPELLED]);
		modes(s);
	}
	printf("# compared %lu, too large without short cuts %lu\n", searched.compared,
	       searched.too_large);
	assert_true(searched.compared > 10 * searched.too_large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_listings_by_chance),
	};

	return cmocka_run_group_tests_name("model search chance", tests, searched_set_up,
					   searched_tear_down);
}
