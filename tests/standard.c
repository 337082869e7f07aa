/* Pure: what a scenario may show, and what shows that it is a mutant. */
#include "tests/standard.h"
#include "kernel/format.h"
#include "kernel/string.h"
#include "tests/model/text.h"

static void learn(struct standard *g, const char *order, unsigned n)
{
	static struct oracle o;

	oracle_ask(&o, g->s, order, n == FREE ? MODEL_RACING : MODEL_STEPPED);
	g->allowed[n] = o.allowed;
	if (!g->wrong)
		g->wrong = o.wrong;
}

void standard_learn(struct standard *g, const struct scenario *s)
{
	g->s = s;
	g->wrong = NULL;
	g->orders = 0;
	/* What names its orders says nothing of others. */
	if (!s->orders[0].order)
		learn(g, NULL, FREE);
	do
		learn(g, s->orders[g->orders].order, g->orders);
	while (++g->orders < ORDERS && s->orders[g->orders].order);
}

const struct claim *standard_wants(const struct standard *g)
{
	if (g->s->fact.which)
		return g->s->fact.either ? NULL : g->s->fact.claim;
	return g->s->shows;
}

static bool allows(const struct outcomes *o, unsigned unseen, const struct outcome *seen)
{
	for (unsigned i = 0; i < o->count; i++) {
		bool equal = !memcmp(o->seen[i].holds, seen->holds, sizeof seen->holds);

		for (unsigned k = 0; k < OBSERVATIONS; k++)
			equal &= k == unseen || o->seen[i].saw[k] == seen->saw[k];
		if (equal)
			return true;
	}
	return false;
}

bool standard_breaks(const struct standard *g, const struct mutant *m, unsigned n,
		     const struct outcome *seen, char *text, size_t size)
{
	char what[120];

	for (unsigned i = 0; i < CLAIMS && g->s->forbid[i]; i++)
		if (g->s->forbid[i]->is_seen(seen)) {
			format(text, size, "forbidden %s", g->s->forbid[i]->name);
			return true;
		}
	if (allows(&g->allowed[n], m->unseen, seen))
		return false;
	format(text, size, "what is none of %u outcomes, %s", g->allowed[n].count,
	       model_text(what, sizeof what, g->s, seen));
	return true;
}
