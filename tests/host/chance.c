#include "tests/host/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/memory.h"
#include "tests/model/state.h"
#include "tests/words.h"

#define TO_OF(name, to, kind) to,
static const u8 tos[] = { OPS(TO_OF) };

static bool tables;
static const struct scenario *entry; /* in which the device's entry changes */
static const u8 *who;                /* who takes part, how many */
static unsigned others;
static unsigned to, from; /* the last observation that was made; the last before this agent's */

unsigned any(unsigned below) { return random_u32() % below; }

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
		return who[any(others)];
	case 't':
		return any(2) ? MIGRATION : SWAP;
	case 'w':
	case 'l':
		return 0;
	case 'P':
		if (tables && !any(4))
			return ELSEWHERE;
		/* fall through */
	case 'p':
		return any(4) ? A : B;
	default: /* P0 or P1, T0 or T1 */
		return any(2);
	}
}

/* Two operations that half of the steps of a scenario are: what they have to do with each other shows. */
enum { THEMES = 2 };
static u8 theme[THEMES];

static bool fits(unsigned agent, unsigned op)
{
	return op_info(op)->arguments && (tables || !(op_info(op)->is & BY_TABLES)) &&
	       (entry || !(op_info(op)->is & BY_ENTRY)) &&
	       !(agent < CPU_AGENTS ? op_info(op)->is & NO_CPU : !(op_info(op)->is & DEVICE));
}

/* Some are there more than once: it is them that the others are about. */
static unsigned one_op(void)
{
	static const u8 often[] = { OP_load,     OP_store,       OP_pte_set,   OP_pte_clear,
				    OP_invlpg,   OP_cpu_flush,   OP_dma_write, OP_dma_read,
				    OP_pte_read, OP_iommu_flush, OP_store };

	switch (any(4)) {
	case 0:
		return often[any(sizeof often)];
	case 1:
		return any(OP_COUNT);
	default:
		return theme[any(THEMES)];
	}
}

/* All that may be refused are observed, so that none is trouble. */
static unsigned any_op(unsigned agent)
{
	unsigned op;

	do
		op = one_op();
	while (!fits(agent, op) || (tos[op] && to == OBSERVATIONS - 1));
	return op;
}

static struct step one_step(unsigned agent, unsigned no)
{
	struct step st = { .no = (u8)no, .op = (u8)any_op(agent) };
	const char *arguments = op_info(st.op)->arguments;
	u64 given[3] = { 0 };

	st.to = tos[st.op];
	st.args = "";
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

const struct scenario *any_scenario(const u8 *agents, unsigned count, unsigned steps)
{
	static const struct step warm_load = { .no = 1, .op = OP_load, .to = 2 },
				 warm_dma = { .no = 1, .op = OP_dma_read, .to = 2 };
	static struct step all[AGENTS][STEPS_MAX];
	static struct scenario s;

	who = agents;
	others = count;
	to = 0;
	bool used = any(2);
	for (unsigned i = 0; i < THEMES; i++)
		theme[i] = (u8)any(OP_COUNT);
	tables = !any(3);
	entry = !tables && !any(3) ? &s : NULL;
	s = (struct scenario){ .tables = tables,
			       .entry = entry != NULL,
			       .beside = entry && any(2),
			       .content = { O, Y },
			       .block = 2,
			       .page = { 0, 1 },
			       .maps = { { P0, RW }, { P1, RW } } };
	for (unsigned i = 0; i < count; i++) {
		unsigned agent = agents[i];

		from = to;
		s.agents[agent].steps = all[agent];
		s.agents[agent].count = (u8)any(steps + 1);
		for (unsigned n = 0; n < s.agents[agent].count; n++)
			all[agent][n] = any_step(agent, n + 1);
		if (any(2) && !(entry && agent == E2))
			s.warm[agent] = (struct agent){ .steps = agent < CPU_AGENTS ? &warm_load
										    : &warm_dma,
							.count = 1 };
	}
	for (unsigned p = 0; p < PLACES; p++) {
		s.maps[p].rights = (u8[]){ 0, RO, RW, RW }[any(4)];
		s.maps[p].state = used || entry ? LEAF_USED : (u8)any(3);
		s.refs[p] = (u8)any(3);
	}
	return &s;
}

void draw_scenario(const struct scenario *s)
{
	for (unsigned a = 0; a < AGENTS; a++) {
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];

			printf("# %c %u %s %u %u %u if %u is %s\n", AGENT_LETTERS[a], st->no,
			       step_name(st), st->a, st->b, st->c, st->if_saw, words_name(st->is));
		}
		if (s->warm[a].count)
			printf("# %c is warm\n", AGENT_LETTERS[a]);
	}
	printf("%s%s%s", s->tables ? "# tables\n" : "", s->entry ? "# entry\n" : "",
	       s->beside ? "# beside\n" : "");
	for (unsigned p = 0; p < PLACES; p++)
		printf("# maps P%u rights %u state %u refs %u\n", s->maps[p].frame,
		       s->maps[p].rights, s->maps[p].state, s->refs[p]);
}
