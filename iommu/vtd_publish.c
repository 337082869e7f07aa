#include "iommu/vtd_publish.h"
#include "mm/frame.h"

void vtd_store(const struct vtd_unit *u, volatile u64 *word, u64 v)
{
	mmio_write64(word, v);
	vtd_write_back(u, word, sizeof *word);
}

void vtd_publish(const struct vtd_unit *u, u64 *entry, const u64 *words, unsigned n)
{
	for (unsigned i = n - 1; i; i--)
		mmio_write64(&entry[i], words[i]);
	vtd_store(u, &entry[0], words[0]);
}

void vtd_wipe(const struct vtd_unit *u, u64 *entry, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		mmio_write64(&entry[i], 0);
	vtd_write_back(u, entry, n * sizeof *entry);
}

struct pa vtd_new_table(const struct vtd_unit *u, unsigned order)
{
	struct pa pa = frame_alloc_order(FRAME_IOMMU, order);

	vtd_write_back(u, direct(pa), PAGE_SIZE << order);
	return pa;
}

enum vtd_status vtd_appeared(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n)
{
	if (get(u->cap, VTD_CAP_CM))
		return vtd_in_turn(u, desc, n);
	return vtd_flush_write_buffer(u) ? VTD_OK : VTD_STUCK;
}
