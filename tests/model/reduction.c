/* Pure: whose step may come first, by what steps read and change; and what nobody will look at any more. */
#include "tests/model/thing.h"
#include "tests/model/touch.h"

/* What can happen before this agent's next step, by others, or by itself: in any future without that step. */
static struct touch others(const struct explorer *x, const struct state *s, unsigned agent)
{
	struct touch t = { 0, 0 };

	for (unsigned a = 0; a < AGENTS; a++)
		if (a != agent) {
			t.reads |= x->later[a][s->next[a]].reads;
			t.changes |= x->later[a][s->next[a]].changes;
		}
	for (unsigned i = 0; i < PENDING_MAX && s->pending[i].where; i++)
		if (pending_cpu(&s->pending[i]) != agent)
			t.changes |= thing(pending_word(&s->pending[i]));
	for (unsigned c = 0; c < CPU_AGENTS; c++)
		if (s->asked[c] || s->broadcast[c]) {
			t.reads |= every_pte() | thing(INTERRUPTS + c);
			t.changes |= own_tlb(c) | thing(PSC + c);
		}
	if (s->queue[0]) {
		t.reads |= every_pte() | thing(ENTRY);
		t.changes |= thing(QUEUE) | thing(PASID) | thing(IPSC) | things(IOTLB, PLACES) |
			     things(DTLB, DEVICES * PLACES);
	}
	for (unsigned d = 0; d < DEVICES; d++)
		t.changes |= s->posted[d] ? lands(CPU_AGENTS + d) : 0;
	for (unsigned p = 0; p < PLACES; p++)
		if (x->aged & only(p))
			t.changes |= ptes(p) & ~every_pde();
	return t;
}

/* Loads by themselves, where they are transitions, read every PTE. */
static bool is_off(const struct explorer *x, const struct state *s)
{
	return s->warming || x->length || x->q->search & (SPELL_ORDERS | SPELL_LOADS);
}

bool touch_first(const struct explorer *x, const struct state *s, unsigned agent)
{
	if (is_off(x, s) || !step_of(x, s, agent))
		return false;
	struct touch mine = x->now[agent][s->next[agent]], theirs = others(x, s, agent);

	/* What stays in the store buffer changes nothing yet, but no interrupt is answered while it is there. */
	if (agent < CPU_AGENTS && !is_stepped(x, s))
		mine.reads |= own_tlb(agent);
	return !(mine.changes & (theirs.reads | theirs.changes)) && !(mine.reads & theirs.changes);
}

bool touch_drains(const struct explorer *x, const struct state *s, unsigned c)
{
	if (is_off(x, s) || fenced(s, c))
		return false;
	struct touch theirs = others(x, s, c);
	u64 word = thing(pending_word(oldest(s, c)));

	return !(word & (theirs.reads | theirs.changes));
}

void touch_forget(const struct explorer *x, struct state *t)
{
	u64 live = 0;
	u8 iotlb = 0;

	if (t->warming || x->q->search & SPELL_DEAD)
		return;
	for (unsigned a = 0; a < AGENTS; a++) {
		const struct touch *later = &x->later[a][t->next[a]];

		live |= later->reads | later->changes;
		iotlb |= x->uses[a][t->next[a]].iotlb;
	}
	for (unsigned w = CONTENT + FRAMES; w < INSIDE; w++)
		if (!(every_pde() & thing(w)) && !(live & thing(w)))
			t->word[w] = 0;
	for (unsigned p = 0; p < PLACES; p++)
		if (!(iotlb & only(p)))
			t->iotlb[p] = t->unsent[p] = 0;
	if (!iotlb)
		t->pasid = t->context = 0;
	for (unsigned a = 0; a < AGENTS; a++) {
		const struct uses *u = &x->uses[a][t->next[a]];

		for (unsigned p = 0; p < PLACES; p++)
			if (a < CPU_AGENTS && !(u->tlb & only(p)))
				t->tlb[a][p] = 0;
			else if (a >= CPU_AGENTS && !(u->dtlb & only(p)))
				t->dtlb[a - CPU_AGENTS][p] = 0;
	}
}

/* Where there are tables, what it remembers of them can be told by the A that it sets. */
bool touch_answers(const struct explorer *x, const struct state *s, unsigned c)
{
	return !(x->q->search & SPELL_ORDERS) && !s->warming && !x->s->tables &&
	       !x->uses[c][s->next[c]].tlb &&
	       !(x->later[c][s->next[c]].changes & thing(INTERRUPTS + c));
}
