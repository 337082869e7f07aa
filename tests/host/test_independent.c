/*
 * Each claim that two steps are independent (tests/independent.c), against the model: neighbours in an order change places,
 * and neither what is seen nor where the order blocks tells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/chance.h"
#include "tests/host/runs.h"
#include "tests/model/state.h"
#include "tests/orders.h"
#include "tests/scenario.h"

enum { TWINS = 6000, STEPS = 4 };
static struct runs one, other;

static unsigned agent_of(char letter)
{
	return (unsigned)(strchr(AGENT_LETTERS, letter) - AGENT_LETTERS);
}

/* Where it blocks with the two at i the other way round, if they have nothing to do with each other. */
static bool same_end(int end, int swapped, int i)
{
	if (end == i)
		return swapped == i + 1 || swapped == i;
	return swapped == (end == i + 1 ? i : end);
}

/* How many pairs the model had no room for. */
static unsigned too_large;

/* `one` has been run in this order. Now with the steps at i and after it the other way round. */
static bool tells_not(const char *order, int i)
{
	char swapped[ORDER_MAX + 1];

	strcpy(swapped, order);
	swapped[i] = order[i + 1];
	swapped[i + 1] = order[i];
	other.q = one.q;
	run_alone(&other, swapped);
	too_large += one.too_large | other.too_large;
	return one.too_large || other.too_large ||
	       (same_end(one.end, other.end, i) && same_seen(&one, &other));
}

static void fail_for(const struct scenario *s, const char *order, int i, const struct step *x,
		     const struct step *y)
{
	draw_scenario(s);
	fail_msg("%s, order %s: %s and %s at %d are not independent", one.q.profile->name, order,
		 step_name(x), step_name(y), i);
}

/* Any order of a scenario, though it may block. */
static void any_order(const struct scenario *s, char *order, const struct step **steps)
{
	u8 next[AGENTS] = { 0 };
	unsigned left = 0, n = 0;

	for (unsigned a = 0; a < AGENTS; a++)
		left += s->agents[a].count;
	while (n < left) {
		unsigned a = any(AGENTS);

		if (next[a] == s->agents[a].count)
			continue;
		steps[n] = &s->agents[a].steps[next[a]++];
		order[n++] = AGENT_LETTERS[a];
	}
	order[n] = 0;
}

static void of_listings_by_chance(void **state)
{
	static const u8 trios[][3] = { { C0, C1, E }, { C0, C1, C2 }, { C1, E, E2 } };
	char order[ORDER_MAX + 1];
	const struct step *steps[ORDER_MAX];

	(void)state;
	for (unsigned twins = 0; twins < TWINS;) {
		const struct scenario *s = any_scenario(trios[any(3)], 3, STEPS);

		one.q = (struct model_query){ .scenario = s, .profile = run_profiles[any(2)] };
		any_order(s, order, steps);
		run_alone(&one, order);
		for (int i = 0; order[0] && order[i + 1]; i++) {
			unsigned a = agent_of(order[i]), b = agent_of(order[i + 1]);

			if (a == b || !independent(s, a, steps[i], b, steps[i + 1]))
				continue;
			twins++;
			if (!tells_not(order, i))
				fail_for(s, order, i, steps[i], steps[i + 1]);
		}
	}
	assert_true(too_large < TWINS / 100);
}

/*
 * Every two operations, side by side: before them something that they may meet, after them something that looks for what
 * they left.
 */
struct context {
	struct {
		bool is;
		u8 agent, op, a, b, c;
	} steps[6];
};
#define DO(agent, op, ...)                                                 \
	{                                                                  \
		true, agent, OP_##op, STEP_ARGS(0, ##__VA_ARGS__, 0, 0, 0) \
	}
#define CONTEXT(...)                \
	{                           \
		{                   \
			__VA_ARGS__ \
		}                   \
	}

