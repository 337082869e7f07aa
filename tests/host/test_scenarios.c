/* Every scenario that is linked in: is it one that can be run, and can it fail? */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scenario.h"

#define EACH(s)                                           \
	const struct scenario_ref *s = __start_scenarios; \
	s != __stop_scenarios;                            \
	s++

static const struct step *step_of(const struct scenario *s, unsigned agent, unsigned no)
{
	for (unsigned i = 0; i < s->agents[agent].count; i++)
		if (s->agents[agent].steps[i].no == no)
			return &s->agents[agent].steps[i];
	return NULL;
}

static void words_are_there(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;

		assert_non_null(x->id);
		assert_true(strlen(x->id) == 3 && strchr("ABCD", x->id[0]));
		assert_true(x->name || x->orders[0].name);
		assert_true(x->claim && x->claim[0] && x->source && x->source[0]);
	}
}

static void steps_count_up_and_name_their_observations(void **state)
{
	(void)state;
	for (EACH(s))
		for (unsigned a = 0; a < AGENTS; a++)
			for (unsigned i = 0; i < s->scenario->agents[a].count; i++) {
				const struct step *st = &s->scenario->agents[a].steps[i];
				u64 to = st->to == 2 ? st->b : st->to == 3 ? st->c : 0;

				assert_int_equal(st->no, i + 1);
				assert_true(to < OBSERVATIONS);
			}
}

static void orders_take_every_step_once(void **state)
{
	(void)state;
	for (EACH(s)) {
		for (unsigned n = 0; n < ORDERS && s->scenario->orders[n].order; n++) {
			unsigned steps[AGENTS] = { 0 };

			for (const char *p = s->scenario->orders[n].order; *p; p++)
				if (*p != ' ') {
					assert_non_null(strchr(AGENT_LETTERS, *p));
					steps[strchr(AGENT_LETTERS, *p) - AGENT_LETTERS]++;
				}
			for (unsigned a = 0; a < AGENTS; a++)
				assert_int_equal(steps[a], s->scenario->agents[a].count);
		}
	}
}

/* A safe protocol has a control for each flush in it, and a claim; an unsafe one a hazard to show. */
static void each_can_fail(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;
		unsigned flushes = 0, controls = 0;

		assert_true(x->forbid[0].is_seen || x->shows.is_seen);
		for (; controls < CONTROLS && x->control[controls].shows.is_seen; controls++)
			assert_non_null(
				step_of(x, x->control[controls].agent, x->control[controls].step));
		if (x->shows.is_seen) {
			assert_true(x->shown_by != 0);
			continue;
		}
		for (unsigned a = 0; a < AGENTS; a++)
			for (unsigned i = 0; i < x->agents[a].count; i++)
				flushes += x->agents[a].steps[i].op
		== OP_cpu_flush || x->agents[a].steps[i].op
		== OP_iommu_flush || x->agents[a].steps[i].op
		== OP_invlpg;
		assert_true(flushes > 0);
		assert_int_equal(controls, flushes);
	}
}

static void names_differ(void **state)
{
	(void)state;
	for (EACH(s))
		for (const struct scenario_ref *t = __start_scenarios; t != s; t++)
			for (unsigned m = 0; m < ORDERS && s->scenario->orders[m].order; m++)
				for (unsigned n = 0; n < ORDERS && t->scenario->orders[n].order;
				     n++) {
					const char *a = s->scenario->orders[m].name,
						   *b = t->scenario->orders[n].name;

					a = a ? a : s->scenario->name;
					b = b ? b : t->scenario->name;
					assert_true(strcmp(s->scenario->id, t->scenario->id) ||
						    strcmp(a, b));
				}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_there),
		cmocka_unit_test(steps_count_up_and_name_their_observations),
		cmocka_unit_test(orders_take_every_step_once),
		cmocka_unit_test(each_can_fail),
		cmocka_unit_test(names_differ),
	};

	return cmocka_run_group_tests_name("scenarios", tests, NULL, NULL);
}
