/* Pure: what the IOMMU does by itself, catalogue 9.3. */
#include "tests/model/iommu.h"
#include "kernel/string.h"

static void take_out(struct state *t, unsigned at)
{
	memmove(t->queue + at, t->queue + at + 1, QUEUE_MAX - 1 - at);
	t->queue[QUEUE_MAX - 1] = NONE;
}

/* Is agent's step of this kind to this place in that phase? */
static bool is_at(const struct explorer *x, const struct state *s, unsigned agent,
		  bool kind(const struct step *st), unsigned place, unsigned phase)
{
	const struct step *st = step_of(x, s, agent);

	/* By whatever domain id: who is not waited for is no worse than who comes later. */
	return st && s->phase[agent] == phase && kind(st) &&
	       (x->s->entry || x->s->spaces == ONE_DOMAIN || st->a == place);
}

/* What is remembered of a PDE. That there was none is not where places have PDEs of their own. */
static unsigned upper_mask(const struct explorer *x)
{
	return (only(TABLES) - 1u) | (x->s->absence ? NO_TABLE : 0);
}

void iommu_forgets(const struct explorer *x, struct state *t, unsigned place, bool leaf)
{
	t->iotlb[place] = 0;
	if (x->s->spaces == ONE_DOMAIN)
		t->iotlb[A] = t->iotlb[B] = 0;
	for (unsigned p = 0; x->s->large && !x->p->fractures && p < PLACES; p++)
		t->iotlb[p] &= (u16)~only(entry_of(large_pte(p)));
	if (!leaf)
		t->ipsc &= (u8) ~(upper_mask(x) << upper_shift(x, place));
	for (unsigned a = 0; a < AGENTS; a++)
		if (is_at(x, t, a, step_walks, place, DMA_WALKED)) {
			t->phase[a] = DMA_START;
			t->held[a] = 0;
		}
}

/* The same, and accesses that used what is gone are waited for. */
static bool invalidate(const struct explorer *x, struct state *t, unsigned place, bool leaf)
{
	bool drained = true;

	iommu_forgets(x, t, place, leaf);
	for (unsigned a = 0; a < AGENTS; a++) {
		if (is_at(x, t, a, step_is_dma, place, DMA_TRANSLATED))
			t->phase[a] = DMA_DRAINED;
		drained &= !is_at(x, t, a, step_is_dma, place, DMA_DRAINED);
	}
	return drained;
}

/*
 * What is on its way: writes arrive before a device says that it has dropped what they used, answers that were overtaken
 * are thrown away. One with a flaw keeps those, or says so too early; of writes that one was too early for it knows the next time.
 */
static void overtakes(const struct explorer *x, struct state *t, unsigned device, unsigned place)
{
	u8 what = t->posted[device];

	if (!what || post_place(what) != place)
		return;
	if (post_is(what) == POSTED_ANSWER) {
		if (x->s->flaw != DMA_KEEPS_LATE_ANSWERS)
			t->posted[device] = t->posted_by[device] = 0;
	} else if (post_is(what) == POSTED_WRITE && x->s->flaw == DMA_CONFIRMS_EARLY) {
		t->posted[device] = post(OVERTAKEN_WRITE, place, post_symbol(what));
	} else {
		device_lands(x, t, device);
	}
}

/* The same in a device: an answer that is on its way is thrown away, and asked for again. */
static bool invalidate_device(const struct explorer *x, struct state *t, unsigned device,
			      unsigned place)
{
	unsigned a = CPU_AGENTS + device;

	t->dtlb[device][place] = 0;
	overtakes(x, t, device, place);
	if (is_at(x, t, a, step_is_request, place, DMA_TRANSLATED)) {
		t->phase[a] = DMA_START;
		t->held[a] = 0;
	} else if (is_at(x, t, a, step_is_translated, place, DMA_TRANSLATED)) {
		t->phase[a] = DMA_DRAINED;
	}
	return !is_at(x, t, a, step_is_translated, place, DMA_DRAINED);
}

/*
 * What is filled from a cache is not told before that, if both are queued (VT-d 6.5.2.12): the IOTLB after entries, PASID entries after
 * context entries; a device after the IOTLB, by which of its descriptors ever: so say 6.5.2.5 and whoever queues both at once.
 */
static bool is_behind(const struct state *s, unsigned at, unsigned first, unsigned end)
{
	while (at-- > 0)
		if (s->queue[at] >= first && s->queue[at] < end)
			return true;
	return false;
}

static bool queue_is_error(unsigned descriptor)
{
	return descriptor == REFUSED || descriptor == UNANSWERED;
}

/* While it waits for a device, a unit may go on with what it has fetched; one that takes one after the other has fetched nothing. */
static bool is_stopped(const struct explorer *x, const struct state *s, unsigned at)
{
	for (unsigned i = 0; i <= at; i++)
		if (s->queue[i] == REFUSED ||
		    (s->queue[i] == UNANSWERED && (i == at || !x->p->queue_later)))
			return true;
	return false;
}

/* Waits behind one that nobody answered are void, and put again: in the place where they were. */
bool queue_mend(struct explorer *x, struct state *t, bool discard)
{
	unsigned at = 0;

	while (at < QUEUE_MAX && !queue_is_error(t->queue[at]))
		at++;
	if (at == QUEUE_MAX)
		return false;
	if (discard)
		memset(t->queue + at, NONE, QUEUE_MAX - at);
	else
		take_out(t, at);
	while (!x->p->queue_later && t->queue[0] && queue_execute(x, t, 0))
		;
	return true;
}

