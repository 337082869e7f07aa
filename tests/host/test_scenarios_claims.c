/* Every scenario that is linked in: can it fail, and is what it claims about its listing? */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/each_scenario.h"

static const struct step *step_of(const struct scenario *s, unsigned agent, unsigned no)
{
	for (unsigned i = 0; i < s->agents[agent].count; i++)
		if (s->agents[agent].steps[i].no == no)
			return &s->agents[agent].steps[i];
	return NULL;
}

static bool is(struct change c, unsigned agent, unsigned no)
{
	return c.agent == agent && c.no == no && !c.with;
}

/* How often a scenario answers for the loss of this step: with a control, or with a reason. */
static unsigned answers(const struct scenario *s, unsigned agent, unsigned no)
{
	unsigned n = 0;

	for (unsigned c = 0; c < CONTROLS && s->control[c].shows; c++)
		n += is(s->control[c].change, agent, no);
	for (unsigned c = 0; c < SPARES && s->spare[c].why; c++)
		n += is(s->spare[c].change, agent, no);
	return n;
}

/*
 * Of a step a control shows the loss, or a reason says why it cannot be seen: at most one of both. Those that protect and
 * have neither are left to make mutants.
 */
static void no_protection_is_answered_for_twice(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;

		for (unsigned a = 0; a < AGENTS; a++)
			for (unsigned i = 0; i < x->agents[a].count; i++) {
				const struct step *st = &x->agents[a].steps[i];

				if (answers(x, a, st->no) > 1)
					fail_msg("%s.%s: %s.%u %s %s: %u controls and reasons",
						 x->id, x->name, x->agents[a].name, st->no,
						 step_name(st), st->args, answers(x, a, st->no));
			}
	}
}

static void is_a_change(const struct scenario *s, struct change c)
{
	assert_non_null(step_of(s, c.agent, c.no));
	assert_true(!c.with || (c.with != c.no && step_of(s, c.agent, c.with)));
}

/* Only one that changes can be stale, and is not if it comes late; those of tables change with their PDE. */
static bool changes(const struct scenario *s, u64 place)
{
	if (!s->maps[place].rights && !s->tables)
		return false;
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];

			if (st->op >= OP_pte_clear && st->op <= OP_pte_age && st->a == place)
				return true;
		}
	return s->tables;
}

static bool uses_a_translation(const struct scenario *s)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++)
			switch (s->agents[a].steps[i].op) {
			case OP_load:
			case OP_load_mark:
			case OP_store:
			case OP_store_once:
			case OP_fetch:
			case OP_dma_read:
			case OP_dma_read_mark:
			case OP_dma_write:
				if (changes(s, s->agents[a].steps[i].a))
					return true;
				break;
			default:
				break;
			}
	return false;
}

/* A and D in memory are not cached: what they show needs nothing that keeps it. */
static bool looks_at_marks(const struct scenario *s)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++)
			if (s->agents[a].steps[i].op == OP_pte_dirty ||
			    s->agents[a].steps[i].op == OP_pte_accessed)
				return true;
	return false;
}

/* Who has pinned a page goes by an address that leads there all along. */
static bool pins_for_a_device(const struct scenario *s)
{
	bool pins = false;

	for (unsigned a = 0; a < CPU_AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++)
			pins |= s->agents[a].steps[i].op == OP_try_get;
	return pins && s->agents[E].count;
}

/* A safe protocol has a claim and a control; an unsafe one a hazard, and what keeps it if it needs to be kept. */
static void each_can_fail(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;
		/* A measurement: any answer is one. */
		if (x->fact.either)
			continue;

		assert_true((x->forbid[0] && x->control[0].shows) || x->shows);
		/* A mirror may have the old page itself. */
		assert_true(!x->shows || x->shown_by || x->mirror || !uses_a_translation(x) ||
			    looks_at_marks(x) || pins_for_a_device(x) || x->unsnooped);
		for (unsigned c = 0; c < CONTROLS && x->control[c].shows; c++)
			is_a_change(x, x->control[c].change);
		for (unsigned c = 0; c < SPARES && x->spare[c].why; c++) {
			is_a_change(x, x->spare[c].change);
			assert_true(x->spare[c].why[0]);
		}
	}
}

/* Does a step of the listing have this name for what it sees: the last of its arguments? */
static bool is_observed(const struct scenario *s, const char *name, size_t length)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];
			const char *last = strrchr(st->args, ' ');

			if (step_to(st) && last && strlen(last + 1) == length &&
			    !strncmp(last + 1, name, length))
				return true;
		}
	return false;
}

/* What nobody sees is never O: a claim that speaks of it would hold whatever happens. */
static void claim_is_about_the_listing(const struct scenario *s, const struct claim *c)
{
	for (const char *p = c ? strstr(c->text, "saw(") : NULL; p; p = strstr(p, "saw(")) {
		p += 4;
		if (!is_observed(s, p, strcspn(p, ")")))
			fail_msg("%s.%s: %s speaks of what no step sees: %s", s->id,
				 s->name ? s->name : s->orders[0].name, c->name, c->text);
	}
	for (const char *p = c ? strstr(c->text, "after(") : NULL; p; p = strstr(p, "after(")) {
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

		for (unsigned i = 0; i < CLAIMS; i++) {
			claim_is_about_the_listing(x, x->forbid[i]);
			claim_is_about_the_listing(x, x->allow[i]);
		}
		for (unsigned i = 0; i < CONTROLS; i++)
			claim_is_about_the_listing(x, x->control[i].shows);
		claim_is_about_the_listing(x, x->shows);
		claim_is_about_the_listing(x, x->fact.claim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_can_fail),
		cmocka_unit_test(no_protection_is_answered_for_twice),
		cmocka_unit_test(claims_are_about_the_listing),
	};

	return cmocka_run_group_tests_name("scenario claims", tests, NULL, NULL);
}
