/* Pure: software that synchronises, and what all steps are made of. */
#include "tests/model/steps.h"

void step_stores(struct explorer *x, const struct state *s, unsigned agent, unsigned word, u8 value)
{
	struct state t = *s;

	put_word(x, &t, agent, word, value);
	step_done(&t, agent);
	reach(x, &t);
}

void step_exchanges(struct explorer *x, const struct state *s, unsigned agent, unsigned word,
		    u8 value)
{
	struct state t = *s;

	t.word[word] = value;
	step_done(&t, agent);
	reach(x, &t);
}

/* Nothing but a fence, or not even that. */
void move_pass(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	struct state t = *s;

	(void)st;
	step_done(&t, agent);
	reach(x, &t);
}

void move_lock(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	unsigned word = (unsigned)(LOCK + st->a);

	if (!s->word[word])
		step_exchanges(x, s, agent, word, (u8)(agent + 1));
}

void move_unlock(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	step_stores(x, s, agent, (unsigned)(LOCK + st->a), 0);
}

void move_tell(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	step_stores(x, s, agent, TOLD + agent,
		    look(s, agent, TOLD + agent) | (u8)only((unsigned)st->a));
}

bool over_heed(const struct state *s, unsigned agent, const struct step *st)
{
	return s->word[TOLD + st->a] & only(agent);
}

void move_word_set(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	step_stores(x, s, agent, (unsigned)(SOFT + st->a), (u8)st->b);
}

void move_word_add(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	unsigned word = (unsigned)(SOFT + st->a);

	step_exchanges(x, s, agent, word, (u8)((s->word[word] + st->b) % COUNTS));
}

void move_word_read(struct explorer *x, const struct state *s, unsigned agent,
		    const struct step *st)
{
	u8 sees = (u8)COUNT(look(s, agent, (unsigned)(SOFT + st->a)));
	struct state t = *s;

	step_saw(&t, st, st->op == OP_word_same ? yes(sees == s->saw[st->b]) : sees);
	step_done(&t, agent);
	reach(x, &t);
}

bool over_word_wait(const struct state *s, unsigned agent, const struct step *st)
{
	return look(s, agent, (unsigned)(SOFT + st->a)) == st->b;
}
