/*
 * The model against itself: with and without its short cuts, step by step and free, order by order and all at once;
 * for every scenario there is, and for listings made by chance.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/memory.h"
#include "tests/model/model.h"
#include "tests/orders.h"
#include "tests/words.h"

#define NAME(name, to, kind) #name,
static const char *const op_name[] = { OPS(NAME) };

enum {
	LARGE = 8 << 20,
	SMALL = 512 << 10,
	SET = 2048,
	ORDERS_COMPARED = 500,
	LISTINGS = 400,
	STEPS = 3
};
static struct model_memory large, small; /* not all fits where each load is a transition */

struct set {
	unsigned count;
	bool complete, stuck;
	struct {
		u8 saw[OBSERVATIONS], holds[FRAMES];
	} outcome[SET];
};
static struct set one, other;

static bool has(const struct set *set, const u8 *saw, const u8 *holds)
{
	for (unsigned i = 0; i < set->count; i++)
		if (!memcmp(set->outcome[i].saw, saw, OBSERVATIONS) &&
		    !memcmp(set->outcome[i].holds, holds, FRAMES))
			return true;
	return false;
}

static bool add(void *arg, const struct outcome *seen)
{
	struct set *set = arg;

	if (has(set, seen->saw, seen->holds))
		return true;
	assert_true(set->count < SET);
	memcpy(set->outcome[set->count].saw, seen->saw, sizeof seen->saw);
	memcpy(set->outcome[set->count++].holds, seen->holds, sizeof seen->holds);
	return true;
}

static void run(struct set *set, const struct model_query *q)
{
	set->count = 0;
	struct model_result r = model_run(q, q->search & SPELL_LOADS ? &small : &large, add, set);
	assert_true(!r.wrong && r.outcomes == set->count);
	set->complete = r.complete;
	set->stuck = r.stuck;
}

static unsigned orders;
static int run_order(void *arg, const char *order)
{
	struct model_query q = *(const struct model_query *)arg;

	q.order = order;
	return model_run(&q, &large, add, &one).complete && ++orders < ORDERS_COMPARED
		       ? ORDER_RAN
		       : ORDERS_STOP;
}

/* Which listing, and one of its outcomes. */
static void draw(const struct scenario *s, const u8 *saw, const u8 *holds)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];

			printf("# %c %u %s %lu %lu %lu\n", AGENT_LETTERS[a], st->no,
			       op_name[st->op], st->a, st->b, st->c);
		}
	for (unsigned p = 0; p < PLACES; p++)
		printf("# maps P%u rights %u\n", s->maps[p].frame, s->maps[p].rights);
	printf("# warm %u %u\n#", s->warm[C1].count, s->warm[E].count);
	for (unsigned o = 1; o < OBSERVATIONS; o++)
		printf(" %s", words_name(saw[o]));
	printf(" P0:%s P1:%s\n", words_name(holds[P0]), words_name(holds[P1]));
}

/* What the query found last is all in the other set. */
static void expect_in(const struct set *all, const struct set *some, const struct model_query *q)
{
	for (unsigned i = 0; i < some->count; i++)
		if (!has(all, some->outcome[i].saw, some->outcome[i].holds)) {
			draw(q->scenario, some->outcome[i].saw, some->outcome[i].holds);
			fail_msg("%s mode %d search %d", q->profile->name, q->mode, q->search);
		}
}

static const struct model_profile *const profiles[] = { &model_arch, &model_qemu_tcg };
static const u8 spelled[] = { SPELL_LOADS, SPELL_STORES, SPELL_WAITS, SPELL_WALKS, SEARCH_ALL };
static u64 compared, too_large;

/* Short cuts change nothing. */
static void search(const struct scenario *s, u8 spell)
{
	for (unsigned p = 0; p < ARRAY_SIZE(profiles); p++)
		for (enum model_mode mode = MODEL_STEPPED; mode <= MODEL_RACING; mode++) {
			struct model_query q = { .scenario = s,
						 .mode = mode,
						 .profile = profiles[p] };

			run(&one, &q);
			assert_true(one.complete);
			q.search = spell;
			run(&other, &q);
			if (!other.complete) {
				assert_true(spell & SPELL_LOADS);
				too_large++;
				continue;
			}
			compared++;
			assert_int_equal(one.stuck, other.stuck);
			expect_in(&one, &other, &q);
			expect_in(&other, &one, &q);
		}
}

