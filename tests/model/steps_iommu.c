/* Pure: steps that use the IOMMU, its queue or its translation. */
#include "tests/model/iommu.h"
#include "tests/model/steps.h"

static unsigned place_of(const struct state *s, unsigned descriptor)
{
	unsigned at = 0;

	while (at < QUEUE_MAX && s->queue[at] != descriptor)
		at++;
	return at;
}

/* Into the queue; a unit that is asked executes at once if it is of that kind. False: no room. */
static bool queue(struct explorer *x, struct state *t, u8 descriptor)
{
	unsigned at = place_of(t, NONE);

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

	if (!queue(x, &t, (u8)(INVALIDATE + st->a)))
		return;
	step_done(&t, c);
	reach(x, &t);
}

static void wait(struct explorer *x, const struct state *s, unsigned c, u8 waiting)
{
	struct state t = *s;

	if (!queue(x, &t, (u8)(WAIT + c)))
		return;
	t.phase[c] = waiting;
	reach(x, &t);
}

static bool status_arrived(const struct state *s, unsigned c)
{
	return place_of(s, WAIT + c) == QUEUE_MAX;
}

enum { WAITING = 1, FLUSH_QUEUED = 1, FLUSH_WAITING = 2 };

void move_iommu_wait(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	if (s->phase[c] != WAITING)
		wait(x, s, c, WAITING);
}

bool over_iommu_wait(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	return s->phase[c] == WAITING && status_arrived(s, c);
}

void move_iommu_flush(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	if (s->phase[c] == FLUSH_QUEUED)
		wait(x, s, c, FLUSH_WAITING);
	if (s->phase[c] || !queue(x, &t, (u8)(INVALIDATE + st->a)))
		return;
	t.phase[c] = FLUSH_QUEUED;
	reach(x, &t);
}

bool over_iommu_flush(const struct state *s, unsigned c, const struct step *st)
{
	(void)st;
	return s->phase[c] == FLUSH_WAITING && status_arrived(s, c);
}

/* The access itself becomes visible. */
static void commit(struct state *t, unsigned agent, const struct step *st, u8 used)
{
	u8 *content = &t->word[CONTENT + leaf_frame(used)];

	if (st->op == OP_dma_write)
		*content = (u8)st->b;
	step_saw(t, st,
		 st->op == OP_dma_write  ? LANDED
		 : st->op == OP_dma_read ? *content
					 : (u8)MARK(leaf_frame(used)));
	t->dma[agent] = 0;
	step_done(t, agent);
}

/* The translation is there, or it is refused. */
static void translated(struct explorer *x, const struct state *s, unsigned agent,
		       const struct step *st, u8 used)
{
	struct state t = *s;

	t.dma[agent] = 0;
	if (!used) {
		step_saw(&t, st, BLOCKED);
		step_done(&t, agent);
	} else {
		cache_keep(&x->p->iotlb, &t.iotlb[st->a], used);
		if (x->p->dma_in_flight) {
			t.phase[agent] = DMA_TRANSLATED;
			t.dma[agent] = used;
		} else {
			commit(&t, agent, st, used);
		}
	}
	reach(x, &t);
}

void move_dma(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	bool write = st->op == OP_dma_write;
	struct state t = *s;
	u16 cached = s->iotlb[st->a];
	u8 use[LEAVES], walked = s->word[PTE + st->a];

	switch (s->phase[agent]) {
	case DMA_START:
		for (unsigned i = 0, n = cache_hits(&x->p->iotlb, cached, write, use); i < n; i++)
			translated(x, s, agent, st, use[i]);
		if (!cache_walks(&x->p->iotlb, cached, write))
			return;
		/* A walk that begins again cannot be told from one that began later. */
		if (!x->p->walk_in_steps || !(x->q->search & SPELL_WALKS)) {
			translated(x, s, agent, st, leaf_permits(walked, write) ? walked : 0);
			return;
		}
		t.dma[agent] = walked;
		t.phase[agent] = DMA_WALKED;
		break;
	case DMA_WALKED:
		translated(x, s, agent, st, leaf_permits(s->dma[agent], write) ? s->dma[agent] : 0);
		return;
	default:
		commit(&t, agent, st, s->dma[agent]);
	}
	reach(x, &t);
}
