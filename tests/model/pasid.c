/* Pure: the device's PASID entry and context entry, and what the unit keeps of them. */
#include "tests/model/steps.h"

/*
 * As memory has them. A unit reads Present with the domain id, and the rest no sooner: else no order of stores would be safe.
 * A root of 0 leads through frame 0, where a stranger's words look like leaves of Q1.
 */
enum { PRESENT = 1, DOMAIN_B = 2, ROOT = 4, ROOTS = 3, CONTEXT_PRESENT = 16 };

static unsigned domain_of(u8 entry) { return entry & DOMAIN_B ? B : A; }
static unsigned root_of(u8 entry)
{
	return entry / ROOT % 4;
} /* place + 1, or 0; of a stranger's: as of 0, but somebody said so */

/* state.pasid: entries, a domain id and a root each, and domain ids of which an entry has been read half. */
static unsigned path(unsigned domain, unsigned root) { return domain * ROOTS + root % ROOTS; }
static u8 half(unsigned domain) { return (u8)only(PATHS + domain); }

unsigned path_tag(const struct explorer *x, unsigned p, unsigned row)
{
	return x->s->beside ? row : p / ROOTS;
}

/* Rows of leaves, a table each: page A by either root is in T0, the page beside it in T1; with tables A is in the one that is walked. */
static unsigned leaf_word(unsigned p, unsigned row) { return pte_word(row, p % ROOTS - 1); }

u8 path_leaf(const struct state *s, unsigned p, unsigned row)
{
	return p % ROOTS ? s->word[leaf_word(p, row)] : pte_make(Q1, RW, LEAF_USED);
}

void path_mark(struct state *t, unsigned p, unsigned row, u8 pte)
{
	if (p % ROOTS)
		t->word[leaf_word(p, row)] = pte;
}

u8 path_rows(const struct explorer *x, const struct state *s, unsigned p)
{
	if (x->s->beside)
		return only(A) | only(B);
	return p % ROOTS && x->s->tables ? iommu_upper_levels(x, s, A) : (u8)only(T0);
}

bool entry_leads(const struct explorer *x, const struct state *s)
{
	return entry_paths(x, s) & (only(path(A, A + 1)) | only(path(B, A + 1)));
}

u8 entry_start(const struct scenario *s)
{
	return s->entry ? CONTEXT_PRESENT | ROOT * (A + 1) | PRESENT : 0;
}

void entry_load(const struct explorer *x, struct state *t)
{
	u8 entry = t->word[ENTRY];
	bool context = entry & CONTEXT_PRESENT || t->context & CACHED;

	if (!x->s->entry)
		return;
	if (keeps_absence(x, 0))
		t->context |= (entry & CONTEXT_PRESENT ? 0 : NO_CONTEXT) |
			      (context && !(entry & PRESENT) ? NO_PASID : 0);
	if (!x->p->pasid_cache)
		return;
	t->context |= entry & CONTEXT_PRESENT ? CACHED : 0;
	if (context && entry & PRESENT)
		t->pasid |= half(domain_of(entry));
	for (unsigned d = A; d < PLACES; d++)
		if (t->pasid & half(d))
			t->pasid |= (u8)only(path(d, root_of(entry)));
}

void entry_forget(struct state *t, unsigned descriptor)
{
	if (descriptor == FORGET_CONTEXT) {
		t->context &= NO_PASID;
		return;
	}
	t->context &= (u8)~NO_PASID;
	t->pasid &=
		(u8) ~(half(A) | only(path(A, 0)) | only(path(A, A + 1)) | only(path(A, B + 1)));
}

static bool is_present(const struct state *s)
{
	const u8 both = PRESENT | CONTEXT_PRESENT;

	return (s->word[ENTRY] & both) == both;
}

u8 entry_paths(const struct explorer *x, const struct state *s)
{
	u8 entry = s->word[ENTRY], now = (u8)only(path(domain_of(entry), root_of(entry)));

	if (x->p->present_late)
		return root_of(entry) && (s->context & CACHED || is_present(s)) ? now : 0;
	return (u8)((s->context & CACHED ? s->pasid & (only(PATHS) - 1) : 0) |
		    (is_present(s) ? now : 0));
}

bool entry_refuses(const struct explorer *x, const struct state *s)
{
	return s->context & (NO_CONTEXT | NO_PASID) ||
	       (x->p->present_late ? !entry_paths(x, s) : !is_present(s));
}

bool entry_keeps_absence(const struct explorer *x, const struct state *s)
{
	return x->s->entry && keeps_absence(x, 0) && entry_refuses(x, s);
}

static void stores(struct explorer *x, const struct state *s, unsigned c, u8 without, u8 with)
{
	step_stores(x, s, c, ENTRY, (u8)((look(s, c, ENTRY) & ~without) | with));
}

void move_entry(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	switch (st->op) {
	case OP_entry_clear:
		stores(x, s, c, PRESENT, 0);
		break;
	case OP_entry_set:
		stores(x, s, c, 0, PRESENT);
		break;
	case OP_entry_root:
		stores(x, s, c, ROOT * 3, (u8)(ROOT * (st->a + 1)));
		break;
	case OP_entry_domain:
		stores(x, s, c, DOMAIN_B, st->a == B ? DOMAIN_B : 0);
		break;
	case OP_context_clear:
		stores(x, s, c, CONTEXT_PRESENT, 0);
		break;
	case OP_context_set:
		stores(x, s, c, 0, CONTEXT_PRESENT);
		break;
	default: /* entry_wipe: two stores */
		if (s->phase[c]) {
			stores(x, s, c, ROOT * 3 | DOMAIN_B, 0);
			break;
		}
		put_word(x, &t, c, ENTRY, (u8)(look(s, c, ENTRY) & ~PRESENT));
		t.phase[c] = 1;
		reach(x, &t);
	}
}
