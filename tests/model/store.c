/* Pure: store buffers, TSO (SDM 3A 9.2). All CPUs' are one array, sorted by CPU, the oldest of each first. */
#include "kernel/string.h"
#include "tests/model/state.h"

/* pending.where: 0 is free. */
enum { WHOSE = 64 };
_Static_assert((unsigned)STATE_WORDS < WHOSE && CPU_AGENTS * WHOSE <= 256,
	       "a CPU and a word are a byte");
static u8 where(unsigned c, unsigned word) { return (u8)(c * WHOSE + word + 1); }

unsigned pending_cpu(const struct pending *p) { return p->where / WHOSE; }
unsigned pending_word(const struct pending *p) { return p->where % WHOSE - 1u; }

/* Where the stores of this CPU begin, or would. */
static unsigned first(const struct state *s, unsigned c)
{
	unsigned i = 0;

	while (i < PENDING_MAX && s->pending[i].where && pending_cpu(&s->pending[i]) < c)
		i++;
	return i;
}

static bool is_of(const struct state *s, unsigned i, unsigned c)
{
	return i < PENDING_MAX && s->pending[i].where && pending_cpu(&s->pending[i]) == c;
}

bool fenced(const struct state *s, unsigned agent)
{
	return !s->pending[0].where || agent >= CPU_AGENTS || !is_of(s, first(s, agent), agent);
}

const struct pending *oldest(const struct state *s, unsigned c) { return &s->pending[first(s, c)]; }

u8 look(const struct state *s, unsigned agent, unsigned word)
{
	u8 value = s->word[word];

	for (unsigned i = 0; agent < CPU_AGENTS && i < PENDING_MAX && s->pending[i].where; i++)
		if (s->pending[i].where == where(agent, word))
			value = s->pending[i].value;
	return value;
}

void arrive(struct state *t, unsigned word, u8 value)
{
	t->word[word] = value;
	/* Whoever waits for it to leave sees that it has. */
	for (unsigned c = 0; word >= INSIDE && word < STATE_WORDS && c < CPU_AGENTS; c++)
		t->grace[c] &= (u8)~only(word - INSIDE);
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
	return is_stepped(x, t) || !(x->looks[agent] & 1u << t->next[agent]);
}

void put_word(const struct explorer *x, struct state *t, unsigned agent, unsigned word, u8 value)
{
	if (at_once(x, t, agent)) {
		arrive(t, word, value);
		return;
	}
	unsigned at = first(t, agent);
	while (is_of(t, at, agent))
		at++;
	/* There is room: expand() sees to that. */
	memmove(t->pending + at + 1, t->pending + at, (PENDING_MAX - 1 - at) * sizeof *t->pending);
	t->pending[at] = (struct pending){ where(agent, word), value };
}

void drain(struct state *t, unsigned c)
{
	unsigned at = first(t, c);
	struct pending p = t->pending[at];

	memmove(t->pending + at, t->pending + at + 1, (PENDING_MAX - 1 - at) * sizeof *t->pending);
	t->pending[PENDING_MAX - 1] = (struct pending){ 0, 0 };
	arrive(t, pending_word(&p), p.value);
}
