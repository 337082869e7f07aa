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

/* What a step's sight is called, 0 if it has none. */
static u64 observation(const struct step *st)
{
	return st->to == 2 ? st->b : st->to == 3 ? st->c : NO_OBSERVATION;
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

				assert_int_equal(st->no, i + 1);
				assert_true(observation(st) < OBSERVATIONS);
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

static bool has(const struct agent *a, const u8 *ops, unsigned n)
{
	for (unsigned i = 0; i < a->count; i++)
		if (memchr(ops, a->steps[i].op, n))
			return true;
	return false;
}

/*
 * A device that may meet an entry with A or D clear: a second stage would leave them so. What a stranger has in his table
 * (table_reuse) nobody relies on.
 */
static void who_relies_on_a_and_d_says_so(void **state)
{
	static const u8 clears[] = { OP_pte_clean, OP_pte_age };
	static const u8 dma[] = { OP_dma_read, OP_dma_read_mark, OP_dma_write, OP_ats_request,
				  OP_ats_request_write };

	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;
		bool clear = false, device = false;

		for (unsigned p = 0; p < PLACES; p++)
			clear |= x->maps[p].rights && x->maps[p].state != LEAF_USED;
		for (unsigned a = 0; a < AGENTS; a++) {
			clear |= has(&x->agents[a], clears, sizeof clears);
			device |= has(&x->agents[a], dma, sizeof dma);
		}
		if (clear && device && !(x->needs & NEED_MARKS))
			fail_msg("%s.%s needs MARKS", x->id, x->name);
	}
}

/* Of what a second device writes only X is known, and no device could read it. */
static void a_second_device_only_writes(void **state)
{
	static const u8 reads[] = { OP_dma_read };
	static const u8 not_second[] = { OP_dma_read, OP_dma_read_mark };

	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;
		bool two = x->agents[E2].count || x->warm[E2].count;

		if (two != ((x->needs & NEED_TWO) != 0) || (two_requesters(x->spaces) && !two) ||
		    (x->spaces == TWO_PASIDS) != ((x->needs & NEED_PASIDS) != 0))
			fail_msg("%s.%s: E2 is TWO", x->id, x->name);
		if (two && (has(&x->agents[E], reads, sizeof reads) ||
			    has(&x->agents[E2], not_second, sizeof not_second) ||
			    has(&x->warm[E2], not_second, sizeof not_second)))
			fail_msg("%s.%s: a device reads what two may write", x->id, x->name);
	}
}

