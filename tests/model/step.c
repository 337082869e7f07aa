/* Pure: which step may come next, and what is done at once. */
#include "kernel/string.h"
#include "tests/model/steps.h"
#include "tests/model/touch.h"

static const struct agent *program(const struct explorer *x, const struct state *s, unsigned agent)
{
	return s->warming ? &x->s->warm[agent] : &x->s->agents[agent];
}

const struct step *step_of(const struct explorer *x, const struct state *s, unsigned agent)
{
	const struct agent *a = program(x, s, agent);

	return s->next[agent] < a->count ? &a->steps[s->next[agent]] : NULL;
}

/* Nobody is in the middle of a step, all that was stored is visible. */
static bool is_idle(const struct state *s)
{
	bool idle = true;

	for (unsigned a = 0; a < AGENTS; a++)
		idle &= !s->phase[a] && fenced(s, a);
	return idle;
}

static bool is_last(const struct explorer *x, const struct state *s)
{
	for (unsigned a = 0; a < AGENTS; a++)
		if (step_of(x, s, a))
			return false;
	/* Where it arrives by itself, nothing is on its way any more. */
	for (unsigned d = 0; d < DEVICES; d++)
		if (x->p->dma_in_flight && s->posted[d])
			return false;
	return is_idle(s);
}

bool is_end(const struct explorer *x, const struct state *s)
{
	return !s->warming && is_last(x, s);
}

/* Whose turn it is in the order; AGENTS where anybody may step. */
static unsigned turn(const struct explorer *x, const struct state *s)
{
	unsigned at = 0;

	for (unsigned a = 0; a < AGENTS; a++)
		if (!s->warming)
			at += s->next[a];
		else if (step_of(x, s, a))
			return a;
	return at < x->length ? x->order[at] : AGENTS;
}

static bool may_start(const struct explorer *x, const struct state *s, unsigned agent)
{
	if (s->phase[agent])
		return true;
	unsigned who = turn(x, s);
	return (who == AGENTS || who == agent) && (is_idle(s) || !is_stepped(x, s));
}

/* A guarded step whose guard does not hold. Observations are the agent's own: this does not change. */
static bool is_skipped(const struct state *s, const struct step *st)
{
	return st->if_saw && s->saw[st->if_saw] != st->is;
}

/* The end of a wait, and a step that does not happen, are nobody's business: they cost no state. */
static bool passes(const struct explorer *x, const struct state *t, unsigned agent)
{
	const struct step *st = step_of(x, t, agent);

	if (!st)
		return false;
	const struct op_info *op = op_info(st->op);
	bool ends = op->over && !(op->is & PASSING) && !(x->q->search & SPELL_WAITS) &&
		    op->over(t, agent, st);
	return (ends || is_skipped(t, st)) && may_start(x, t, agent);
}

static bool pass(const struct explorer *x, struct state *t)
{
	bool any = false;

	for (unsigned a = 0; a < AGENTS; a++)
		if (passes(x, t, a)) {
			step_done(t, a);
			any = true;
		}
	return any;
}

/* Only caches remember the warm-up, and A and D. */
static void warmed_up(const struct explorer *x, struct state *t)
{
	t->warming = false;
	memset(t->next, 0, sizeof t->next);
	memset(t->saw, NOTHING, sizeof t->saw);
	memcpy(t->word + CONTENT, x->s->content, FRAMES);
}

/* Step by step, whoever can answer an IPI does so before anything else happens. */
static void answer_all(const struct explorer *x, struct state *t)
{
	for (unsigned c = 0; c < CPU_AGENTS; c++)
		if (t->asked[c] && fenced(t, c) && !(t->masked & only(c)) &&
		    (is_stepped(x, t) || touch_answers(x, t, c)))
			answer(x, t, c);
}

void settle(const struct explorer *x, struct state *t)
{
	do {
		if (t->warming && is_last(x, t))
			warmed_up(x, t);
		answer_all(x, t);
	} while (pass(x, t));
	if (!(x->q->search & SPELL_LOADS))
		load_all(x, t);
	touch_forget(x, t);
}

static void advance(struct explorer *x, const struct state *s, unsigned agent)
{
	const struct step *st = step_of(x, s, agent);

	if (!st || !may_start(x, s, agent))
		return;
	const struct op_info *op = op_info(st->op);
	x->mover = (u8)agent;
	if (agent < CPU_AGENTS && s->pending[PENDING_MAX - 1].where) {
		x->result.complete = false; /* more stores than we have room for */
	} else if (op->over && op->over(s, agent, st)) {
		struct state t = *s;

		step_done(&t, agent);
		reach(x, &t);
	} else if (op->move && (!(op->is & FENCES) || fenced(s, agent))) {
		op->move(x, s, agent, st);
	}
}

void expand(struct explorer *x, const struct state *s)
{
	for (unsigned a = 0; a < AGENTS && !x->moves; a++)
		if (touch_first(x, s, a))
			advance(x, s, a);
	x->mover = AGENTS;
	for (unsigned c = 0; c < CPU_AGENTS && !x->moves; c++)
		if (touch_drains(x, s, c)) {
			struct state t = *s;

			drain(&t, c);
			reach(x, &t);
		}
	if (x->moves)
		return;
	for (unsigned a = 0; a < AGENTS; a++)
		advance(x, s, a);
	x->mover = AGENTS;
	cpu_spontaneous(x, s);
	iommu_spontaneous(x, s);
}
