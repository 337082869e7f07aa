/* Pure: mutants by the model. */
#include "kernel/format.h"
#include "kernel/string.h"
#include "tests/orders.h"
#include "tests/standard.h"
#include "tests/variant.h"

struct trial {
	const struct standard *g;
	const struct mutant *m;
	const struct scenario *s; /* the mutant */
	unsigned n;               /* which of the standard's orders */
	bool shown;               /* what must be */
	bool same;                /* all that the scenario may show */
	bool killed;
	const char *wrong;
	char *text;
	size_t size;
};

static void kill(struct trial *t, const char *what, const char *sentence)
{
	t->killed = true;
	format(t->text, t->size, "%s%s", what, sentence);
}

static void take_positions(const struct scenario *s, const char *order, struct outcome *seen)
{
	u8 next[AGENTS] = { 0 }, position = 0;

	for (; *order; order++) {
		const char *letter = strchr(AGENT_LETTERS, *order);
		unsigned a = letter ? (unsigned)(letter - AGENT_LETTERS) : AGENTS;

		if (*order != ' ' && a < AGENTS && next[a] < s->agents[a].count)
			seen->when[a][s->agents[a].steps[next[a]++].no] = ++position;
	}
}

static void judge(struct trial *t, const struct counted *c, const char *order)
{
	const struct claim *wanted = standard_wants(t->g);
	struct outcome seen = { 0 };

	memcpy(seen.saw, c->saw, sizeof seen.saw);
	memcpy(seen.holds, c->holds, sizeof seen.holds);
	if (order)
		take_positions(t->s, order, &seen);
	t->shown |= wanted && wanted->is_seen(&seen);
	t->killed |= standard_breaks(t->g, t->m, t->n, &seen, t->text, t->size);
}

/* All that the model allows in one order, or in all at once. ORDER_RAN, or the position of a step that blocks. */
static int ask(struct trial *t, const char *order)
{
	static struct oracle o;

	oracle_ask(&o, t->s, order, t->n == FREE ? MODEL_RACING : MODEL_STEPPED);
	if (o.refused)
		kill(t, "", o.wrong);
	for (unsigned i = 0; i < o.allowed.count && !t->killed; i++)
		judge(t, &o.allowed.seen[i], order);
	if (o.wrong)
		t->wrong = o.wrong;
	t->same &= o.allowed.count == t->g->allowed[t->n].count;
	if (order || !o.stuck)
		return o.allowed.count ? ORDER_RAN : o.reached;
	if (t->g->s->shows == &deadlock_claim)
		t->shown = true;
	else if (!t->killed)
		kill(t, "agents that wait for each other", "");
	return ORDER_RAN;
}

static int ask_one(void *arg, const char *order)
{
	struct trial *t = arg;
	bool same = t->same;
	int end = ask(t, order);

	t->same = same;
	return t->killed || t->wrong ? ORDERS_STOP : end;
}

/* Every order; each alone too, where claims ask for positions. */
static void ask_all(struct trial *t)
{
	ask(t, NULL);
	t->n = FREE;
	if (!t->killed && !t->wrong)
		ask(t, NULL);
	t->n = 0;
	if (!t->killed && !t->wrong && orders_matter(t->g->s))
		orders_each(t->s, ORDERS_ALL, ask_one, t);
}

enum fate standard_model(const struct standard *g, const struct mutant *m, char *text, size_t size)
{
	static struct variant v;
	struct trial t = {
		.g = g, .m = m, .s = &v.scenario, .same = true, .text = text, .size = size
	};
	const struct claim *wanted = standard_wants(g);

	if (!variant_make(&v, g->s, m->change))
		t.wrong = "it changes a step that is not there";
	else if (!g->s->orders[0].order)
		ask_all(&t);
	else
		for (; t.n < g->orders && !t.killed && !t.wrong; t.n++)
			if (ask(&t, variant_order(&v, g->s, m->change, g->s->orders[t.n].order)) >=
				    0 &&
			    !t.killed)
				kill(&t, "an order that does not come to its end", "");
	if (t.killed)
		return KILLED;
	bool gone = !t.wrong && wanted && !t.shown;
	format(text, size, "%s", t.wrong ? t.wrong : gone ? wanted->name : "");
	return t.wrong ? UNDECIDED : gone ? GONE : t.same ? NO_DIFFERENCE : SURVIVED;
}
