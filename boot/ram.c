/* Pure: the list of usable RAM from a loader's memory map. */
#include "boot/ram.h"
#include "kernel/string.h"

enum { ENTRY_SIZE = 8, ENTRY_TYPE = 16, TYPE_RAM = 1 };

/* Start-up code below this: above are the vectors that a SIPI cannot have (MP 1.4, B.4), and the screen. */
enum { LOW_END = 0xa0000 };

/* RAM above what the direct map can hold is of no use. */
static const u64 ram_end = STACKS - DIRECT_MAP;

/* Until ram_pages(), ranges are bytes; base + size of an entry may not overflow. */
static u64 end_of(struct boot_range r) { return r.size > ~r.base.v ? ~0ull : r.base.v + r.size; }

static bool is_ram(const u8 *entry) { return le32(entry + ENTRY_TYPE) == TYPE_RAM; }
static struct boot_range range_of(const u8 *entry)
{
	return (struct boot_range){ { le64(entry) }, le64(entry + ENTRY_SIZE) };
}

static struct boot_range range(u64 base, u64 end)
{
	return (struct boot_range){ .base = { base }, .size = end > base ? end - base : 0 };
}

/* Put n ranges in the place of those from first to before last. There is room. */
static void replace(struct boot_info *b, unsigned first, unsigned last, const struct boot_range *by,
		    unsigned n)
{
	memmove(&b->ram[first + n], &b->ram[last], (b->ranges - last) * sizeof *b->ram);
	memcpy(&b->ram[first], by, n * sizeof *by);
	b->ranges = b->ranges - (last - first) + n;
}

/* Merges with every range that it overlaps or touches. */
static void ram_add(struct boot_info *b, struct boot_range new)
{
	u64 base = new.base.v, end = end_of(new) < ram_end ? end_of(new) : ram_end;
	unsigned first = 0, last;

	if (base >= end)
		return;
	while (first < b->ranges && end_of(b->ram[first]) < base)
		first++;
	for (last = first; last < b->ranges && b->ram[last].base.v <= end; last++)
		;
	if (first < last) {
		base = base < b->ram[first].base.v ? base : b->ram[first].base.v;
		end = end > end_of(b->ram[last - 1]) ? end : end_of(b->ram[last - 1]);
	} else if (b->ranges == BOOT_RANGES_MAX) {
		b->ranges_cut = true;
		return;
	}
	replace(b, first, last, &(struct boot_range){ { base }, end - base }, 1);
}

void ram_remove(struct boot_info *boot, struct boot_range taken)
{
	u64 from = taken.base.v, to = end_of(taken);
	unsigned i = 0;

	while (from < to && i < boot->ranges) {
		struct boot_range r = boot->ram[i], piece[2];
		struct boot_range below = range(r.base.v, from < end_of(r) ? from : end_of(r));
		struct boot_range above = range(to > r.base.v ? to : r.base.v, end_of(r));
		unsigned n = 0;

		if (below.size && above.size && boot->ranges == BOOT_RANGES_MAX) {
			boot->ranges_cut = true;
			*(below.size < above.size ? &below : &above) = (struct boot_range){ 0 };
		}
		if (below.size)
			piece[n++] = below;
		if (above.size)
			piece[n++] = above;
		/* A range that taken does not meet is one piece, itself. */
		replace(boot, i, i + 1, piece, n);
		i += n;
	}
}

void ram_map(struct boot_info *boot, const u8 *entry, size_t count, size_t stride)
{
	boot->ranges = 0;
	for (size_t i = 0; i < count; i++)
		if (is_ram(entry + i * stride))
			ram_add(boot, range_of(entry + i * stride));
	for (size_t i = 0; i < count; i++)
		if (!is_ram(entry + i * stride))
			ram_remove(boot, range_of(entry + i * stride));
}

void ram_pages(struct boot_info *boot)
{
	unsigned n = 0;

	for (unsigned i = 0; i < boot->ranges; i++) {
		u64 base = (boot->ram[i].base.v + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
		u64 end = end_of(boot->ram[i]) & ~(PAGE_SIZE - 1);

		if (base == 0)
			base = PAGE_SIZE;
		if (base < end)
			boot->ram[n++] = range(base, end);
	}
	boot->ranges = n;
}

struct pa ram_take_low_page(struct boot_info *boot)
{
	u64 page = 0;

	for (unsigned i = 0; i < boot->ranges; i++) {
		u64 end = end_of(boot->ram[i]);

		if (boot->ram[i].base.v < LOW_END)
			page = (end < LOW_END ? end : LOW_END) - PAGE_SIZE;
	}
	if (page)
		ram_remove(boot, (struct boot_range){ { page }, PAGE_SIZE });
	return (struct pa){ page };
}
