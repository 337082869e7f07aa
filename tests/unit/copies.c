/* What an entry may lead to instead: copies of the tables behind it. */
#include "kernel/string.h"
#include "tests/unit/world.h"

u64 *unit_in_copy(struct unit_world *w, u64 *entry, struct pa *table)
{
	u64 offset = (u64)entry & (PAGE_SIZE - 1);

	*table = unit_table(w);
	memcpy(direct(*table), (const u8 *)entry - offset, PAGE_SIZE);
	vtd_write_back(w->unit, direct(*table), PAGE_SIZE);
	return (u64 *)(void *)((u8 *)direct(*table) + offset);
}

u64 unit_new_below(struct unit_world *w, enum unit_entry entry)
{
	u64 value = unit_leaf(PG_4K, w->frame[UNIT_NEW]);
	struct pa table;

	for (enum unit_entry e = UNIT_PTE; e > entry; e--) {
		unit_set(w, unit_in_copy(w, w->entry[e], &table), value);
		value = pte_table(table, true);
	}
	return value;
}

/* A directory of more than a frame has the entry in its first: no PASID here is that large. */
u64 unit_new_above(struct unit_world *w, enum unit_entry entry)
{
	struct pa root, pasids, dir, contexts;

	unit_set(w, unit_in_copy(w, w->entry[UNIT_PML4E], &root), unit_new_below(w, UNIT_PML4E));
	unit_set_root(w, unit_in_copy(w, w->entry[UNIT_PASID], &pasids), root);
	if (entry == UNIT_PASID_DIR)
		return vtd_pasid_dir_entry(pasids).w[0];
	unit_set(w, unit_in_copy(w, w->entry[UNIT_PASID_DIR], &dir),
		 vtd_pasid_dir_entry(pasids).w[0]);
	const u64 context = (*w->entry[UNIT_CONTEXT] & ~mask(VTD_CTX_PASIDDIRPTR)) | dir.v;
	if (entry == UNIT_CONTEXT)
		return context;
	unit_set(w, unit_in_copy(w, w->entry[UNIT_CONTEXT], &contexts), context);
	return vtd_root_half(contexts);
}

u64 unit_map_at(struct unit_world *w, enum pg_level level, struct pa to, struct va va)
{
	u64 *root = direct(w->root);
	struct pa low = pte_pa(root[0], PG_512G), t2 = unit_table(w), t1 = unit_table(w);
	u64 *pd = direct(t2), *pt = direct(t1);

	unit_set(w, &pt[pg_index(va, PG_4K)], unit_leaf(PG_4K, to));
	unit_set(w, &pd[pg_index(va, PG_2M)],
		 level == PG_2M ? unit_leaf(PG_2M, to) : pte_table(t1, true));
	unit_set(w, (u64 *)direct(low) + pg_index(va, PG_1G), pte_table(t2, true));
	return level == PG_2M ? (va.v & ~(pg_size(PG_2M) - 1)) | (to.v & (pg_size(PG_2M) - 1))
			      : va.v;
}