/* What has begun becomes this, until it is drained. */
static bool begun(struct state *t, unsigned at, unsigned descriptor, bool drained)
{
	t->queue[at] = (u8)descriptor;
	if (drained)
		take_out(t, at);
	return true;
}

/* Descriptors start in any order but for that, no wait of ours being a fence; a wait is done when all before it are. */
bool queue_execute(const struct explorer *x, struct state *t, unsigned at)
{
	unsigned d = t->queue[at];

	if (is_stopped(x, t, at))
		return false;
	if (d >= WAIT) {
		if (at)
			return false;
		take_out(t, at);
		return true;
	}
	if (d >= FORGET_PASID) {
		if (is_behind(t, at, d + 1, REFUSED))
			return false;
		entry_forget(t, d);
		take_out(t, at);
		return true;
	}
	if (d >= INVALIDATE_DEVICE) {
		bool begins = d < DRAIN_DEVICE;
		unsigned what = d - (begins ? INVALIDATE_DEVICE : DRAIN_DEVICE);
		unsigned agent = CPU_AGENTS + what / PLACES, place = what % PLACES;

		if (begins && is_behind(t, at, INVALIDATE, INVALIDATE_DEVICE))
			return false;
		if (begins)
			return begun(t, at, DRAIN_DEVICE + what,
				     invalidate_device(x, t, what / PLACES, place));
		return !is_at(x, t, agent, step_is_translated, place, DMA_DRAINED) &&
		       begun(t, at, d, true);
	}
	if ((d < DRAIN || d >= INVALIDATE_LEAF) && is_behind(t, at, FORGET_PASID, REFUSED))
		return false;
	if (d < DRAIN)
		return begun(t, at, d - INVALIDATE + DRAIN,
			     invalidate(x, t, d - INVALIDATE, false));
	if (d >= INVALIDATE_NO_DRAIN) {
		iommu_forgets(x, t, d - INVALIDATE_NO_DRAIN, false);
		take_out(t, at);
		return true;
	}
	if (d >= INVALIDATE_LEAF)
		return begun(t, at, d - INVALIDATE_LEAF + DRAIN,
			     invalidate(x, t, d - INVALIDATE_LEAF, true));
	for (unsigned a = 0; a < AGENTS; a++)
		if (is_at(x, t, a, step_is_dma, d - DRAIN, DMA_DRAINED))
			return false;
	return begun(t, at, d, true);
}

/* Walks that no device asked for. */
static void load(struct explorer *x, const struct state *s)
{
	struct state t = *s;
	u8 upper = all_iommu_upper_levels(x, s);

	entry_load(x, &t);
	if (t.pasid != s->pasid || t.context != s->context)
		reach(x, &t);
	for (unsigned i = 0; x->s->entry && i < PATHS * TABLES; i++) {
		unsigned p = i % PATHS, row = i / PATHS;
		u8 leaf = iommu_sees(x, path_leaf(s, p, row));

		t = *s;
		t.iotlb[path_tag(x, p, row)] |= only(entry_of(leaf));
		if (entry_paths(x, s) & only(p) && path_rows(x, s, p) & only(row) &&
		    pte_is(leaf, PTE_ACCESSED))
			reach(x, &t);
	}
	t = *s;
	t.iotlb[A] |= ABSENCE;
	if (entry_keeps_absence(x, s) && t.iotlb[A] != s->iotlb[A])
		reach(x, &t);
	t = *s;
	t.ipsc = upper;
	if (x->s->tables && upper != s->ipsc && (!x->s->entry || entry_leads(x, s)))
		reach(x, &t);
	if (x->s->entry)
		return;
	for (unsigned p = 0; p < PLACES && x->s->large && is_large(s->word[PDE]); p++) {
		t = *s;
		t.iotlb[p] |= only(entry_of(large_pte(p)));
		if (t.iotlb[p] != s->iotlb[p])
			reach(x, &t);
	}
	for (unsigned p = 0; p < PLACES; p++) {
		t = *s;
		t.iotlb[p] |= only(entry_of(iommu_sees(x, s->unsent[p])));
		if (pte_is(s->unsent[p], PTE_ACCESSED) && t.iotlb[p] != s->iotlb[p])
			reach(x, &t);
	}
	for (unsigned i = 0; i < TABLES * PLACES; i++) {
		unsigned table = i / PLACES, p = i % PLACES, tag = iotlb_tag(x, p);
		u8 pte = iommu_sees(x, s->word[pte_word(table, mapped_by(x, p))]);

		t = *s;
		t.iotlb[tag] |= only(entry_of(pte));
		if (x->places & only(p) && iommu_upper_levels(x, s, p) & only(table) &&
		    (pte_is(pte, PTE_ACCESSED) || keeps_absence(x, pte)) &&
		    t.iotlb[tag] != s->iotlb[tag])
			reach(x, &t);
	}
}

void iommu_spontaneous(struct explorer *x, const struct state *s)
{
	for (unsigned i = 0; i < QUEUE_MAX && s->queue[i]; i++) {
		struct state t = *s;

		if (queue_execute(x, &t, i))
			reach(x, &t);
	}
	for (unsigned d = 0; d < DEVICES && x->p->dma_in_flight; d++) {
		if (!s->posted[d])
			continue;
		struct state t = *s;

		device_lands(x, &t, d);
		reach(x, &t);
	}
	if (x->q->search & SPELL_LOADS && x->p->iotlb.loads)
		load(x, s);
}
