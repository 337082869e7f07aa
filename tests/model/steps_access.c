/* Pure: loads and stores of CPUs, through translation. */
#include "tests/model/steps.h"

static unsigned translations(const struct explorer *x, const struct state *s, unsigned c,
			     unsigned place, bool write, struct walk out[ENTRIES + 1])
{
	u16 cached = s->tlb[c][place];
	u8 hits[ENTRIES], pte = look(s, c, PTE + place);
	unsigned n = cache_hits(&x->p->tlb, cached, write, hits);
	struct walk w = walk(pte, write);

	for (unsigned i = 0; i < n; i++)
		out[i] = (struct walk){ hits[i], pte };
	if (cache_walks(&x->p->tlb, cached, write) &&
	    !(w.entry && w.pte == pte && cached & only(w.entry)))
		out[n++] = w;
	return n;
}

/* A and D are set in memory, at once: a PTE that is still in the store buffer has them (tests/ops.h: pte_set). */
static void use(const struct explorer *x, struct state *t, unsigned c, unsigned place,
		struct walk w)
{
	if (w.pte != look(t, c, PTE + place))
		t->word[PTE + place] = w.pte;
	cache_keep(&x->p->tlb, &t->tlb[c][place], w.entry);
}

static void fault(const struct explorer *x, struct state *t, unsigned c, const struct step *st)
{
	if (x->p->tlb.drops_fault)
		t->tlb[c][st->a] = 0;
	step_saw(t, st, BLOCKED);
	t->phase[c] = ACCESS_FAULTED;
}

bool over_access(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	return s->phase[c] == ACCESS_FAULTED && fenced(s, c);
}

void move_load(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct walk w[ENTRIES + 1];
	unsigned n = s->phase[c] == ACCESS ? translations(x, s, c, (unsigned)st->a, false, w) : 0;

	for (unsigned i = 0; i < n; i++) {
		struct state t = *s;
		unsigned frame = entry_frame(w[i].entry);

		if (!w[i].entry) {
			fault(x, &t, c, st);
		} else {
			use(x, &t, c, (unsigned)st->a, w[i]);
			step_saw(&t, st,
				 st->op == OP_load ? look(s, c, CONTENT + frame) : (u8)MARK(frame));
			step_done(&t, c);
		}
		reach(x, &t);
	}
}

static void land(struct explorer *x, struct state *t, unsigned c, const struct step *st,
		 unsigned frame)
{
	put_word(x, t, c, CONTENT + frame, (u8)st->b);
	step_saw(t, st, LANDED);
	step_done(t, c);
	reach(x, t);
}

/*
 * The walk has read an entry with W=1 and D=0. If W goes away before D is set, then D is set all the same on CPUs
 * without CET, and the store goes through (SDM 3A 4.8).
 */
static void store_walked(struct explorer *x, const struct state *s, unsigned c,
			 const struct step *st)
{
	struct state t = *s;
	u8 pte = s->word[PTE + st->a], held = s->held[c];

	t.held[c] = 0;
	t.phase[c] = ACCESS;
	if ((pte & ~PTE_ACCESSED) == (held & ~(PTE_ACCESSED | PTE_WRITE))) {
		t.word[PTE + st->a] |= PTE_DIRTY;
		land(x, &t, c, st, pte & PTE_FRAME);
	} else {
		reach(x, &t);
	}
}

static void store_walks(struct explorer *x, const struct state *s, unsigned c,
			const struct step *st)
{
	struct state t = *s;
	u8 pte = look(s, c, PTE + (unsigned)st->a);

	if (!x->p->late_dirty || is_stepped(x, s) || !pte_is(pte, PTE_WRITE) || pte & PTE_DIRTY)
		return;
	t.held[c] = pte;
	t.phase[c] = STORE_WALKED;
	reach(x, &t);
}

/* A stale entry that refuses costs a #PF and a second try, as if it had not been there (tests/ops.h: store). */
void move_store(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct walk w[ENTRIES + 1];
	unsigned n = s->phase[c] == ACCESS ? translations(x, s, c, (unsigned)st->a, true, w) : 0;

	if (s->phase[c] == STORE_WALKED)
		store_walked(x, s, c, st);
	else if (s->phase[c] == ACCESS)
		store_walks(x, s, c, st);
	for (unsigned i = 0; i < n; i++) {
		struct state t = *s;

		if (w[i].entry) {
			use(x, &t, c, (unsigned)st->a, w[i]);
			land(x, &t, c, st, entry_frame(w[i].entry));
			continue;
		}
		if (!st->c && !s->warming)
			wrong(x, c, st, "a store that must go through can take #PF");
		fault(x, &t, c, st);
		reach(x, &t);
	}
}
