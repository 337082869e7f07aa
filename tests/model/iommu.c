/* Pure: what the IOMMU does by itself, catalogue 9.3. */
#include "tests/model/iommu.h"
#include "kernel/string.h"

static void take_out(struct state *t, unsigned at)
{
	memmove(t->queue + at, t->queue + at + 1, QUEUE_MAX - 1 - at);
	t->queue[QUEUE_MAX - 1] = NONE;
}

/* Is agent's DMA to this place in that phase? */
static bool dma_is(const struct explorer *x, const struct state *s, unsigned agent, unsigned place,
		   unsigned phase)
{
	const struct step *st = step_of(x, s, agent);

	return st && s->phase[agent] == phase && step_is_dma(st) && st->a == place;
}

static bool in_flight(const struct explorer *x, const struct state *s, unsigned place)
{
	for (unsigned a = 0; a < AGENTS; a++)
		if (dma_is(x, s, a, place, DMA_DRAINED))
			return true;
	return false;
}

/* Entries go, walks that have read the old PTE begin again, accesses that used it are waited for. */
static void invalidate(const struct explorer *x, struct state *t, unsigned place)
{
	t->iotlb[place] = 0;
	for (unsigned a = 0; a < AGENTS; a++)
		if (dma_is(x, t, a, place, DMA_WALKED)) {
			t->phase[a] = DMA_START;
			t->held[a] = 0;
		} else if (dma_is(x, t, a, place, DMA_TRANSLATED)) {
			t->phase[a] = DMA_DRAINED;
		}
}

/* Descriptors start in any order, no wait of ours being a fence; a wait is done when all before it are. */
bool queue_execute(const struct explorer *x, struct state *t, unsigned at)
{
	u8 d = t->queue[at];

	if (d >= WAIT) {
		if (at)
			return false;
	} else if (d >= DRAIN) {
		if (in_flight(x, t, d - DRAIN))
			return false;
	} else {
		invalidate(x, t, d - INVALIDATE);
		if (in_flight(x, t, d - INVALIDATE)) {
			t->queue[at] = (u8)(d - INVALIDATE + DRAIN);
			return true;
		}
	}
	take_out(t, at);
	return true;
}

void iommu_spontaneous(struct explorer *x, const struct state *s)
{
	for (unsigned i = 0; i < QUEUE_MAX && s->queue[i]; i++) {
		struct state t = *s;

		if (queue_execute(x, &t, i))
			reach(x, &t);
	}
	for (unsigned p = 0; x->q->search & SPELL_LOADS && x->p->iotlb.loads && p < PLACES; p++) {
		struct state t = *s;
		u8 pte = s->word[PTE + p];

		t.iotlb[p] |= only(entry_of(pte));
		if (x->places & only(p) && pte_is(pte, PTE_ACCESSED) && t.iotlb[p] != s->iotlb[p])
			reach(x, &t);
	}
}
