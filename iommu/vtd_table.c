#include "iommu/vtd_table.h"
#include "iommu/vtd_publish.h"
#include "iommu/vtd_second.h"
#include "mm/pte.h"

struct vtd_space vtd_shared_space(struct vtd_unit *u, struct pa pml4, struct pa lowest, u16 did)
{
	unsigned levels = vtd_second_levels(u);
	struct pa top = lowest;

	if (vtd_shared_stage(u) == VTD_FIRST_STAGE)
		return (struct vtd_space){ VTD_FIRST_STAGE, PG_512G, pml4, did };
	if (levels == PG_512G) {
		top = vtd_new_table(u, 0);
		vtd_store(u, direct(top), vtd_second_table(lowest));
	}
	return (struct vtd_space){ VTD_SECOND_STAGE, levels, top, did };
}

struct vtd_table vtd_table_new(struct vtd_unit *u, u16 did)
{
	bool second = vtd_has_second_stage(u);

	return (struct vtd_table){ u,
				   { second ? VTD_SECOND_STAGE : VTD_FIRST_STAGE,
				     second ? vtd_second_levels(u) : PG_512G, vtd_new_table(u, 0),
				     did } };
}

volatile u64 *vtd_table_entry(const struct vtd_table *t, struct iova page)
{
	bool second = t->space.stage == VTD_SECOND_STAGE;
	u64 *table = direct(t->space.root);

	for (unsigned level = t->space.levels; level > PG_4K; level--) {
		u64 *entry = &table[pg_index((struct va){ page.v }, level)];

		if (!*entry) {
			struct pa below = vtd_new_table(t->unit, 0);

			vtd_store(t->unit, entry,
				  second ? vtd_second_table(below) : pte_table(below, true));
		}
		table = direct((struct pa){ *entry & mask(VTD_SS_ADDR) });
	}
	return &table[pg_index((struct va){ page.v }, PG_4K)];
}

u64 vtd_table_leaf(const struct vtd_table *t, struct pa pa, bool writable)
{
	if (t->space.stage == VTD_SECOND_STAGE)
		return vtd_second_leaf(pa, VTD_SS_READ | (writable ? VTD_SS_WRITE : 0));
	return pte_leaf(PG_4K, pa,
			PAGE_USER | PAGE_ACCESSED | (writable ? PAGE_WRITE | PAGE_DIRTY : 0));
}
