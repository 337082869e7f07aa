/* Every scenario that is linked in: is it one that can be run, and can it fail? */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/orders.h"
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

static bool has_control(const struct scenario *s, unsigned agent, unsigned no)
{
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows.is_seen; c++)
		if (s->control[c].change.agent == agent && s->control[c].change.step == no)
			return true;
	return false;
}

static bool is_flush(const struct step *st)
{
	return st->op == OP_cpu_flush || st->op == OP_iommu_flush || st->op == OP_invlpg;
}

struct search {
	const char *order;
	bool found;
};

/* The order that was written, which may have spaces. */
static int is_it(void *arg, const char *order)
{
	struct search *search = arg;
	const char *p = search->order;

	for (; *p; p++)
		if (*p != ' ' && *p != *order++)
			return ORDER_RAN;
	search->found = true;
	return ORDERS_STOP;
}

/* Nobody goes past a heed before its tell, or takes a lock that is held. */
static void written_orders_are_possible(void **state)
{
	(void)state;
	for (EACH(s))
		for (unsigned n = 0; n < ORDERS && s->scenario->orders[n].order; n++) {
			struct search search = { s->scenario->orders[n].order, false };

			orders_each(s->scenario, ORDERS_ALL, is_it, &search);
			assert_true(search.found);
		}
}

/* A safe protocol has a claim, and a control for each flush in it; an unsafe one a hazard to show. */
static void each_can_fail(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;
		unsigned flushes = 0;

		assert_true(x->forbid[0].is_seen || x->shows.is_seen);
		for (unsigned c = 0; c < CONTROLS && x->control[c].shows.is_seen; c++)
			assert_non_null(
				step_of(x, x->control[c].change.agent, x->control[c].change.step));
		assert_true(!x->shows.is_seen || x->shown_by != 0);
		for (unsigned a = 0; a < AGENTS && !x->shows.is_seen; a++)
			for (unsigned i = 0; i < x->agents[a].count; i++) {
				const struct step *st = &x->agents[a].steps[i];

				flushes += is_flush(st);
				assert_true(!is_flush(st) || has_control(x, a, st->no));
			}
		assert_true(flushes > 0 || x->shows.is_seen);
	}
}

/* Does a step of the listing have this name for what it sees: the last of its arguments? */
static bool is_observed(const struct scenario *s, const char *name, size_t length)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];
			u64 to = st->to == 2 ? st->b : st->to == 3 ? st->c : 0;
			const char *last = strrchr(st->args, ' ');

			if (to && last && strlen(last + 1) == length &&
			    !strncmp(last + 1, name, length))
				return true;
		}
	return false;
}

/* What nobody sees is never O: a claim that speaks of it would hold whatever happens. */
static void claim_is_about_the_listing(const struct scenario *s, const struct claim *c)
{
	for (const char *p = c->is_seen ? strstr(c->text, "saw(") : NULL; p;
	     p = strstr(p, "saw(")) {
		p += 4;
		if (!is_observed(s, p, strcspn(p, ")")))
			fail_msg("%s.%s: %s speaks of what no step sees: %s", s->id,
				 s->name ? s->name : s->orders[0].name, c->name, c->text);
	}
	for (const char *p = c->is_seen ? strstr(c->text, "after(") : NULL; p;
	     p = strstr(p, "after(")) {
		char who[2][3];
		unsigned no[2];

		assert_int_equal(sscanf(p, "after(%2[CE0-9], %u, %2[CE0-9], %u)", who[0], &no[0],
					who[1], &no[1]),
				 4);
		for (unsigned i = 0; i < 2; i++) {
			unsigned agent = 0;

			while (agent < AGENTS && (!s->agents[agent].name ||
						  strcmp(s->agents[agent].name, who[i]) != 0))
				agent++;
			assert_true(agent < AGENTS);
			assert_non_null(step_of(s, agent, no[i]));
		}
		p++;
	}
}

static void claims_are_about_the_listing(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;

		for (unsigned i = 0; i < CLAIMS; i++)
			claim_is_about_the_listing(x, &x->forbid[i]);
		for (unsigned i = 0; i < CONTROLS; i++)
			claim_is_about_the_listing(x, &x->control[i].shows);
		claim_is_about_the_listing(x, &x->shows);
		claim_is_about_the_listing(x, &x->fact.claim);
	}
}

static unsigned count_of(const struct agent *a, enum op op, u64 argument)
{
	unsigned n = 0;

	for (unsigned i = 0; i < a->count; i++)
		n += a->steps[i].op == op && a->steps[i].a == argument;
	return n;
}

/* Who is told waits for it, and the other way round; what is locked is unlocked. */
static void agents_meet(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct agent *agents = s->scenario->agents;

		for (unsigned a = 0; a < AGENTS; a++) {
			for (unsigned b = 0; b < AGENTS; b++)
				assert_int_equal(count_of(&agents[a], OP_tell, b),
						 count_of(&agents[b], OP_heed, a));
			for (unsigned l = 0; l < 4; l++)
				assert_int_equal(count_of(&agents[a], OP_lock, l),
						 count_of(&agents[a], OP_unlock, l));
		}
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
		cmocka_unit_test(written_orders_are_possible),
		cmocka_unit_test(each_can_fail),
		cmocka_unit_test(claims_are_about_the_listing),
		cmocka_unit_test(agents_meet),
		cmocka_unit_test(names_differ),
	};

	return cmocka_run_group_tests_name("scenarios", tests, NULL, NULL);
}