static const struct context before[] = {
	CONTEXT({ 0 }),
	CONTEXT(DO(C0, load, A), DO(C1, load, A), DO(E, dma_read, A)),
	CONTEXT(DO(C0, load, A), DO(C0, cli), DO(C2, ipi, A)),
	CONTEXT(DO(C1, load, A), DO(C1, cli), DO(C2, ipi, A)),
	CONTEXT(DO(C0, cli), DO(C2, rcu_start)),
	CONTEXT(DO(C0, cli), DO(C1, rcu_start)),
	CONTEXT(DO(E, dma_read, A), DO(C2, iommu_queue, A)),
	CONTEXT(DO(C0, iommu_queue, A)),
	CONTEXT(DO(C0, lock, 0)),
	CONTEXT(DO(E, ats_request, A), DO(E2, ats_request, A)),
	CONTEXT(DO(E, ats_request_write, A), DO(E, page_request, A)),
	CONTEXT(DO(E, page_request, A)),
	CONTEXT(DO(C2, pte_age, A)),
	CONTEXT(DO(C2, pte_clean, A)),
	CONTEXT(DO(C0, pte_read, A, 6), DO(C1, pte_read, A, 7)),
	CONTEXT(DO(C0, pde_read, A, 6), DO(C1, pde_read, A, 7)),
	CONTEXT(DO(C2, pde_exchange, A, T1), DO(C0, load, A), DO(E, dma_read, A)),
	CONTEXT(DO(C2, pde_clear, A), DO(C2, cpu_flush, A), DO(C2, iommu_flush, A)),
	CONTEXT(DO(C0, load, A), DO(C1, cli), DO(C2, pde_clear, A), DO(C2, ipi, A)),
	CONTEXT(DO(C0, load, A), DO(E, dma_read, A), DO(C2, pde_clear, A), DO(C2, table_reuse, T0)),
};
/* The first is for half of them. */
static const struct context after[] = {
	CONTEXT(DO(C2, pte_exchange, A, K, RW), DO(C0, load_mark, A, 1), DO(C1, load_mark, A, 2),
		DO(E, dma_read_mark, A, 3), DO(E, ats_read, A, 4)),
	CONTEXT(DO(C2, pte_exchange, B, K, RW), DO(C0, load_mark, B, 1), DO(C1, load_mark, B, 2),
		DO(E, dma_read_mark, B, 3)),
	CONTEXT(DO(C2, pte_dirty, A, 1), DO(C2, pte_accessed, A, 2), DO(C2, pte_read, A, 3),
		DO(C2, put, P0, 4), DO(C2, word_read, 0, 5)),
	CONTEXT(DO(C2, pte_writable, A, 1)),
	CONTEXT(DO(C2, rcu_wait)),
	CONTEXT(DO(C1, rcu_wait)),
	CONTEXT(DO(C2, lock, 0), DO(C0, unlock, 0)),
	CONTEXT(DO(C0, unlock, 0), DO(C2, lock, 0)),
	CONTEXT(DO(C2, cpu_flush, A)),
	CONTEXT(DO(C2, ipi_wait)),
	CONTEXT(DO(C0, sti), DO(C2, ipi_wait), DO(C2, pte_exchange, A, K, RW),
		DO(C0, load_mark, A, 1)),
	CONTEXT(DO(C0, iommu_wait), DO(C2, pte_exchange, A, K, RW), DO(E, dma_read_mark, A, 1),
		DO(E, ats_write, A, X, 2), DO(E2, ats_read, A, 3)),
	CONTEXT(DO(C2, page_response, A), DO(E, page_wait, A)),
	CONTEXT(DO(E, page_wait, A)),
	CONTEXT(DO(C1, heed, C0)),
	CONTEXT(DO(C2, pde_read, A, 1), DO(C2, table_touched, T0, 2), DO(C2, table_touched, T1, 3),
		DO(C2, table_read, 1, A, 4)),
	CONTEXT(DO(C2, table_leaf, T0, A, K), DO(C0, load_mark, A, 1), DO(C1, load_mark, A, 2),
		DO(E, dma_read_mark, A, 3)),
	CONTEXT({ 0 }),
};

/* Where one of the two is about the device's entries. */
static const struct context entry_before[] = {
	CONTEXT({ 0 }),
	CONTEXT(DO(E, dma_read, A)),
	CONTEXT(DO(C2, entry_clear), DO(E, dma_read, A, 5)),
	CONTEXT(DO(E, dma_read, A), DO(C2, entry_root, B)),
	CONTEXT(DO(E, dma_read, A), DO(C2, entry_domain, B)),
	CONTEXT(DO(C2, entry_root, B), DO(C2, entry_clear), DO(C2, context_clear)),
	CONTEXT(DO(C2, context_clear), DO(C2, context_queue)),
	CONTEXT(DO(C2, entry_clear), DO(C2, pasid_queue), DO(C2, context_queue)),
	CONTEXT(DO(E, dma_read, A), DO(C2, pde_clear, A)),
	CONTEXT(DO(C2, entry_clear), DO(C2, pde_exchange, A, T1), DO(C2, table_reuse, T0)),
};
static const struct context entry_after[] = {
	CONTEXT(DO(E, dma_read_mark, A, 1)),
	CONTEXT(DO(C2, iommu_flush, A), DO(E, dma_read_mark, A, 1)),
	CONTEXT(DO(E, dma_read_mark, A, 1), DO(E, dma_read_mark, B, 2)),
	CONTEXT(DO(C2, context_queue), DO(C2, iommu_flush, A), DO(E, dma_read_mark, A, 1)),
	CONTEXT(DO(C2, pte_exchange, A, K, RW), DO(E, dma_read_mark, A, 1)),
	CONTEXT(DO(C2, pte_exchange, B, K, RW), DO(C2, iommu_flush, B), DO(E, dma_read_mark, A, 1)),
	CONTEXT(DO(C2, entry_set), DO(C2, context_set), DO(C2, entry_domain, A),
		DO(E, dma_read_mark, A, 1)),
	CONTEXT(DO(C2, entry_set), DO(E, dma_read_mark, A, 1), DO(C2, table_touched, T0, 2),
		DO(C2, table_touched, T1, 3)),
	CONTEXT(DO(C2, pde_clear, A), DO(C2, table_reuse, T0), DO(E, dma_read_mark, A, 1)),
};

