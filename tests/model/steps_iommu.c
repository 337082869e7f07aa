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

/* A unit that stores A and D late does so before it takes anything from the queue. */
static bool is_marking(const struct explorer *x, const struct state *s)
{
	for (unsigned a = 0; x->p->marks_late && a < AGENTS; a++) {
		const struct step *st = step_of(x, s, a);

		if (st && step_is_dma(st) && s->phase[a] == DMA_MARKING)
			return true;
	}
	return false;
}

/* Into the queue; a unit that is asked executes at once if it is of that kind. False: not now, or no room. */
static bool queue(struct explorer *x, struct state *t, u8 descriptor)
{
	unsigned at = place_of(t, NONE);

	if (is_marking(x, t))
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
	u8 *content = &t->word[CONTENT + entry_frame(used)];

	if (st->op == OP_dma_write)
		*content = (u8)st->b;
	step_saw(t, st,
		 st->op == OP_dma_write  ? LANDED
		 : st->op == OP_dma_read ? *content
					 : (u8)MARK(entry_frame(used)));
	step_done(t, agent);
}

/* The translation is there, or it is refused. */
static void translated(struct explorer *x, const struct state *s, unsigned agent,
		       const struct step *st, u8 used)
{
	struct state t = *s;

	t.held[agent] = 0;
	if (!used) {
		step_saw(&t, st, BLOCKED);
		step_done(&t, agent);
	} else {
		cache_keep(&x->p->iotlb, &t.iotlb[st->a], used);
		/* Step by step nobody can tell when it ends. */
		if (x->p->dma_in_flight && (!is_stepped(x, s) || x->q->search & SPELL_WALKS)) {
			t.phase[agent] = DMA_TRANSLATED;
			t.held[agent] = used;
		} else {
			commit(&t, agent, st, used);
		}
	}
	reach(x, &t);
}

/* Where one is set that it wants it takes both for set: QEMU's vtd_set_flag_in_pte(). */
static struct walk iommu_walk(const struct explorer *x, u8 pte, bool write)
{
	struct walk w = walk(pte, write);

	if (x->p->marks_one && w.entry && pte & (write ? PTE_ACCESSED | PTE_DIRTY : PTE_ACCESSED))
		return (struct walk){ entry_of(pte), pte };
	return w;
}

static void dma_walks(struct explorer *x, const struct state *s, unsigned agent,
		      const struct step *st)
{
	u8 pte = s->word[PTE + st->a];
	struct walk w = iommu_walk(x, pte, st->op == OP_dma_write);
	struct state t = *s;

	if (x->p->marks_late && w.pte != pte) {
		t.phase[agent] = DMA_MARKING;
		t.held[agent] = w.pte;
		reach(x, &t);
		return;
	}
	t.word[PTE + st->a] = w.pte;
	/* A walk that begins again cannot be told from one that began later. */
	if (!x->p->walk_in_steps || !(x->q->search & SPELL_WALKS)) {
		translated(x, &t, agent, st, w.entry);
		return;
	}
	t.phase[agent] = DMA_WALKED;
	t.held[agent] = w.entry;
	reach(x, &t);
}

void move_dma(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	bool write = st->op == OP_dma_write;
	u16 cached = s->iotlb[st->a];
	struct state t = *s;
	u8 use[ENTRIES];

	switch (s->phase[agent]) {
	case DMA_START:
		for (unsigned i = 0, n = cache_hits(&x->p->iotlb, cached, write, use); i < n; i++)
			translated(x, s, agent, st, use[i]);
		if (cache_walks(&x->p->iotlb, cached, write))
			dma_walks(x, s, agent, st);
		break;
	case DMA_MARKING:
		t.word[PTE + st->a] = s->held[agent];
		translated(x, &t, agent, st, entry_of(s->held[agent]));
		break;
	case DMA_WALKED:
		translated(x, s, agent, st, s->held[agent]);
		break;
	default:
		commit(&t, agent, st, s->held[agent]);
		reach(x, &t);
	}
}
