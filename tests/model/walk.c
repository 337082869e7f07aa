/* Pure: which leaves walks come to, and what caches load of them by themselves. */
#include "tests/model/state.h"

static u8 table_set(u8 pde) { return pde && !is_large(pde) ? (u8)only(pde - 1u) : 0; }

bool has_left(const struct explorer *x, const struct state *s, unsigned c)
{
	for (unsigned i = 0; !s->warming && i < s->next[c]; i++)
		if (x->s->agents[c].steps[i].op == OP_leave_mm)
			return true;
	return false;
}

unsigned pde_word(const struct explorer *x, u64 place)
{
	return x->s->apart ? PDE + (unsigned)place : PDE;
}

unsigned upper_shift(const struct explorer *x, u64 place)
{
	return x->s->apart || x->s->spaces ? TABLES * (unsigned)place : 0;
}

/* Where nobody changes the PDE there is nothing to remember. */
u8 upper_levels(const struct explorer *x, const struct state *s, unsigned c, u64 place)
{
	u8 now = is_loaded(x, s, c, place) ? table_set(look(s, c, pde_word(x, place))) : 0;
	u8 had = s->psc[c] >> upper_shift(x, place);

	if (has_left(x, s, c))
		return 0;
	return x->s->tables && x->p->tlb.upper_levels ? now | (had & (only(TABLES) - 1)) : now;
}

u8 all_upper_levels(const struct explorer *x, const struct state *s, unsigned c)
{
	u8 all = 0;

	for (unsigned p = 0; p < PLACES; p++)
		all |= (u8)(upper_levels(x, s, c, p) << upper_shift(x, p));
	return all;
}

u8 iommu_upper_levels(const struct explorer *x, const struct state *s, u64 place)
{
	u8 pde = s->word[pde_word(x, place)], now = x->translates ? table_set(pde) : 0;
	u8 had = s->ipsc >> upper_shift(x, place), keeps = keeps_absence(x, 0) ? NO_TABLE : 0;

	keeps |= x->p->iotlb.upper_levels ? only(TABLES) - 1 : 0;
	return x->s->tables ? now | (((pde ? 0 : NO_TABLE) | had) & keeps) : now;
}

u8 all_iommu_upper_levels(const struct explorer *x, const struct state *s)
{
	u8 all = 0;

	for (unsigned p = 0; p < PLACES; p++)
		all |= (u8)(iommu_upper_levels(x, s, p) << upper_shift(x, p));
	return all;
}

bool is_there(const struct explorer *x, unsigned c)
{
	return x->s->agents[c].count || x->s->warm[c].count;
}

unsigned iotlb_tag(const struct explorer *x, u64 place)
{
	return x->s->spaces == ONE_DOMAIN && !x->p->by_requester ? A : (unsigned)place;
}

static void load_leaf(const struct explorer *x, struct state *t, unsigned table, unsigned p)
{
	unsigned word = pte_word(table, mapped_by(x, p));
	u8 pte = iommu_sees(x, t->word[word]);

	if (x->p->iotlb.loads && !x->s->entry && iommu_upper_levels(x, t, p) & only(table) &&
	    (pte_is(pte, PTE_ACCESSED) || keeps_absence(x, pte)))
		t->iotlb[iotlb_tag(x, p)] |= only(entry_of(pte));
	if (x->p->iotlb.loads && table == T0 && pte_is(t->unsent[p], PTE_ACCESSED))
		t->iotlb[iotlb_tag(x, p)] |= only(entry_of(iommu_sees(x, t->unsent[p])));
	for (unsigned c = 0; c < CPU_AGENTS && x->p->tlb.loads; c++) {
		pte = look(t, c, word);
		if (is_there(x, c) && is_loaded(x, t, c, p) &&
		    upper_levels(x, t, c, p) & only(table) && pte_is(pte, PTE_ACCESSED))
			t->tlb[c][p] |= only(entry_of(pte));
	}
}

/* By the device's entry: whatever leaf that leads to. */
static void load_by_entry(const struct explorer *x, struct state *t)
{
	u8 paths = entry_paths(x, t);

	for (unsigned i = 0; i < PATHS * TABLES; i++) {
		unsigned p = i % PATHS, row = i / PATHS;
		u8 leaf = iommu_sees(x, path_leaf(t, p, row));

		if (paths & only(p) && path_rows(x, t, p) & only(row) && pte_is(leaf, PTE_ACCESSED))
			t->iotlb[path_tag(x, p, row)] |= only(entry_of(leaf));
	}
	t->iotlb[A] |= entry_keeps_absence(x, t) ? ABSENCE : 0;
}

/* They need not use it, and an invalidation would take either away. */
void load_all(const struct explorer *x, struct state *t)
{
	for (unsigned c = 0; c < CPU_AGENTS && x->s->tables && x->p->tlb.loads; c++)
		t->psc[c] = is_there(x, c) ? all_upper_levels(x, t, c) : 0;
	entry_load(x, t);
	if (x->s->tables && x->p->iotlb.loads && (!x->s->entry || entry_leads(x, t)))
		t->ipsc = all_iommu_upper_levels(x, t);
	if (x->s->entry && x->p->iotlb.loads)
		load_by_entry(x, t);
	for (unsigned table = 0; table < TABLES; table++)
		for (unsigned p = 0; p < PLACES; p++)
			load_leaf(x, t, table, p);
	for (unsigned p = 0; p < PLACES && x->s->large && x->p->iotlb.loads; p++)
		if (x->translates && is_large(t->word[PDE]))
			t->iotlb[p] |= only(entry_of(large_pte(p)));
	for (unsigned c = 0; c < CPU_AGENTS && x->s->large && x->p->tlb.loads; c++)
		for (unsigned p = 0; p < PLACES; p++)
			if (is_there(x, c) && is_large(look(t, c, PDE)))
				t->tlb[c][p] |= only(entry_of(large_pte(p)));
}
