/* Pure: steps of CPUs, and of memory. */
#include "tests/model/steps.h"

static unsigned translations(const struct explorer *x, const struct state *s, unsigned c,
			     unsigned place, bool write, u8 out[LEAVES + 1])
{
	unsigned n = cache_hits(&x->p->tlb, s->tlb[c][place], write, out);
	u8 walked = look(s, c, PTE + place);

	if (cache_walks(&x->p->tlb, s->tlb[c][place], write))
		out[n++] = leaf_permits(walked, write) ? walked : 0;
	return n;
}

/* What a load or store has come to. The handler's IRET lets nothing pass that is still in the store buffer. */
enum { ACCESS, FAULTED };

static void fault(const struct explorer *x, struct state *t, unsigned c, const struct step *st)
{
	if (x->p->tlb.drops_fault)
		t->tlb[c][st->a] = 0;
	step_saw(t, st, BLOCKED);
	t->phase[c] = FAULTED;
}

bool over_access(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	return s->phase[c] == FAULTED && fenced(s, c);
}

void move_load(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	u8 use[LEAVES + 1];
	unsigned n = s->phase[c] == ACCESS ? translations(x, s, c, (unsigned)st->a, false, use) : 0;

	for (unsigned i = 0; i < n; i++) {
		struct state t = *s;
		unsigned frame = leaf_frame(use[i]);

		if (!use[i]) {
			fault(x, &t, c, st);
		} else {
			cache_keep(&x->p->tlb, &t.tlb[c][st->a], use[i]);
			step_saw(&t, st,
				 st->op == OP_load ? look(s, c, CONTENT + frame) : (u8)MARK(frame));
			step_done(&t, c);
		}
		reach(x, &t);
	}
}

/* A stale entry that refuses costs a #PF and a second try, as if it had not been there (tests/ops.h: store). */
void move_store(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	u8 use[LEAVES + 1];
	unsigned n = s->phase[c] == ACCESS ? translations(x, s, c, (unsigned)st->a, true, use) : 0;

	for (unsigned i = 0; i < n; i++) {
		struct state t = *s;

		if (use[i]) {
			cache_keep(&x->p->tlb, &t.tlb[c][st->a], use[i]);
			put_word(x, &t, c, CONTENT + leaf_frame(use[i]), (u8)st->b);
			step_saw(&t, st, LANDED);
			step_done(&t, c);
		} else {
			if (!st->c && !s->warming)
				wrong(x, c, st, "a store that must go through can take #PF");
			fault(x, &t, c, st);
		}
		reach(x, &t);
	}
}

static void store(struct explorer *x, const struct state *s, unsigned agent, unsigned word,
		  u8 value)
{
	struct state t = *s;

	put_word(x, &t, agent, word, value);
	step_done(&t, agent);
	reach(x, &t);
}

void move_copy(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	store(x, s, c, (unsigned)(CONTENT + st->b), look(s, c, (unsigned)(CONTENT + st->a)));
}

void move_reuse(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	store(x, s, c, (unsigned)(CONTENT + st->a), S);
}

void move_pte_set(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	store(x, s, c, (unsigned)(PTE + st->a), leaf(st->b, st->c));
}

void move_unlock(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	store(x, s, agent, (unsigned)(LOCK + st->a % LOCKS), 0);
}

void move_tell(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	store(x, s, agent, TOLD + agent, look(s, agent, TOLD + agent) | (u8)only((unsigned)st->a));
}

bool over_heed(const struct state *s, unsigned agent, const struct step *st)
{
	return s->word[TOLD + st->a] & only(agent);
}

/* Locked: at once, in memory. */
static void exchange(struct explorer *x, const struct state *s, unsigned agent, unsigned word,
		     u8 value)
{
	struct state t = *s;

	t.word[word] = value;
	step_done(&t, agent);
	reach(x, &t);
}

void move_pte_clear(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	exchange(x, s, c, (unsigned)(PTE + st->a), 0);
}

void move_lock(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	unsigned word = (unsigned)(LOCK + st->a % LOCKS);

	if (!s->word[word])
		exchange(x, s, agent, word, (u8)(agent + 1));
}

void move_invlpg(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	t.tlb[c][st->a] = 0;
	step_done(&t, c);
	reach(x, &t);
}

/* Our own first, then a request to every other; over when none is left. */
void move_cpu_flush(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (s->phase[c])
		return;
	t.tlb[c][st->a] = 0;
	for (unsigned d = 0; d < CPU_AGENTS; d++)
		if (d != c && (x->s->agents[d].count || x->s->warm[d].count))
			t.asked[d] |= (u8)only(c);
	t.phase[c] = 1;
	reach(x, &t);
}

bool over_cpu_flush(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	for (unsigned d = 0; d < CPU_AGENTS; d++)
		if (s->asked[d] & only(c))
			return false;
	return s->phase[c] == 1;
}
