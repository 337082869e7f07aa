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

#include "tests/deviations.h"
#include "tests/host/memory.h"
#include "tests/model/state.h"
#include "tests/orders.h"
#include "tests/words.h"

#define NAME(name, to, kind) #name,
static const char *const op_name[] = { OPS(NAME) };
#define TO_OF(name, to, kind) to,

enum {
	BIG = 8 << 20,
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
	struct model_result r = model_run(&q, &large, add, &one);
	assert_true(r.complete);
	if (!r.outcomes)
		return r.reached;
	return ++orders < ORDERS_COMPARED ? ORDER_RAN : ORDERS_STOP;
}

/* Which listing, and one of its outcomes. */
static void draw(const struct scenario *s, const u8 *saw, const u8 *holds)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];

			printf("# %c %u %s %u %u %u if %u is %s\n", AGENT_LETTERS[a], st->no,
			       op_name[st->op], st->a, st->b, st->c, st->if_saw,
			       words_name(st->is));
		}
	for (unsigned p = 0; p < PLACES; p++)
		printf("# maps P%u rights %u state %u refs %u\n", s->maps[p].frame,
		       s->maps[p].rights, s->maps[p].state, s->refs[p]);
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

/* What QEMU does is allowed, or a known deviation. */
static void expect_allowed(const struct set *allowed, const struct set *some,
			   const struct model_query *q)
{
	for (unsigned i = 0; i < some->count; i++) {
		struct outcome seen = { 0 };

		memcpy(seen.saw, some->outcome[i].saw, sizeof seen.saw);
		memcpy(seen.holds, some->outcome[i].holds, sizeof seen.holds);
		if (has(allowed, seen.saw, seen.holds) ||
		    deviation_of(&deviations_modelled, q->scenario, DEVIATES_STEPPED, &seen))
			continue;
		draw(q->scenario, seen.saw, seen.holds);
		fail_msg("%s does what is neither allowed nor listed", q->profile->name);
	}
}

static const struct model_profile *const profiles[] = { &model_arch, &model_qemu_tcg };
static const u8 spelled[] = { SPELL_LOADS, SPELL_STORES, SPELL_WAITS,
			      SPELL_WALKS, SPELL_ORDERS, SEARCH_ALL };
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
			if (one.stuck != other.stuck) {
				draw(s, one.outcome[0].saw, one.outcome[0].holds);
				fail_msg("%s mode %d search %d: stuck %d, without short cuts %d",
					 profiles[p]->name, mode, spell, one.stuck, other.stuck);
			}
			expect_in(&one, &other, &q);
			expect_in(&other, &one, &q);
		}
}

/* All orders together are every order; what is seen step by step can be seen in a race; what QEMU does is allowed. */
static void modes(const struct scenario *s)
{
	struct model_query q = { .scenario = s, .profile = &model_arch };
	struct model_profile mended;

	one.count = orders = 0;
	orders_each(s, ORDERS_ALL, run_order, &q);
	run(&other, &q);
	assert_true(other.complete);
	expect_in(&other, &one, &q);
	if (orders < ORDERS_COMPARED)
		expect_in(&one, &other, &q);
	mended = model_qemu_tcg;
	mended.iotlb.hides_dirty = mended.marks_one = mended.marks_late = false;
	mended.refuses_unrecorded = mended.present_late = false;
	q.profile = &mended;
	run(&one, &q);
	expect_allowed(&other, &one, &q);
	q.profile = &model_arch;
	q.mode = MODEL_RACING;
	run(&one, &q);
	expect_in(&one, &other, &q);
}

static void of_every_scenario(void **state)
{
	unsigned n = 0;

	(void)state;
	compared = too_large = 0;
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++) {
		const struct scenario *s = r->scenario;

		modes(s);
		search(s, SEARCH_ALL);
		search(s, spelled[n++ % ARRAY_SIZE(spelled)]);
	}
	printf("# compared %lu, too large without short cuts %lu\n", compared, too_large);
	assert_true(compared > 5 * too_large);
}

static bool tables, entry;
static unsigned third;    /* agent, besides C0 and C1 */
static unsigned to, from; /* the last observation that was made; the last before this agent's */

static unsigned any(unsigned below) { return random_u32() % below; }

