/* Pure: what is known of a scenario before its first step, and whether it can be executed. */
#include "kernel/string.h"
#include "tests/model/state.h"

/* Arguments of steps index memory: each in its range. */
static const char *misfit(unsigned agent, const struct step *st)
{
	if (st->op >= OP_COUNT || !(op_info(st->op)->move || op_info(st->op)->over))
		return "the model does not know this step";
	if (agent >= CPU_AGENTS && !op_info(st->op)->device)
		return "a device cannot do this step";
	switch (st->op) {
	case OP_tell:
	case OP_heed:
		return st->a < AGENTS ? NULL : "there is no such agent";
	case OP_lock:
	case OP_unlock:
		return st->a < LOCKS ? NULL : "there is no such lock";
	case OP_copy:
		return st->a < FRAMES && st->b < FRAMES ? NULL : "there is no such frame";
	case OP_reuse:
		return st->a < FRAMES ? NULL : "there is no such frame";
	case OP_pte_set:
		return st->a < PLACES && st->b < FRAMES ? NULL : "there is no such place or frame";
	default:
		return st->a < PLACES ? NULL : "there is no such place";
	}
}

static void check(struct explorer *x, unsigned agent, const struct agent *a)
{
	for (unsigned i = 0; i < a->count; i++) {
		const struct step *st = &a->steps[i];
		const char *sentence = st->no >= STEPS_MAX ? "too many steps" : misfit(agent, st);

		if (sentence)
			wrong(x, agent, st, sentence);
		else if (st->op == OP_pte_set || st->op == OP_pte_clear)
			x->places |= only((unsigned)st->a);
	}
}

/* The letters become agents; positions are counted from 1, without the step left out. */
static void take_order(struct explorer *x)
{
	u8 next[AGENTS] = { 0 }, position = 0;

	for (const char *p = x->q->order; p && *p; p++) {
		if (*p == ' ')
			continue;
		const char *letter = strchr(AGENT_LETTERS, *p);
		unsigned a = letter ? (unsigned)(letter - AGENT_LETTERS) : AGENTS;

		if (a == AGENTS || next[a] >= x->s->agents[a].count) {
			wrong(x, a, NULL, "the order has a letter without a step");
			return;
		}
		const struct step *st = &x->s->agents[a].steps[next[a]++];
		x->order[x->length++] = (u8)a;
		if (a != x->q->skip_agent || st->no != x->q->skip_step)
			x->seen.when[a][st->no] = ++position;
	}
	for (unsigned a = 0; x->q->order && a < AGENTS; a++)
		if (next[a] != x->s->agents[a].count)
			wrong(x, a, NULL, "the order leaves out steps");
}

/* Does an agent look at memory in its step i, or later before it fences? */
static bool looks_from(const struct explorer *x, unsigned agent, unsigned i)
{
	const struct agent *a = &x->s->agents[agent];

	for (; i < a->count; i++) {
		const struct op_info *op = op_info(a->steps[i].op);

		if (agent == x->q->skip_agent && a->steps[i].no == x->q->skip_step)
			continue;
		if (op->fences || op->looks)
			return op->looks;
	}
	return false;
}

bool prepare(struct explorer *x)
{
	for (unsigned a = 0; a < AGENTS; a++) {
		check(x, a, &x->s->agents[a]);
		check(x, a, &x->s->warm[a]);
	}
	take_order(x);
	for (unsigned a = 0; a < AGENTS && !x->result.wrong; a++)
		for (unsigned i = 0; i < x->s->agents[a].count; i++)
			if (looks_from(x, a, i))
				x->looks[a] |= 1u << i;
	return !x->result.wrong;
}
