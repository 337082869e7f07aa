/* The order that the model names for what it has found: is it one, and is that found in it? Every control of every scenario. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/oracle.h"
#include "tests/orders.h"
#include "tests/scenario.h"
#include "tests/variant.h"

static void takes_every_step_once(const struct scenario *s, const char *order)
{
	unsigned steps[AGENTS] = { 0 };

	for (const char *p = order; *p; p++) {
		assert_non_null(strchr(AGENT_LETTERS, *p));
		steps[strchr(AGENT_LETTERS, *p) - AGENT_LETTERS]++;
	}
	for (unsigned a = 0; a < AGENTS; a++)
		assert_int_equal(steps[a], s->agents[a].count);
}

static unsigned ways(const struct model_profile *p, const struct scenario *s)
{
	static struct variant v;
	unsigned found = 0;

	for (unsigned c = 0; c < CONTROLS && s->control[c].shows; c++) {
		const struct claim *wanted = s->control[c].shows;
		char order[ORDER_MAX + 1];

		if (!variant_make(&v, s, s->control[c].change) ||
		    !oracle_way(p, &v.scenario, wanted, order))
			continue;
		takes_every_step_once(&v.scenario, order);
		if (!oracle_expects(p, &v.scenario, order, MODEL_STEPPED, wanted))
			fail_msg("%s.%s: %s is not seen in order %s", s->id, s->name ? s->name : "",
				 wanted->name, order);
		found++;
	}
	return found;
}

static void the_way_leads_there(void **state)
{
	unsigned found = 0, by_qemu = 0;

	(void)state;
	for (const struct scenario_ref *s = __start_scenarios; s != __stop_scenarios; s++) {
		if (orders_matter(s->scenario))
			continue;
		found += ways(&model_arch, s->scenario);
		by_qemu += ways(&model_qemu_tcg, s->scenario);
	}
	assert_true(found > 500 && by_qemu > 500);
}

static void no_way_to_what_cannot_be_seen(void **state)
{
	char order[ORDER_MAX + 1];
	unsigned forbidden = 0;

	(void)state;
	for (const struct scenario_ref *s = __start_scenarios;
	     s != __stop_scenarios && forbidden < 20; s++)
		for (unsigned i = 0; i < CLAIMS && s->scenario->forbid[i]; i++, forbidden++)
			assert_false(oracle_way(&model_arch, s->scenario, s->scenario->forbid[i],
						order));
	assert_true(forbidden);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_way_leads_there),
		cmocka_unit_test(no_way_to_what_cannot_be_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
