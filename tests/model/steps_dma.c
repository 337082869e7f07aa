/* Pure: a DMA, and how the IOMMU translates for it and for whoever else asks. */
#include "tests/model/iommu.h"
#include "tests/model/steps.h"

void device_commits(struct state *t, unsigned agent, const struct step *st, u8 used)
{
	bool write = st->op == OP_dma_write || st->op == OP_ats_write;
	u8 *content = &t->word[CONTENT + entry_frame(used)];

	if (write)
		*content = (u8)st->b;
	step_saw(t, st,
		 write                        ? LANDED
		 : st->op == OP_dma_read_mark ? (u8)MARK(entry_frame(used))
					      : *content);
	step_done(t, agent);
}

static void translated(struct explorer *x, const struct state *s, unsigned agent,
		       const struct step *st, u8 used)
{
	struct state t = *s;

	t.held[agent] = used;
	t.phase[agent] = DMA_TRANSLATED;
	if (!used) {
		/* Where there is an entry it was that which refused: there was no walk. */
		step_saw(&t, st,
			 x->p->refuses_unrecorded && s->iotlb[iotlb_tag(x, st->a)] ? UNRECORDED
										   : BLOCKED);
		step_done(&t, agent);
	} else if (!x->p->dma_in_flight || (is_stepped(x, s) && !(x->q->search & SPELL_WALKS))) {
		/* Step by step nobody can tell when it ends. */
		device_commits(&t, agent, st, used);
	}
	reach(x, &t);
}

/* Where one is set that it wants it takes both for set: QEMU's vtd_set_flag_in_pte(). */
static struct walk iommu_walk(const struct explorer *x, u8 pte, bool write)
{
	struct walk w = walk(iommu_sees(x, pte), write);

	if (x->q->second_stage || is_supervisor(pte))
		return (struct walk){ .entry = w.entry, .pte = pte };
	if (x->p->marks_one && w.entry && pte & (write ? PTE_ACCESSED | PTE_DIRTY : PTE_ACCESSED))
		return (struct walk){ .entry = entry_of(pte), .pte = pte };
	return w;
}

/* The IOTLB keeps what was walked: a large page for whoever is in it, and has nothing better. */
static void keep(struct explorer *x, const struct state *s, unsigned agent, const struct step *st,
		 u64 tag, u8 used, translated_fn *then)
{
	struct state t = *s;

	if (used || entry_keeps_absence(x, s) || keeps_absence(x, s->word[pte_word(T0, st->a)]))
		cache_keep(&x->p->iotlb, &t.iotlb[tag], used);
	for (unsigned p = 0;
	     x->s->large && used == entry_of(large_pte((unsigned)st->a)) && p < PLACES; p++)
		t.iotlb[p] |= t.iotlb[p] ? 0 : only(entry_of(large_pte(p)));
	then(x, &t, agent, st, used);
}

/* A request of a device TLB is granted what there is. What it may write is dirty by then (VT-d 3.6.2): D must be known. */
static bool wants_write(const struct step *st, u8 pte)
{
	return st->op == OP_dma_write || (step_is_request(st) && pte_is(pte, PTE_WRITE));
}

static unsigned hits(const struct explorer *x, u16 cached, const struct step *st, u8 use[ENTRIES])
{
	unsigned n = 0;

	if (!step_is_request(st))
		return cache_hits(&x->p->iotlb, cached, st->op == OP_dma_write, use);
	for (unsigned e = 1; e < ENTRIES; e++)
		if (cached & only(e) &&
		    (x->p->iotlb.hides_dirty || entry_kind((u8)e) != CACHED_CLEAN))
			use[n++] = (u8)e;
	return n;
}

static void walks(struct explorer *x, const struct state *s, unsigned agent, const struct step *st,
		  unsigned table, translated_fn *then)
{
	unsigned word = pte_word(table, mapped_by(x, st->a));
	u8 pte = s->word[word];
	struct walk w = iommu_walk(x, pte, wants_write(st, pte));
	struct state t = *s;

	if (x->p->marks_late && w.pte != pte) {
		t.phase[agent] = (u8)(DMA_MARKING + table);
		t.held[agent] = w.pte;
		reach(x, &t);
		return;
	}
	t.word[word] = w.pte;
	/*
	 * A walk that begins again cannot be told from one that began later. One that has stored A or D is at its end: what is
	 * dirty is written.
	 */
	if (!x->p->walk_in_steps || w.pte != pte || !(x->q->search & SPELL_WALKS)) {
		keep(x, &t, agent, st, iotlb_tag(x, st->a), w.entry, then);
		return;
	}
	t.phase[agent] = DMA_WALKED;
	t.held[agent] = w.entry;
	reach(x, &t);
}

