/* Pure: what drops entries of TLBs, and who holds it off. */
#include "tests/model/steps.h"

static bool is_other_cpu(const struct explorer *x, unsigned c, unsigned d)
{
	return d != c && (x->s->agents[d].count || x->s->warm[d].count);
}

static void ask_all(const struct explorer *x, struct state *t, unsigned c, u64 place)
{
	flush(x, t, c, place);
	for (unsigned d = 0; d < CPU_AGENTS; d++)
		if (is_other_cpu(x, c, d))
			t->asked[d] |= ask(c, place);
}

static bool is_asked(const struct state *s, u16 what)
{
	for (unsigned d = 0; d < CPU_AGENTS; d++)
		if (s->asked[d] & what)
			return true;
	return false;
}

enum { ASKING, ASKED };

/* Our own first, then a request to every other; over when none is left. */
void move_cpu_flush(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (s->phase[c] == ASKED || (is_stepped(x, s) && s->masked & ~only(c)))
		return;
	ask_all(x, &t, c, st->a);
	t.phase[c] = ASKED;
	reach(x, &t);
}

bool over_cpu_flush(const struct state *s, unsigned c, const struct step *st)
{
	return s->phase[c] == ASKED && !is_asked(s, ask(c, st->a));
}

void move_ipi(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	ask_all(x, &t, c, st->a);
	step_done(&t, c);
	reach(x, &t);
}

bool over_ipi_wait(const struct state *s, unsigned c, const struct step *st)
{
	u16 any = 0;

	(void)st;
	for (unsigned p = 0; p < ADDRESSES; p++)
		any |= ask(c, p);
	return !is_asked(s, any);
}

void move_broadcast(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (s->phase[c] == ASKED)
		return;
	flush(x, &t, c, st->a);
	for (unsigned d = 0; d < CPU_AGENTS; d++)
		if (is_other_cpu(x, c, d))
			t.broadcast[d] |= (u8)only(c);
	t.phase[c] = ASKED;
	reach(x, &t);
}

bool over_broadcast(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	for (unsigned d = 0; d < CPU_AGENTS; d++)
		if (s->broadcast[d] & only(c))
			return false;
	return s->phase[c] == ASKED;
}

/* What rcu_start reads is set at once, and cleared by a store behind those of the section; not by one of the last. */
void move_cli(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	(void)st;
	if (s->word[INSIDE + c] && !(s->masked & only(c)))
		return;
	t.masked |= (u8)only(c);
	t.word[INSIDE + c] = true;
	step_done(&t, c);
	reach(x, &t);
}

void move_sti(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	(void)st;
	t.masked &= (u8)~only(c);
	put_word(x, &t, c, INSIDE + c, false);
	step_done(&t, c);
	reach(x, &t);
}

void move_rcu_start(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	(void)st;
	t.grace[c] = 0;
	for (unsigned d = 0; d < CPU_AGENTS; d++)
		if (d != c && s->word[INSIDE + d])
			t.grace[c] |= (u8)only(d);
	step_done(&t, c);
	reach(x, &t);
}

bool over_rcu_wait(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	return !s->grace[c];
}
