/* Pure: what CPUs do by themselves, catalogue 9.2. */
#include "kernel/string.h"
#include "tests/model/state.h"

/* The oldest store of a CPU becomes visible. */
static void drain(struct explorer *x, const struct state *s, unsigned c)
{
	struct state t = *s;
	struct pending *p = t.pending[c];

	t.word[p->word - 1] = p->value;
	memmove(p, p + 1, (PENDING_MAX - 1) * sizeof *p);
	p[PENDING_MAX - 1] = (struct pending){ 0, 0 };
	reach(x, &t);
}

/* An interrupt between two instructions: INVLPG, acknowledge. */
static void handle(struct explorer *x, const struct state *s, unsigned c, unsigned initiator)
{
	struct state t = *s;

	t.tlb[c][step_of(x, s, initiator)->a] = 0;
	t.asked[c] &= (u8)~only(initiator);
	reach(x, &t);
}

/* A walk for an access that nobody makes. A CPU's walks see its own stores, as its loads do. */
static void load(struct explorer *x, const struct state *s, unsigned c, unsigned place, u8 l)
{
	struct state t = *s;

	t.tlb[c][place] |= only(l);
	if (l && t.tlb[c][place] != s->tlb[c][place])
		reach(x, &t);
}

void cpu_spontaneous(struct explorer *x, const struct state *s)
{
	for (unsigned c = 0; c < CPU_AGENTS; c++) {
		if (!fenced(s, c))
			drain(x, s, c);
		for (unsigned i = 0; i < CPU_AGENTS; i++)
			if (s->asked[c] & only(i) && fenced(s, c))
				handle(x, s, c, i);
		for (unsigned p = 0; x->q->search & SPELL_LOADS && x->p->tlb.loads && p < PLACES;
		     p++)
			if (x->places & only(p))
				load(x, s, c, p, look(s, c, PTE + p));
	}
}
