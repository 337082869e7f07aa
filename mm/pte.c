/* Pure: entries of 4-level paging. */
#include "mm/pte.h"

/* By level: what selects the entry, and where a leaf has its address. */
static const struct {
	int index, address;
} levels[] = {
	[PG_4K] = { VA_PTE, PTE_ADDRESS },
	[PG_2M] = { VA_PDE, PTE_2M_ADDRESS },
	[PG_1G] = { VA_PDPTE, PTE_1G_ADDRESS },
	[PG_512G] = { VA_PML4E, 0 },
};

static const struct {
	u32 flag;
	int bit;
} flag_bits[] = {
	{ PAGE_WRITE, PTE_RW }, { PAGE_USER, PTE_US }, { PAGE_ACCESSED, PTE_A },
	{ PAGE_DIRTY, PTE_D },  { PAGE_WC, PTE_PWT },  { PAGE_UC, PTE_PCD },
};

unsigned pg_index(struct va va, enum pg_level level)
{
	return (unsigned)get(va.v, levels[level].index);
}

u64 pg_size(enum pg_level level) { return put(levels[level].index, 1); }

u64 pte_leaf(enum pg_level level, struct pa pa, u32 flags)
{
	u64 pte = mask(PTE_P) | (pa.v & mask(levels[level].address));

	if (level != PG_4K)
		pte |= mask(PTE_PS);
	for (size_t i = 0; i < ARRAY_SIZE(flag_bits); i++)
		if (flags & flag_bits[i].flag)
			pte |= mask(flag_bits[i].bit);
	if (flags & PAGE_UC)
		pte |= mask(PTE_PWT);
	if (!(flags & PAGE_EXEC))
		pte |= mask(PTE_XD);
	return pte;
}

u32 pte_flags(u64 pte)
{
	u32 flags = get(pte, PTE_XD) ? 0 : PAGE_EXEC;

	for (size_t i = 0; i < ARRAY_SIZE(flag_bits); i++)
		if (get(pte, flag_bits[i].bit))
			flags |= flag_bits[i].flag;
	return flags & PAGE_UC ? flags & ~(u32)PAGE_WC : flags;
}

u32 pte_permit(u32 above, u64 pte)
{
	return pte_flags(pte) & (above | ~(u32)(PAGE_WRITE | PAGE_EXEC | PAGE_USER));
}

u64 pte_table(struct pa table, bool user)
{
	return mask(PTE_P) | mask(PTE_RW) | put(PTE_US, user) | mask(PTE_A) |
	       (table.v & mask(PTE_ADDRESS));
}

struct pa pte_pa(u64 pte, enum pg_level level)
{
	return (struct pa){ pte &
			    mask(pte_is_leaf(pte, level) ? levels[level].address : PTE_ADDRESS) };
}

u64 pte_split(u64 pte, enum pg_level level, unsigned index)
{
	u64 pa = pte_pa(pte, level).v + index * pg_size(level - 1);
	u64 rest = pte & ~(mask(levels[level].address) | mask(PTE_LARGE_PAT) | mask(PTE_PS));

	if (level == PG_2M)
		return rest | pa | put(PTE_PAT, get(pte, PTE_LARGE_PAT));
	return rest | pa | mask(PTE_PS) | put(PTE_LARGE_PAT, get(pte, PTE_LARGE_PAT));
}
