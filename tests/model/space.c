/* Pure: address spaces of CPUs, and what drops which entries (catalogue 9.4). */
#include "tests/model/steps.h"

static unsigned home(const struct state *s, unsigned c) { return s->elsewhere & only(c) ? B : A; }

bool is_loaded(const struct explorer *x, const struct state *s, unsigned c, u64 place)
{
	return !x->s->spaces || home(s, c) == place;
}

unsigned mapped_by(const struct explorer *x, u64 place)
{
	return one_entry(x->s->spaces) || x->s->apart ? A : (unsigned)place;
}

bool is_paired(const struct explorer *x) { return x->s->spaces || x->s->large || x->s->apart; }

static bool is_global(const struct explorer *x, unsigned p)
{
	return x->s->global & GLOBAL(mapped_by(x, p)) && x->p->tlb.keeps_global;
}

/* Of two places that are one address: has the CPU's TLB entries of both under this one's PCID? */
static bool is_shared(const struct explorer *x, unsigned p)
{
	return x->s->spaces && (x->s->spaces == SAME_PCID || is_global(x, p));
}

u16 tlb_of(const struct explorer *x, const struct state *s, unsigned c, u64 place)
{
	u16 cached = s->tlb[c][place];

	for (unsigned p = 0; p < PLACES; p++)
		cached |= is_shared(x, p) ? s->tlb[c][p] : 0;
	return cached;
}

/* Set of places whose entries INVLPG drops. */
static u8 at_address(const struct explorer *x, const struct state *s, unsigned c, u64 place)
{
	u8 places = (u8)only(x->s->spaces ? home(s, c) : (unsigned)place);

	if (place == ELSEWHERE)
		return 0;
	for (unsigned p = 0; p < PLACES; p++)
		places |= is_shared(x, p) ? (u8)only(p) : 0;
	return places;
}

/* Set of places that are cached under the PCID of a place, without what a CR3 load leaves. */
static u8 under_pcid(const struct explorer *x, u64 place)
{
	bool own = x->p->tlb.pcid && (x->s->spaces == TWO_SPACES || x->s->spaces == TWO_PCIDS);
	u8 places = 0;

	for (unsigned p = 0; p < PLACES; p++)
		places |= !is_global(x, p) && (!own || p == place) ? (u8)only(p) : 0;
	return places;
}

/* Entries of places; and upper levels, of PCIDs: those of places. */
static void drop(const struct explorer *x, struct state *t, unsigned c, u8 places, u8 pcids)
{
	const struct step *st = step_of(x, t, c);

	for (unsigned p = 0; p < PLACES; p++) {
		if (places & only(p))
			t->tlb[c][p] = 0;
		else if (x->s->large &&
			 places) /* one page: any address of it will do (SDM 3A 4.10.4.1) */
			t->tlb[c][p] &= (u16)~only(entry_of(large_pte(p)));
		/* Upper levels go whatever the address (SDM 3A 4.10.4.1). */
		if (!x->s->spaces || pcids & only(p))
			t->psc[c] &= (u8) ~((only(TABLES) - 1) << upper_shift(x, p));
	}
	if (st && (st->op == OP_store || st->op == OP_store_once) && t->phase[c] >= STORE_WALKED) {
		t->phase[c] = ACCESS;
		t->held[c] = 0;
	}
}

enum { BOTH = (1 << PLACES) - 1 };

void flush(const struct explorer *x, struct state *t, unsigned c, u64 place)
{
	drop(x, t, c, at_address(x, t, c, place), (u8)only(home(t, c)));
}

/* One's own: a place's; all of the PCID but what is global; all. */
void move_flush(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (st->op == OP_invlpg && st->a < PLACES && !is_loaded(x, s, c, st->a))
		wrong(x, c, st, "the CPU has another address space loaded");
	if (st->op == OP_invlpg)
		flush(x, &t, c, st->a);
	else if (st->op == OP_flush_all)
		drop(x, &t, c, BOTH, BOTH);
	else
		drop(x, &t, c, under_pcid(x, home(s, c)), (u8)only(home(s, c)));
	step_done(&t, c);
	reach(x, &t);
}

void move_space_load(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (x->s->spaces)
		t.elsewhere = (u8)((t.elsewhere & ~only(c)) | (st->a == B ? only(c) : 0));
	if (st->b == DROP || !x->p->tlb.pcid)
		drop(x, &t, c, under_pcid(x, st->a), (u8)only((unsigned)st->a));
	step_done(&t, c);
	reach(x, &t);
}

void move_invpcid(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	u8 places = under_pcid(x, st->b);

	if (st->a == PCID_ADDRESS && !x->s->spaces)
		places &= (u8)only((unsigned)st->b);
	else if (st->a == ALL_PCIDS)
		places |= under_pcid(x, A) | under_pcid(x, B);
	else if (st->a == ALL_AND_GLOBAL)
		places = BOTH;
	drop(x, &t, c, places, st->a >= ALL_AND_GLOBAL ? BOTH : (u8)only((unsigned)st->b));
	step_done(&t, c);
	reach(x, &t);
}
