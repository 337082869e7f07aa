/* Pure: page-table pages, by software. */
#include "tests/model/steps.h"

/* Also TABLE(LARGE). */
static u8 pde_symbol(u8 pde) { return pde ? (u8)TABLE(pde - 1) : EMPTY; }

void move_pde_look(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	u8 sees = pde_symbol(look(s, c, pde_word(x, st->a)));

	step_saw(&t, st, st->op == OP_pde_same ? yes(sees == s->saw[st->b]) : sees);
	step_done(&t, c);
	reach(x, &t);
}

void move_pde_set(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	step_stores(x, s, c, pde_word(x, st->a), (u8)(st->b + 1));
}

void move_pde_exchange(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	step_exchanges(x, s, c, pde_word(x, st->a),
		       st->op == OP_pde_exchange ? (u8)(st->b + 1) : 0);
}

/* Nothing if the observation names no table. */
void move_table_read(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	unsigned table = s->saw[st->a] - (unsigned)TABLES_FROM;

	if (table < TABLES)
		step_saw(&t, st, pte_symbol(look(s, c, pte_word(table, st->b))));
	step_done(&t, c);
	reach(x, &t);
}

void move_table_leaf(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	step_stores(x, s, c, pte_word((unsigned)st->a, st->b), pte_make(st->c, RW, LEAF_USED));
}

/* A store for each leaf. */
void move_table_reuse(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	unsigned word = pte_word((unsigned)st->a, s->phase[c]);
	u8 leaf = pte_make(Q1, RW, LEAF_FRESH);

	if (s->phase[c] == PLACES - 1) {
		step_stores(x, s, c, word, leaf);
		return;
	}
	put_word(x, &t, c, word, leaf);
	t.phase[c]++;
	reach(x, &t);
}

static void touched(struct explorer *x, const struct state *s, unsigned c, const struct step *st,
		    bool is)
{
	struct state t = *s;

	step_saw(&t, st, yes(is));
	step_done(&t, c);
	reach(x, &t);
}

/* The payload of a tag has no room for A and D: that a walk left one there is found out, if at all, here. */
void move_table_touched(struct explorer *x, const struct state *s, unsigned c,
			const struct step *st)
{
	bool marked = false, tagged = false;

	for (unsigned p = 0; p < PLACES; p++) {
		u8 pte = look(s, c, pte_word((unsigned)st->a, p));

		marked |= pte_is(pte, PTE_ACCESSED) || pte_is(pte, PTE_DIRTY);
		tagged |= pte && !pte_is(pte, 0);
	}
	touched(x, s, c, st, marked);
	if (!marked && tagged && x->p->marks_absent)
		touched(x, s, c, st, true);
}
