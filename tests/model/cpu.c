/* Pure: what CPUs do by themselves, catalogue 9.2. */
#include "tests/model/steps.h"

void answer(const struct explorer *x, struct state *t, unsigned c)
{
	for (unsigned p = 0; p < ADDRESSES; p++)
		for (unsigned i = 0; i < CPU_AGENTS; i++)
			if (t->asked[c] & ask(i, p))
				flush(x, t, c, p);
	t->asked[c] = 0;
}

/* An interrupt between two instructions: INVLPG, acknowledge. One request at a time, if there are several. */
static void interrupt(struct explorer *x, const struct state *s, unsigned c)
{
	for (unsigned i = 0; i < CPU_AGENTS; i++)
		for (unsigned p = 0; p < ADDRESSES; p++) {
			if (!(s->asked[c] & ask(i, p)))
				continue;
			struct state t = *s;

			t.asked[c] &= (u16)~ask(i, p);
			flush(x, &t, c, p);
			reach(x, &t);
		}
}

/* Without an interrupt, and without waiting for its stores. */
static void obey(struct explorer *x, const struct state *s, unsigned c)
{
	for (unsigned i = 0; i < CPU_AGENTS; i++) {
		if (!(s->broadcast[c] & only(i)))
			continue;
		struct state t = *s;

		t.broadcast[c] &= (u8)~only(i);
		flush(x, &t, c, step_of(x, s, i)->a);
		reach(x, &t);
	}
}

/* Walks for accesses that nobody makes. A CPU's walks see its own stores, as its loads do. */
static void load(struct explorer *x, const struct state *s, unsigned c)
{
	struct state t = *s;
	u8 all = all_upper_levels(x, s, c);

	t.psc[c] = all;
	if (x->s->tables && all != s->psc[c])
		reach(x, &t);
	for (unsigned p = 0; x->s->large && p < PLACES; p++) {
		t = *s;
		t.tlb[c][p] |= only(entry_of(large_pte(p)));
		if (is_large(look(s, c, PDE)) && t.tlb[c][p] != s->tlb[c][p])
			reach(x, &t);
	}
	for (unsigned i = 0; i < TABLES * PLACES; i++) {
		unsigned table = i / PLACES, p = i % PLACES;
		u8 pte = look(s, c, pte_word(table, mapped_by(x, p)));

		t = *s;
		t.tlb[c][p] |= only(entry_of(pte));
		if (x->places & only(p) && upper_levels(x, s, c, p) & only(table) &&
		    is_loaded(x, s, c, p) && pte_is(pte, PTE_ACCESSED) &&
		    t.tlb[c][p] != s->tlb[c][p])
			reach(x, &t);
	}
}

/* Tables that walks get to. */
static u8 walked(const struct explorer *x, const struct state *s)
{
	u8 tables = !x->s->entry || entry_leads(x, s)
			    ? iommu_upper_levels(x, s, A) | iommu_upper_levels(x, s, B)
			    : 0;

	for (unsigned c = 0; c < CPU_AGENTS; c++)
		for (unsigned p = 0; p < PLACES; p++)
			tables |= is_loaded(x, s, c, p) ? upper_levels(x, s, c, p) : 0;
	return tables;
}

/* A walk sets A before anything is cached (SDM 3A 4.10.2.3). */
static void touch(struct explorer *x, const struct state *s)
{
	for (unsigned word = PTE; word < PDE; word++) {
		if (!pte_is(s->word[word], 0) || s->word[word] & PTE_ACCESSED ||
		    !(walked(x, s) & only((word - PTE) / PLACES)))
			continue;
		struct state t = *s;

		t.word[word] |= PTE_ACCESSED;
		reach(x, &t);
	}
}

void cpu_spontaneous(struct explorer *x, const struct state *s)
{
	if (x->p->tlb.loads)
		touch(x, s);
	for (unsigned c = 0; c < CPU_AGENTS; c++) {
		if (!fenced(s, c)) {
			struct state t = *s;

			drain(&t, c);
			reach(x, &t);
		} else if (!(s->masked & only(c))) {
			interrupt(x, s, c);
		}
		obey(x, s, c);
		if (x->q->search & SPELL_LOADS && x->p->tlb.loads && is_there(x, c))
			load(x, s, c);
	}
}