/* To the model a device has one thing on its way, and an outcome is one of all that has arrived. */
static void what_is_on_its_way_arrives(void **state)
{
	(void)state;
	for (EACH(s))
		for (unsigned a = CPU_AGENTS; a < AGENTS; a++) {
			const struct agent *device = &s->scenario->agents[a];
			bool on_its_way = false;

			for (unsigned i = 0; i < device->count; i++) {
				const struct step *st = &device->steps[i];
				bool posts = st->op == OP_ats_ask || st->op == OP_ats_post;

				assert_false(posts && on_its_way);
				assert_false(st->op == OP_ats_land && st->if_saw);
				on_its_way = posts || (on_its_way && st->op != OP_ats_land);
			}
			assert_false(on_its_way);
		}
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

static bool protects(const struct step *st)
{
	static const u8 kinds[] = { OPS(OP_KIND) };

	return kinds[st->op] == PROTECT;
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

/*
 * Of a step that protects a control shows the loss, or a reason says why it cannot be seen: at most one of both. Those
 * that have neither are left to make mutants.
 */
static void no_protection_is_answered_for_twice(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;

		for (unsigned a = 0; a < AGENTS; a++)
			for (unsigned i = 0; i < x->agents[a].count; i++) {
				const struct step *st = &x->agents[a].steps[i];

				if (answers(x, a, st->no) > protects(st))
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

/* Only one that changes can be stale; those of tables change with their PDE. */
static bool changes(const struct scenario *s, u64 place)
{
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

/* A guard asks for what this agent has seen by then. */
static void guards_have_something_to_ask(void **state)
{
	(void)state;
	for (EACH(s))
		for (unsigned a = 0; a < AGENTS; a++)
			for (unsigned i = 0; i < s->scenario->agents[a].count; i++) {
				const struct step *steps = s->scenario->agents[a].steps;
				bool seen = !steps[i].if_saw;

				for (unsigned k = 0; k < i; k++)
					seen |= steps[i].if_saw == observation(&steps[k]);
				assert_true(seen);
			}
}

/* Does a step of the listing have this name for what it sees: the last of its arguments? */
static bool is_observed(const struct scenario *s, const char *name, size_t length)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];
			const char *last = strrchr(st->args, ' ');

			if (observation(st) && last && strlen(last + 1) == length &&
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

enum { ANY = 255 };

static unsigned count_of(const struct agent *a, enum op op, u64 argument)
{
	unsigned n = 0;

	for (unsigned i = 0; i < a->count; i++)
		n += a->steps[i].op == op && (argument == ANY || a->steps[i].a == argument);
	return n;
}

/* Who is told waits for it, and the other way round; what is locked is unlocked, what begins ends. */
static void agents_meet(void **state)
{
	static const u8 pairs[][2] = { { OP_cli, OP_sti }, { OP_rcu_start, OP_rcu_wait } };

	(void)state;
	for (EACH(s)) {
		const struct agent *agents = s->scenario->agents;

		for (unsigned a = 0; a < AGENTS; a++) {
			for (unsigned b = 0; b < AGENTS; b++)
				assert_int_equal(count_of(&agents[a], OP_tell, b),
						 count_of(&agents[b], OP_heed, a));
			for (unsigned l = 0; l < LOCKS; l++)
				assert_int_equal(count_of(&agents[a], OP_lock, l),
						 count_of(&agents[a], OP_unlock, l));
			for (unsigned i = 0; i < ARRAY_SIZE(pairs); i++)
				assert_int_equal(count_of(&agents[a], pairs[i][0], ANY),
						 count_of(&agents[a], pairs[i][1], ANY));
			/* One wait may be for all that was asked. */
			unsigned waits = count_of(&agents[a], OP_ipi_wait, ANY);
			assert_true(waits <= count_of(&agents[a], OP_ipi, ANY));
			assert_true(waits || !count_of(&agents[a], OP_ipi, ANY));
		}
	}
}

/* Somebody else changes the word that is waited for. */
static void words_arrive(void **state)
{
	(void)state;
	for (EACH(s)) {
		const struct agent *agents = s->scenario->agents;

		for (unsigned a = 0; a < AGENTS; a++)
			for (u64 w = 0; w < WORDS; w++) {
				unsigned changes = 0;

				for (unsigned b = 0; b < AGENTS; b++)
					changes += b == a ? 0
							  : count_of(&agents[b], OP_word_set, w) +
								    count_of(&agents[b],
									     OP_word_add, w);
				assert_true(changes || !count_of(&agents[a], OP_word_wait, w));
			}
	}
}

/* The n-th case of a scenario: of one order, or (the only one, without a name of its own) of all. NULL: no more. */
static const char *case_name(const struct scenario *s, unsigned n)
{
	if (n && (n == ORDERS || !s->orders[n].order))
		return NULL;
	return s->orders[n].name ? s->orders[n].name : s->name;
}

static void names_differ(void **state)
{
	const char *a, *b;

	(void)state;
	for (EACH(s))
		for (const struct scenario_ref *t = __start_scenarios; t != s; t++)
			for (unsigned m = 0; (a = case_name(s->scenario, m)); m++)
				for (unsigned n = 0; (b = case_name(t->scenario, n)); n++)
					assert_true(strcmp(s->scenario->id, t->scenario->id) ||
						    strcmp(a, b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_there),
		cmocka_unit_test(steps_count_up_and_name_their_observations),
		cmocka_unit_test(a_second_device_only_writes),
		cmocka_unit_test(what_is_on_its_way_arrives),
		cmocka_unit_test(who_relies_on_a_and_d_says_so),
		cmocka_unit_test(orders_take_every_step_once),
		cmocka_unit_test(written_orders_are_possible),
		cmocka_unit_test(each_can_fail),
		cmocka_unit_test(no_protection_is_answered_for_twice),
		cmocka_unit_test(guards_have_something_to_ask),
		cmocka_unit_test(claims_are_about_the_listing),
		cmocka_unit_test(agents_meet),
		cmocka_unit_test(words_arrive),
		cmocka_unit_test(names_differ),
	};

	return cmocka_run_group_tests_name("scenarios", tests, NULL, NULL);
}
