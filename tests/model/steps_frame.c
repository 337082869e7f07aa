/* Pure: frames, by an alias that no test changes, and their references. */
#include "tests/model/steps.h"

void move_copy(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	step_stores(x, s, c, (unsigned)(CONTENT + st->b), look(s, c, (unsigned)(CONTENT + st->a)));
}

void move_peek(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	step_saw(&t, st, look(s, c, (unsigned)(CONTENT + st->a)));
	step_done(&t, c);
	reach(x, &t);
}

/* Two reads, in either order. */
enum { COMPARE_NONE, COMPARE_HAS_A, COMPARE_HAS_B };

void move_compare(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	u8 a = look(s, c, (unsigned)(CONTENT + st->a)), b = look(s, c, (unsigned)(CONTENT + st->b));
	struct state t = *s;

	switch (s->phase[c]) {
	case COMPARE_NONE:
		t.phase[c] = COMPARE_HAS_A;
		t.held[c] = a;
		reach(x, &t);
		t = *s;
		t.phase[c] = COMPARE_HAS_B;
		t.held[c] = b;
		break;
	default:
		step_saw(&t, st, yes(s->held[c] == (s->phase[c] == COMPARE_HAS_A ? b : a)));
		step_done(&t, c);
	}
	reach(x, &t);
}

/* A reference first, then content. */
enum { TAKING, TAKEN };

void move_reuse(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (s->phase[c] == TAKEN) {
		step_stores(x, s, c, (unsigned)(CONTENT + st->a), S);
		return;
	}
	put_word(x, &t, c, (unsigned)(REF + st->a), 1);
	t.phase[c] = TAKEN;
	reach(x, &t);
}

void move_alloc(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;
	bool is_free = !s->word[REF + st->a];

	if (s->phase[c] == TAKEN) {
		step_exchanges(x, s, c, (unsigned)(CONTENT + st->a), S);
		return;
	}
	step_saw(&t, st, yes(is_free));
	if (is_free) {
		t.word[REF + st->a] = 1;
		t.phase[c] = TAKEN;
	} else {
		step_done(&t, c);
	}
	reach(x, &t);
}

unsigned named_frame(const struct state *s, u64 observation)
{
	unsigned f = s->saw[observation] - (unsigned)FRAME_MARKS;

	return f < FRAMES ? f : FRAMES;
}

void step_nothing(struct explorer *x, const struct state *s, unsigned c)
{
	struct state t = *s;

	step_done(&t, c);
	reach(x, &t);
}

void move_store_seen(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	unsigned f = named_frame(s, st->a);

	if (f == FRAMES)
		step_nothing(x, s, c);
	else
		step_stores(x, s, c, CONTENT + f, (u8)st->b);
}

/* Locked, but for one of a free frame, which only looks. */
static void refer(struct explorer *x, const struct state *s, unsigned c, const struct step *st,
		  unsigned frame, int change, u8 saw)
{
	struct state t = *s;
	u8 *ref = &t.word[REF + frame];

	if (!fenced(s, c))
		return;
	*ref = (u8)(*ref + change);
	if (*ref > REF_MAX)
		wrong(x, c, st, "too many references");
	step_saw(&t, st, saw);
	step_done(&t, c);
	reach(x, &t);
}

static void refused(struct explorer *x, const struct state *s, unsigned c, const struct step *st,
		    u8 saw)
{
	struct state t = *s;

	step_saw(&t, st, saw);
	step_done(&t, c);
	reach(x, &t);
}

void move_get(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	refer(x, s, c, st, (unsigned)st->a, 1, NOTHING);
}

static void put(struct explorer *x, const struct state *s, unsigned c, const struct step *st,
		unsigned frame)
{
	u8 ref = look(s, c, REF + frame);

	if (ref)
		refer(x, s, c, st, frame, -1, (u8)COUNT(ref - 1));
	else
		refused(x, s, c, st, BLOCKED);
}

void move_put(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	put(x, s, c, st, (unsigned)st->a);
}

void move_put_seen(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	if (named_frame(s, st->a) == FRAMES)
		step_nothing(x, s, c);
	else
		put(x, s, c, st, named_frame(s, st->a));
}

void move_try_get(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	unsigned f = named_frame(s, st->a);

	if (f == FRAMES || !look(s, c, REF + f))
		refused(x, s, c, st, NO);
	else
		refer(x, s, c, st, f, 1, YES);
}

bool over_ref_wait(const struct state *s, unsigned c, const struct step *st)
{
	return look(s, c, (unsigned)(REF + st->a)) == st->b;
}
