/* Every scenario that is linked in: is it one that can be run? */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/each_scenario.h"
#include "tests/orders.h"

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
				assert_true(step_to(st) < OBSERVATIONS);
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

/* D of an entry that nobody may write by any more is not a device's to set. */
static bool clears_a_or_d(const struct agent *a)
{
	bool read_only[PLACES] = { false };

	for (unsigned i = 0; i < a->count; i++) {
		const struct step *st = &a->steps[i];

		if (st->op == OP_pte_wrprotect)
			read_only[st->a] = true;
		if (st->op == OP_pte_age || (st->op == OP_pte_clean && !read_only[st->a]))
			return true;
	}
	return false;
}

/*
 * A device that may meet an entry with A or D clear: a second stage would leave them so. What a stranger has in his table
 * (table_reuse) nobody relies on.
 */
static void who_relies_on_a_and_d_says_so(void **state)
{
	static const u8 dma[] = { OP_dma_read, OP_dma_read_mark, OP_dma_write, OP_ats_request,
				  OP_ats_request_write };

	(void)state;
	for (EACH(s)) {
		const struct scenario *x = s->scenario;
		bool clear = false, device = false;

		for (unsigned p = 0; p < PLACES; p++)
			clear |= x->maps[p].rights && x->maps[p].state != LEAF_USED;
		for (unsigned a = 0; a < AGENTS; a++) {
			clear |= clears_a_or_d(&x->agents[a]);
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
					seen |= steps[i].if_saw == step_to(&steps[k]);
				assert_true(seen);
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
		cmocka_unit_test(guards_have_something_to_ask),
		cmocka_unit_test(agents_meet),
		cmocka_unit_test(words_arrive),
		cmocka_unit_test(names_differ),
	};

	return cmocka_run_group_tests_name("scenarios", tests, NULL, NULL);
}