/* What is cached has the domain id of the entry by which it was walked; whose device, and which page it is, that is enough to find it. */
static void starts_by_entry(struct explorer *x, const struct state *s, unsigned agent,
			    const struct step *st, translated_fn *then)
{
	u8 use[ENTRIES], paths = entry_paths(x, s);
	unsigned n = 0;

	for (unsigned tag = 0; tag < PLACES; tag++) {
		u16 cached = x->s->beside && tag != st->a ? 0 : s->iotlb[tag];

		n += hits(x, cached, st, use);
		for (unsigned i = hits(x, cached, st, use); i-- > 0;)
			keep(x, s, agent, st, tag, use[i], then);
	}
	if (n && x->p->iotlb.must_hit)
		return;
	for (unsigned i = 0; i < PATHS * TABLES; i++) {
		unsigned p = i % PATHS, row = i / PATHS;
		struct walk w = iommu_walk(x, path_leaf(s, p, row), wants_write(st, 0));
		struct state t = *s;

		if (!(paths & only(p)) || (x->s->beside && row != st->a))
			continue;
		t.context |= CACHED;
		if (row == T0 && !path_rows(x, s, p))
			keep(x, &t, agent, st, A, 0, then);
		path_mark(&t, p, row, w.pte);
		if (path_rows(x, s, p) & only(row))
			keep(x, &t, agent, st, path_tag(x, p, row), w.entry, then);
	}
	if (entry_refuses(x, s))
		keep(x, s, agent, st, A, 0, then);
}

static void starts(struct explorer *x, const struct state *s, unsigned agent, const struct step *st,
		   translated_fn *then)
{
	u8 use[ENTRIES], tables = iommu_upper_levels(x, s, st->a);
	struct state t = *s;
	unsigned tag = iotlb_tag(x, st->a), n = hits(x, s->iotlb[tag], st, use);

	for (unsigned i = 0; i < n; i++)
		keep(x, s, agent, st, tag, use[i], then);
	if (n && x->p->iotlb.must_hit)
		return;
	for (unsigned table = 0; table < TABLES; table++)
		if (tables & only(table))
			walks(x, s, agent, st, table, then);
	if (s->unsent[st->a])
		keep(x, s, agent, st, tag,
		     iommu_walk(x, s->unsent[st->a], wants_write(st, s->unsent[st->a])).entry,
		     then);
	if (is_large(s->word[PDE]))
		keep(x, s, agent, st, tag, entry_of(large_pte((unsigned)st->a)), then);
	t.ipsc |= tables & NO_TABLE;
	if (!s->word[pde_word(x, st->a)] || tables & NO_TABLE)
		keep(x, &t, agent, st, tag, 0, then);
}

void iommu_translates(struct explorer *x, const struct state *s, unsigned agent,
		      const struct step *st, translated_fn *then)
{
	struct state t = *s;

	if (s->phase[agent] >= DMA_MARKING) {
		t.word[pte_word(s->phase[agent] - DMA_MARKING, mapped_by(x, st->a))] =
			s->held[agent];
		keep(x, &t, agent, st, iotlb_tag(x, st->a), entry_of(s->held[agent]), then);
	} else if (s->phase[agent] == DMA_WALKED) {
		keep(x, s, agent, st, iotlb_tag(x, st->a), s->held[agent], then);
	} else if (x->s->entry) {
		starts_by_entry(x, s, agent, st, then);
	} else {
		starts(x, s, agent, st, then);
	}
}

void move_dma(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	struct state t = *s;

	if (!is_translated(s, agent)) {
		iommu_translates(x, s, agent, st, translated);
		return;
	}
	device_commits(&t, agent, st, s->held[agent]);
	reach(x, &t);
}
