/* Pure: page-table entries, by software. */
#include "tests/model/steps.h"

static unsigned pte_of(const struct step *st) { return (unsigned)(PTE + st->a); }

void move_pte_look(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	u8 pte = look(s, c, pte_of(st)), sees = pte_symbol(pte);

	if (st->op == OP_pte_same)
		sees = yes(sees == s->saw[st->b]);
	else if (st->op != OP_pte_read)
		sees = yes(pte_is(pte, st->op == OP_pte_dirty      ? PTE_DIRTY
				       : st->op == OP_pte_writable ? PTE_WRITE
								   : PTE_ACCESSED));
	step_saw(&t, st, sees);
	step_done(&t, c);
	reach(x, &t);
}

void move_pte_set(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	step_stores(x, s, c, pte_of(st), pte_make(st->b, st->c, LEAF_USED));
}

void move_pte_write_back(struct explorer *x, const struct state *s, unsigned c,
			 const struct step *st)
{
	struct state t = *s;

	t.unsent[st->a] = 0;
	step_done(&t, c);
	reach(x, &t);
}

void move_pte_fill(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	unsigned f = named_frame(s, st->b);

	if (f == FRAMES)
		step_nothing(x, s, c);
	else
		step_stores(x, s, c, pte_of(st), pte_make(f, st->c, LEAF_USED));
}

void move_pte_exchange(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	u8 *pte = &t.word[pte_of(st)];

	if (st->op == OP_pte_clear_dirty)
		step_saw(&t, st, yes(pte_is(*pte, PTE_DIRTY)));
	*pte = st->op == OP_pte_exchange ? pte_make(st->b, st->c, LEAF_USED)
	       : st->op == OP_pte_tag    ? (u8)st->b
					 : 0;
	step_done(&t, c);
	reach(x, &t);
}

/* Locked, but for an entry that is not present, which is only looked at. */
void move_pte_drop(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	u8 bit = st->op == OP_pte_wrprotect ? PTE_WRITE
		 : st->op == OP_pte_clean   ? PTE_DIRTY
					    : PTE_ACCESSED;

	if (pte_is(look(s, c, pte_of(st)), 0)) {
		if (!fenced(s, c))
			return;
		t.word[pte_of(st)] &= (u8)~bit;
	}
	step_done(&t, c);
	reach(x, &t);
}
