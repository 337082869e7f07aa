/* Pure: store buffers, TSO (SDM 3A 9.2). */
#include "kernel/string.h"
#include "tests/model/state.h"

bool fenced(const struct state *s, unsigned agent)
{
	return agent >= CPU_AGENTS || !s->pending[agent][0].word;
}

u8 look(const struct state *s, unsigned agent, unsigned word)
{
	u8 value = s->word[word];

	for (unsigned i = 0; agent < CPU_AGENTS && i < PENDING_MAX; i++)
		if (s->pending[agent][i].word == word + 1)
			value = s->pending[agent][i].value;
	return value;
}

/*
 * A late store is one thing and a late step another only if its CPU looks at memory in between: when it finds the
 * page or what to store, or in a later step. Where it does not, a late step is enough, and others see the store at once.
 */
static bool at_once(const struct explorer *x, const struct state *t, unsigned agent)
{
	if (agent >= CPU_AGENTS)
		return true;
	if (x->q->search & SPELL_STORES || !fenced(t, agent))
		return false;
	return t->warming || x->q->mode == MODEL_STEPPED ||
	       !(x->looks[agent] & 1u << t->next[agent]);
}

void put_word(const struct explorer *x, struct state *t, unsigned agent, unsigned word, u8 value)
{
	if (at_once(x, t, agent)) {
		t->word[word] = value;
		return;
	}
	for (unsigned i = 0; i < PENDING_MAX; i++)
		if (!t->pending[agent][i].word) {
			t->pending[agent][i] = (struct pending){ (u8)(word + 1), value };
			return;
		}
}
