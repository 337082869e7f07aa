/* Pure: loads, stores and fetches of CPUs, through translation. */
#include "tests/model/steps.h"

enum { TRANSLATIONS = ENTRIES + TABLES + 1 };

static unsigned translations(const struct explorer *x, const struct state *s, unsigned c,
			     unsigned place, bool write, struct walk out[TRANSLATIONS])
{
	u16 cached = tlb_of(x, s, c, place);
	u8 hits[ENTRIES], tables = upper_levels(x, s, c, place),
			  pde = look(s, c, pde_word(x, place));
	unsigned n = cache_hits(&x->p->tlb, cached, write, hits);

	for (unsigned i = 0; i < n; i++)
		out[i] = (struct walk){ .entry = hits[i] };
	if (!cache_walks(&x->p->tlb, cached, write))
		return n;
	for (unsigned table = 0; table < TABLES; table++) {
		u8 pte = look(s, c, pte_word(table, mapped_by(x, place)));
		struct walk w = walk(pte, write);

		w.table = (u8)table;
		/* What is cached and needs no mark is among the hits. */
		if (tables & only(table) && !(w.entry && w.pte == pte && cached & only(w.entry)))
			out[n++] = w;
	}
	if (is_large(pde))
		out[n++] = (struct walk){ .entry = entry_of(large_pte(place)) };
	if (!pde || has_left(x, s, c))
		out[n++] = (struct walk){ 0 };
	return n;
}

/* A and D are set in memory, at once: a PTE that is still in the store buffer has them (tests/ops.h: pte_set). */
static void use(const struct explorer *x, struct state *t, unsigned c, unsigned place,
		struct walk w)
{
	unsigned word = pte_word(w.table, mapped_by(x, place));

	if (w.pte && w.pte != look(t, c, word))
		t->word[word] = w.pte;
	cache_keep(&x->p->tlb, &t->tlb[c][place], w.entry);
}

/* pte: what it was refused by. */
static u8 code_of(const struct step *st, u8 pte)
{
	unsigned kind = st->op == OP_fetch                              ? FAULT_USER | FAULT_FETCH
			: st->op == OP_store || st->op == OP_store_once ? FAULT_WRITE
									: 0;

	return (u8)COUNT(kind | (pte & PTE_PRESENT ? FAULT_PRESENT : 0));
}

static void fault(const struct explorer *x, struct state *t, unsigned c, const struct step *st,
		  u8 pte)
{
	u16 other = t->tlb[c][!st->a];

	t->code[c] = x->codes ? code_of(st, pte) : 0;
	if (x->p->tlb.drops_fault)
		flush(x, t, c, st->a);
	/* INVLPG drops all pieces of a large page, a fault the one that was used (SDM 3A 4.10.2.3, 4.10.4.1). */
	if (x->s->large && x->p->fractures)
		t->tlb[c][!st->a] = other;
	step_saw(t, st, BLOCKED);
	t->phase[c] = ACCESS_FAULTED;
}

bool over_access(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	return s->phase[c] == ACCESS_FAULTED && fenced(s, c);
}

static bool is_elsewhere(struct explorer *x, const struct state *s, unsigned c,
			 const struct step *st)
{
	if (is_loaded(x, s, c, st->a))
		return false;
	wrong(x, c, st, "the CPU has another address space loaded");
	return true;
}

/* A stale entry that refuses costs a #PF, which drops it; a second try is as if it had not been there (tests/ops.h: store). */
static void refuse(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	bool forbids = false;

	for (unsigned e = 1; e < ENTRIES; e++)
		forbids |= tlb_of(x, s, c, st->a) & only(e) && entry_kind((u8)e) == CACHED_READS;
	if (st->op == OP_store || !x->p->spurious || !forbids)
		return;
	fault(x, &t, c, st, PTE_PRESENT);
	reach(x, &t);
}

/* What an access that only looks sees of the frame it reached. */
static u8 sees(const struct state *s, unsigned c, const struct step *st, unsigned frame)
{
	return st->op == OP_load    ? look(s, c, CONTENT + frame)
	       : st->op == OP_fetch ? YES
				    : (u8)MARK(frame);
}

/* To fetch takes the right that to store does. */
void move_load(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	if (is_elsewhere(x, s, c, st))
		return;
	struct walk w[TRANSLATIONS];
	const bool fetch = st->op == OP_fetch;
	unsigned n = s->phase[c] == ACCESS ? translations(x, s, c, (unsigned)st->a, fetch, w) : 0;

	if (fetch && s->phase[c] == ACCESS)
		refuse(x, s, c, st);
	for (unsigned i = 0; i < n; i++) {
		struct state t = *s;
		unsigned frame = entry_frame(w[i].entry);

		if (!w[i].entry) {
			fault(x, &t, c, st, w[i].pte);
		} else {
			use(x, &t, c, (unsigned)st->a, w[i]);
			step_saw(&t, st, sees(s, c, st, frame));
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
	unsigned word = pte_word(s->phase[c] - STORE_WALKED, mapped_by(x, st->a));
	u8 pte = s->word[word], held = s->held[c];

	t.held[c] = 0;
	t.phase[c] = ACCESS;
	if ((pte & ~PTE_ACCESSED) == (held & ~(PTE_ACCESSED | PTE_WRITE))) {
		t.word[word] |= PTE_DIRTY;
		land(x, &t, c, st, pte & PTE_FRAME);
	} else {
		reach(x, &t);
	}
}

static void store_walks(struct explorer *x, const struct state *s, unsigned c,
			const struct step *st)
{
	for (unsigned table = 0; table < TABLES; table++) {
		struct state t = *s;
		u8 pte = look(s, c, pte_word(table, mapped_by(x, st->a)));

		if (!x->p->late_dirty || is_stepped(x, s) ||
		    !(upper_levels(x, s, c, st->a) & only(table)) || !pte_is(pte, PTE_WRITE) ||
		    pte & PTE_DIRTY)
			continue;
		t.held[c] = pte;
		t.phase[c] = (u8)(STORE_WALKED + table);
		reach(x, &t);
	}
}

void move_store(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	if (is_elsewhere(x, s, c, st))
		return;
	struct walk w[TRANSLATIONS];
	unsigned n = s->phase[c] == ACCESS ? translations(x, s, c, (unsigned)st->a, true, w) : 0;

	if (s->phase[c] >= STORE_WALKED) {
		store_walked(x, s, c, st);
	} else if (s->phase[c] == ACCESS) {
		store_walks(x, s, c, st);
		refuse(x, s, c, st);
	}
	for (unsigned i = 0; i < n; i++) {
		struct state t = *s;

		if (w[i].entry) {
			use(x, &t, c, (unsigned)st->a, w[i]);
			land(x, &t, c, st, entry_frame(w[i].entry));
			continue;
		}
		if (!st->c && !s->warming)
			wrong(x, c, st, "a store that must go through can take #PF");
		fault(x, &t, c, st, w[i].pte);
		reach(x, &t);
	}
}

void move_fault_code(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (s->saw[st->a] == BLOCKED)
		step_saw(&t, st, s->code[c]);
	step_done(&t, c);
	reach(x, &t);
}