/* All orders together are every order; what is seen step by step can be seen in a race; what QEMU does is allowed. */
static void modes(const struct scenario *s)
{
	struct model_query q = { .scenario = s, .profile = &model_arch };

	one.count = orders = 0;
	orders_each(s, ORDERS_ALL, run_order, &q);
	run(&other, &q);
	assert_true(other.complete);
	expect_in(&other, &one, &q);
	if (orders < ORDERS_COMPARED)
		expect_in(&one, &other, &q);
	q.profile = &model_qemu_tcg;
	run(&one, &q);
	expect_in(&other, &one, &q);
	q.profile = &model_arch;
	q.mode = MODEL_RACING;
	run(&one, &q);
	expect_in(&one, &other, &q);
}

static void of_every_scenario(void **state)
{
	(void)state;
	compared = too_large = 0;
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++) {
		const struct scenario *s = r->scenario;

		modes(s);
		for (unsigned i = 0; i < ARRAY_SIZE(spelled); i++)
			search(s, spelled[i]);
	}
	printf("# compared %lu, too large without short cuts %lu\n", compared, too_large);
	assert_true(compared > 5 * too_large);
}

/* Steps by chance. All that may be refused are observed, so that none is trouble. */
static unsigned to;

static struct step any_step(unsigned agent, unsigned no)
{
	static const u8 cpu[] = { OP_load,        OP_load,       OP_load_mark,   OP_store,
				  OP_store,       OP_copy,       OP_reuse,       OP_pte_clear,
				  OP_pte_set,     OP_pte_set,    OP_invlpg,      OP_cpu_flush,
				  OP_iommu_queue, OP_iommu_wait, OP_iommu_flush, OP_dma_read,
				  OP_tell,        OP_heed,       OP_lock };
	static const u8 device[] = { OP_dma_read,  OP_dma_read, OP_dma_read_mark, OP_dma_write,
				     OP_dma_write, OP_tell,     OP_heed };
	struct step st = { .no = (u8)no };

	st.op = agent < CPU_AGENTS ? cpu[random_u32() % sizeof cpu]
				   : device[random_u32() % sizeof device];
	st.a = random_u32() % 2;
	switch (st.op) {
	case OP_load:
	case OP_load_mark:
	case OP_dma_read:
	case OP_dma_read_mark:
		st.to = 2;
		st.b = ++to;
		break;
	case OP_store:
	case OP_dma_write:
		st.to = 3;
		st.b = random_u32() % 2 ? N : X;
		st.c = ++to;
		break;
	case OP_copy:
		st.b = !st.a;
		break;
	case OP_pte_set:
		st.b = random_u32() % 2;
		st.c = random_u32() % 4 ? RW : RO;
		break;
	case OP_tell:
	case OP_heed:
		st.a = (unsigned[]){ C0, C1, E }[random_u32() % 3];
		break;
	default:
		break;
	}
	return st;
}

static void of_listings_by_chance(void **state)
{
	static const unsigned who[] = { C0, C1, E };
	static struct step steps[ARRAY_SIZE(who)][STEPS];
	static struct step warm[] = { { .no = 1, .op = OP_load, .to = 2 },
				      { .no = 1, .op = OP_dma_read, .to = 2 } };

	(void)state;
	compared = too_large = 0;
	for (unsigned i = 0; i < LISTINGS; i++) {
		struct scenario s = { .content = { O, Y }, .maps = { { P0, RW }, { P1, RW } } };

		to = 0;
		for (unsigned a = 0; a < ARRAY_SIZE(who); a++) {
			s.agents[who[a]].steps = steps[a];
			s.agents[who[a]].count = (u8)(random_u32() % (STEPS + 1));
			for (unsigned n = 0; n < s.agents[who[a]].count; n++)
				steps[a][n] = any_step(who[a], n + 1);
		}
		for (unsigned p = 0; p < PLACES; p++)
			s.maps[p].rights = (u8)(random_u32() % 3);
		if (random_u32() % 2)
			s.warm[C1] = (struct agent){ .name = "C1", .steps = &warm[0], .count = 1 };
		if (random_u32() % 2)
			s.warm[E] = (struct agent){ .name = "E", .steps = &warm[1], .count = 1 };
		search(&s, spelled[i % ARRAY_SIZE(spelled)]);
		modes(&s);
	}
	printf("# compared %lu, too large without short cuts %lu\n", compared, too_large);
	assert_true(compared > 10 * too_large);
}

static int set_up(void **state)
{
	(void)state;
	large = model_memory(malloc(LARGE), LARGE);
	small = model_memory(malloc(SMALL), SMALL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(large.slots);
	free(small.slots);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_every_scenario),
		cmocka_unit_test(of_listings_by_chance),
	};

	return cmocka_run_group_tests_name("model search", tests, set_up, tear_down);
}
