/* Pure: steps that put descriptors in the IOMMU's queue, or wait for it. */
#include "tests/model/iommu.h"
#include "tests/model/steps.h"

static unsigned place_of(const struct state *s, unsigned descriptor)
{
	unsigned at = 0;

	while (at < QUEUE_MAX && s->queue[at] != descriptor)
		at++;
	return at;
}

bool iommu_is_marking(const struct explorer *x, const struct state *s)
{
	for (unsigned a = 0; x->p->marks_late && a < AGENTS; a++) {
		const struct step *st = step_of(x, s, a);

		if (st && step_walks(st) && s->phase[a] >= DMA_MARKING)
			return true;
	}
	return false;
}

bool queue_put(struct explorer *x, struct state *t, u8 descriptor)
{
	unsigned at = place_of(t, NONE);

	if (iommu_is_marking(x, t))
		return false;
	if (at == QUEUE_MAX) {
		x->result.complete = false;
		return false;
	}
	t->queue[at] = descriptor;
	while (!x->p->queue_later && t->queue[0] && queue_execute(x, t, 0))
		;
	return true;
}

void move_iommu_queue(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	u8 what = st->op == OP_iommu_queue_leaf       ? INVALIDATE_LEAF
		  : st->op == OP_iommu_queue_no_drain ? INVALIDATE_NO_DRAIN
						      : INVALIDATE;

	if (!queue_put(x, &t, (u8)(what + st->a)))
		return;
	step_done(&t, c);
	reach(x, &t);
}

/* The places whose tags a descriptor names: two pages of one space, or one page as two devices have it. */
static bool is_of(const struct scenario *s, const struct step *st, unsigned place)
{
	return st->a == place || st->b == OF_ALL ||
	       (!two_tags(s->spaces) && (!s->entry || s->beside)) ||
	       (s->spaces == TWO_PASIDS && st->b == OF_DOMAIN);
}

/* As many descriptors, of which none is before another. */
void move_iommu_select(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	bool (*is)(const struct scenario *, const struct step *, unsigned) =
		st->op == OP_iommu_select ? is_of : is_in_block;
	struct state t = *s;

	for (unsigned p = 0; p < PLACES; p++)
		if (is(x->s, st, p) && !queue_put(x, &t, (u8)(INVALIDATE + p)))
			return;
	step_done(&t, c);
	reach(x, &t);
}

/* Where no entry changes it is nothing to anybody. */
void move_entry_queue(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (x->s->entry &&
	    !queue_put(x, &t, st->op == OP_pasid_queue ? FORGET_PASID : FORGET_CONTEXT))
		return;
	step_done(&t, c);
	reach(x, &t);
}

static void wait(struct explorer *x, const struct state *s, unsigned c, u8 waiting)
{
	struct state t = *s;

	if (!queue_put(x, &t, (u8)(WAIT + c)))
		return;
	t.phase[c] = waiting;
	reach(x, &t);
}

static bool status_arrived(const struct state *s, unsigned c)
{
	return place_of(s, WAIT + c) == QUEUE_MAX;
}

enum { WAITING = 1, FLUSH_QUEUED = 1, FLUSH_WAITING = 2 };

/* Who waits sees that the queue stands still, and why. */
static void mend(struct explorer *x, const struct state *s, bool discard)
{
	struct state t = *s;

	if (queue_mend(x, &t, discard))
		reach(x, &t);
}

void move_iommu_wait(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	if (s->phase[c] != WAITING)
		wait(x, s, c, WAITING);
	else
		mend(x, s, st->op == OP_iommu_wait_badly && st->a == DISCARD);
}

bool over_iommu_wait_badly(const struct state *s, unsigned c, const struct step *st)
{
	return over_iommu_wait(s, c, st) ||
	       (s->phase[c] == WAITING && st->a == GIVE_UP &&
		(place_of(s, REFUSED) != QUEUE_MAX || place_of(s, UNANSWERED) != QUEUE_MAX));
}

void move_queue_refused(struct explorer *x, const struct state *s, unsigned c,
			const struct step *st)
{
	struct state t = *s;

	if (!queue_put(x, &t, st->a == NO_ANSWER ? UNANSWERED : REFUSED))
		return;
	step_done(&t, c);
	reach(x, &t);
}

bool over_iommu_wait(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	return s->phase[c] == WAITING && status_arrived(s, c);
}

void move_iommu_flush(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (s->phase[c] == FLUSH_WAITING)
		mend(x, s, false);
	if (s->phase[c] == FLUSH_QUEUED)
		wait(x, s, c, FLUSH_WAITING);
	if (s->phase[c] || !queue_put(x, &t, (u8)(INVALIDATE + st->a)))
		return;
	t.phase[c] = FLUSH_QUEUED;
	reach(x, &t);
}

bool over_iommu_flush(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	return s->phase[c] == FLUSH_WAITING && status_arrived(s, c);
}
