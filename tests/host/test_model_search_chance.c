/* The same as tests/host/test_model_search.c, for listings made by chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/host/memory.h"
#include "tests/host/searched.h"
#include "tests/model/state.h"

#define TO_OF(name, to, kind) to,

enum { LISTINGS = 400, STEPS = 3 };

static bool tables;
static const struct scenario *entry; /* in which the device's entry changes */
static unsigned third;               /* agent, besides C0 and C1 */
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

	while (entry && entry_misfit(entry, agent, &st)) {
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
	searched = (struct searched){ 0 };
	for (unsigned i = 0; i < LISTINGS; i++) {
		struct scenario s = { .content = { O, Y },
				      .maps = { { P0, RW }, { P1, RW } },
				      .block = 2,
				      .page = { 0, 1 } };

		to = 0;
		s.tables = tables = !any(3);
		entry = !tables && !any(4) ? &s : NULL;
		s.entry = entry != NULL;
		s.beside = entry && any(2);
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
		short_cuts(&s, spelled[i % SPELLED]);
		modes(&s);
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