/* A scenario that grows in one order. */
static struct {
	struct scenario s;
	struct step steps[AGENTS][STEPS_MAX];
	char order[ORDER_MAX + 1];
	unsigned length;
} made;

#define TO_OF(name, to, kind) to,
static const u8 tos[] = { OPS(TO_OF) };

static bool misfits; /* a step that is none where the device's entries change */

static const struct step *add(unsigned agent, unsigned op, u64 a, u64 b, u64 c)
{
	struct agent *x = &made.s.agents[agent];
	struct step *st = &made.steps[agent][x->count++];

	*st = (struct step){ .no = x->count,
			     .op = (u8)op,
			     .to = tos[op],
			     .a = (u8)a,
			     .b = (u8)b,
			     .c = (u8)c,
			     .args = "" };
	x->steps = made.steps[agent];
	made.s.tables |= !made.s.entry && op_info(op)->is & BY_TABLES;
	misfits |= made.s.entry && entry_misfit(&made.s, agent, st);
	if (op_info(op)->is & BY_BLOCK) {
		made.s.block = 2;
		made.s.page[B] = 1;
	}
	made.order[made.length++] = AGENT_LETTERS[agent];
	made.order[made.length] = 0;
	return st;
}

static void add_context(const struct context *x)
{
	for (unsigned i = 0; i < ARRAY_SIZE(x->steps) && x->steps[i].is; i++)
		add(x->steps[i].agent, x->steps[i].op, x->steps[i].a, x->steps[i].b, x->steps[i].c);
}

/* What a letter of op_info.arguments is here: the same place, frame and word for both, but for some. */
static u64 argument(char letter, bool observes, unsigned agent)
{
	bool first = agent == C0 || agent == E;

	switch (letter) {
	case 'o': /* what it makes, and what `before` may have made */
		return (observes ? 8 : 6) + !first;
	case 'f':
		return any(2) ? P0 : P1;
	case 'P':
	case 'p':
		return any(4) ? A : B;
	case 's':
		return first ? X : Y;
	case 'r':
		return RW;
	case 't':
		return SWAP;
	case 'v':
		return 1;
	case 'a':
		return first ? C1 : C0;
	case 'T':
		return any(2);
	default: /* word, lock */
		return 0;
	}
}

static const struct step *add_any(unsigned agent, unsigned op)
{
	const char *letters = op_info(op)->arguments;
	u64 given[3] = { 0 };

	for (unsigned i = 0; letters[i]; i++)
		given[i] = argument(letters[i], i + 1 == tos[op], agent);
	return add(agent, op, given[0], given[1], given[2]);
}

static bool is_device(unsigned op) { return op_info(op)->is & NO_CPU; }

static bool by_entry(unsigned op)
{
	return op_info(op)->is & BY_ENTRY || op == OP_pasid_queue || op == OP_context_queue;
}

static void two(unsigned x, unsigned y, const struct context *first, const struct context *last)
{
	unsigned agent_x = is_device(x) ? E : C0, agent_y = is_device(y) ? E2 : C1;
	bool entry = by_entry(x) || by_entry(y), tables = !any(entry ? 3 : 8);
	u8 state = entry ? LEAF_USED : (u8)any(3);

	if (entry) {
		first = &entry_before[any(ARRAY_SIZE(entry_before))];
		last = &entry_after[any(ARRAY_SIZE(entry_after))];
	}

	memset(&made.s, 0, sizeof made.s);
	made.length = 0;
	misfits = false;
	made.s = (struct scenario){ .tables = tables,
				    .entry = entry,
				    .beside = entry && !tables && any(2),
				    .content = { O, Y },
				    .maps = { { P0, RW, state },
					      { P1, entry && tables ? 0 : RW, state } },
				    .refs = { 1, 1 } };
	add_context(first);
	int i = (int)made.length;
	const struct step *step_x = add_any(agent_x, x), *step_y = add_any(agent_y, y);
	add_context(last);
	if (misfits || !independent(&made.s, agent_x, step_x, agent_y, step_y))
		return;
	one.q = (struct model_query){ .scenario = &made.s, .profile = run_profiles[any(2)] };
	run_alone(&one, made.order);
	if (!tells_not(made.order, i))
		fail_for(&made.s, made.order, i, step_x, step_y);
}

static void of_every_two(void **state)
{
	(void)state;
	too_large = 0;
	for (unsigned x = 0; x < OP_COUNT; x++)
		for (unsigned y = 0; y < OP_COUNT; y++)
			/* One of a kind beside another: who comes first is easy to think of as nothing. */
			for (unsigned i = 0; i < ARRAY_SIZE(before) * (x == y ? 4 : 1); i++)
				two(x, y, &before[i % ARRAY_SIZE(before)],
				    x < y ? after : &after[any(ARRAY_SIZE(after))]);
	assert_int_equal(too_large, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_every_two),
		cmocka_unit_test(of_listings_by_chance),
	};

	return cmocka_run_group_tests_name("independent", tests, runs_set_up, runs_tear_down);
}
