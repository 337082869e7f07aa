/* Pure: every order of a scenario, depth first. */
#include "tests/orders.h"

/* What decides whether a step may run, after some steps. */
struct at {
	u8 next[AGENTS];
	bool told[AGENTS][AGENTS];
	u8 holder[LOCKS]; /* agent + 1 */
};

static bool finished(const struct scenario *s, const struct at *at, unsigned agent)
{
	return at->next[agent] >= s->agents[agent].count;
}

static bool enabled(const struct scenario *s, const struct at *at, unsigned agent)
{
	if (finished(s, at, agent))
		return false;
	const struct step *st = &s->agents[agent].steps[at->next[agent]];
	if (st->op == OP_heed)
		return at->told[st->a][agent];
	if (st->op == OP_lock)
		return !at->holder[st->a % LOCKS];
	return true;
}

static void advance(const struct scenario *s, struct at *at, unsigned agent)
{
	const struct step *st = &s->agents[agent].steps[at->next[agent]++];

	if (st->op == OP_tell)
		at->told[agent][st->a] = true;
	else if (st->op == OP_lock)
		at->holder[st->a % LOCKS] = (u8)(agent + 1);
	else if (st->op == OP_unlock)
		at->holder[st->a % LOCKS] = 0;
}

struct orders orders_each(const struct scenario *s, bool (*each)(void *arg, const char *order),
			  void *arg)
{
	static struct at path[ORDER_MAX + 1];
	struct orders count = { 0, 0 };
	char order[ORDER_MAX + 1];
	u8 choice[ORDER_MAX + 1]; /* the agent to try next at this depth */
	unsigned depth = 0;

	path[0] = (struct at){ 0 };
	choice[0] = 0;
	for (;;) {
		unsigned a = choice[depth];

		for (; a < AGENTS && !enabled(s, &path[depth], a); a++)
			;
		if (a < AGENTS) {
			choice[depth] = (u8)(a + 1);
			order[depth] = AGENT_LETTERS[a];
			path[depth + 1] = path[depth];
			advance(s, &path[++depth], a);
			choice[depth] = 0;
			continue;
		}
		if (!choice[depth]) {
			/* Nobody could step at all: the end, or everybody waits. */
			bool all = true;
			for (a = 0; a < AGENTS; a++)
				all &= finished(s, &path[depth], a);
			order[depth] = 0;
			if (!all)
				count.stuck++;
			else if (count.complete++, !each(arg, order))
				return count;
		}
		if (!depth)
			return count;
		depth--;
	}
}