/* What a letter of op_info.arguments may be here. */
static u64 any_argument(char letter, bool observes)
{
	switch (letter) {
	case 'o':
		return observes ? ++to : to > from ? from + 1 + any(to - from) : NO_OBSERVATION;
	case 's':
		return any(2) ? N : X;
	case 'r':
		return any(4) ? RW : RO;
	case 'v':
		return any(2);
	case 'a':
		return (unsigned[]){ C0, C1, third }[any(3)];
	case 't':
		return any(2) ? MIGRATION : SWAP;
	case 'w':
	case 'l':
		return 0;
	default: /* A or B, P0 or P1 */
		return any(2);
	}
}

/* Some are there more than once: it is them that the others are about. */
static unsigned any_op(unsigned agent)
{
	static const u8 often[] = { OP_load,     OP_store,       OP_pte_set,   OP_pte_clear,
				    OP_invlpg,   OP_cpu_flush,   OP_dma_write, OP_dma_read,
				    OP_pte_read, OP_iommu_flush, OP_store };
	static const u8 device[] = {
		OP_dma_read,          OP_dma_read_mark, OP_dma_write, OP_ats_request,
		OP_ats_request_write, OP_ats_read,      OP_ats_write, OP_page_request,
		OP_page_wait,         OP_tell,          OP_heed,      OP_word_add
	};
	static const u8 table_ops[] = { OP_pde_clear, OP_table_reuse, OP_pde_exchange };
	unsigned op;

	if (agent >= CPU_AGENTS)
		return device[any(sizeof device)];
	if (any(2))
		return tables && !any(3) ? table_ops[any(sizeof table_ops)]
					 : often[any(sizeof often)];
	do
		op = any(OP_COUNT);
	while (!op_info(op)->arguments || op_info(op)->is & NO_CPU ||
	       (op_info(op)->is & BY_TABLES && !tables) || (op_info(op)->is & BY_ENTRY && !entry));
	return op;
}

/* Steps by chance. All that may be refused are observed, so that none is trouble. */
static struct step one_step(unsigned agent, unsigned no)
{
	static const u8 tos[] = { OPS(TO_OF) };
	struct step st = { .no = (u8)no, .op = (u8)any_op(agent) };
	const char *arguments = op_info(st.op)->arguments;
	u64 given[3] = { 0 };

	st.to = tos[st.op];
	if (to > from && st.op != OP_leave_mm && !any(3)) {
		st.if_saw = (u8)(from + 1 + any(to - from));
		st.is = (u8[]){ BLOCKED, LANDED, YES, O }[any(4)];
	}
	for (unsigned i = 0; arguments[i]; i++)
		given[i] = any_argument(arguments[i], i + 1 == st.to);
	st.a = given[0];
	st.b = given[1];
	st.c = given[2];
	return st;
}

static struct step any_step(unsigned agent, unsigned no)
{
	unsigned made = to;
	struct step st = one_step(agent, no);

	while (entry && entry_misfit(agent, &st)) {
		to = made;
		st = one_step(agent, no);
	}
	return st;
}

static void of_listings_by_chance(void **state)
{
	unsigned who[] = { C0, C1, E };
	static struct step steps[ARRAY_SIZE(who)][STEPS];
	static struct step warm[] = { { .no = 1, .op = OP_load, .to = 2 },
				      { .no = 1, .op = OP_dma_read, .to = 2 } };

	(void)state;
	compared = too_large = 0;
	for (unsigned i = 0; i < LISTINGS; i++) {
		struct scenario s = { .content = { O, Y },
				      .maps = { { P0, RW }, { P1, RW } },
				      .block = 2,
				      .page = { 0, 1 } };

		to = 0;
		s.tables = tables = !any(3);
		s.entry = entry = !tables && !any(4);
		who[2] = third = any(2) ? E : C2;
		for (unsigned a = 0; a < ARRAY_SIZE(who); a++) {
			from = to;
			s.agents[who[a]].steps = steps[a];
			s.agents[who[a]].count = (u8)(random_u32() % (STEPS + 1));
			for (unsigned n = 0; n < s.agents[who[a]].count; n++)
				steps[a][n] = any_step(who[a], n + 1);
		}
		for (unsigned p = 0; p < PLACES; p++) {
			s.maps[p].rights = (u8)any(3);
			s.maps[p].state = entry ? LEAF_USED : (u8)any(3);
			s.refs[p] = (u8)any(3);
		}
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
	large = model_memory(malloc(BIG), BIG);
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
