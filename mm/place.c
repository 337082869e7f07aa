#include "mm/place.h"
#include "kernel/panic.h"
#include "mm/kmap.h"

struct pa place_map(struct va va, struct pa frame, u32 flags)
{
	u64 lower_end = pg_size(PG_512G) * PT_ENTRIES / 2;
	struct pa entry;

	if (va.v < PAGE_SIZE || va.v >= lower_end)
		panic("no place for a test: %#lx", va.v);
	entry = pt_entry(&kernel_tables, kernel_root, va, PG_4K);
	if (!entry.v)
		panic("no place for a small page, a large one is there: %#lx", va.v);
	pt_set(&kernel_tables, entry, pte_leaf(PG_4K, frame, flags | PAGE_USER));
	return entry;
}
