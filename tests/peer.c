#include "tests/peer.h"
#include "iommu/vtd_fault.h"
#include "kernel/nvme.h"
#include "kernel/nvme_cmb.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "tests/machine.h"
#include "tests/probe.h"

enum { IVSHMEM_VENDOR = 0x1af4, IVSHMEM_DEVICE = 0x1110 };

static bool is_engine(const struct pci_function *f)
{
	bool it_is = false;

	for (unsigned i = 0; i < machine.engines; i++)
		it_is |= machine.engine[i]->fn == f;
	return it_is;
}

/* Bridges and root ports may drop what one device sends to another. */
static void try_engines(const struct peer *p)
{
	for (unsigned i = 0; i < machine.engines; i++) {
		struct dma_engine *e = machine.engine[i];

		e->to_peers = probe_peer(e, p);
		note("peer memory at %#lx: engine=%s %s it", p->pa.v, e->name,
		     e->to_peers ? "reaches" : "does not reach");
	}
}

static bool nvme_memory(const struct pci_function *f, struct pci_window *w)
{
	return f->class == NVME_CLASS && !is_engine(f) && nvme_map_cmb(f, w);
}

static bool is_ivshmem(const struct pci_function *f)
{
	return f->vendor == IVSHMEM_VENDOR && f->device == IVSHMEM_DEVICE;
}

static bool ivshmem_memory(const struct pci_function *f, struct pci_window *w)
{
	return is_ivshmem(f) && pci_map_bar(f, PEER_BAR, w);
}

/* On the first function of the kind that has it. */
static struct peer find(bool (*has)(const struct pci_function *f, struct pci_window *w))
{
	unsigned functions;
	const struct pci_function *f = pci_functions(&functions), *end = f + functions;

	for (; f < end; f++) {
		struct pci_window w;

		if (!has(f, &w) || w.size < PAGE_SIZE)
			continue;
		struct peer p = { w.at + w.size - PAGE_SIZE,
				  { w.pa.v + w.size - PAGE_SIZE },
				  w.size,
				  is_ivshmem(f) ? f : NULL };
		note("peer pci=%04x:%02x:%02x.%x memory=%#lx bytes=%#lx", f->segment, f->bus,
		     f->dev, f->fn, w.pa.v, w.size);
		try_engines(&p);
		return p;
	}
	return (struct peer){ 0 };
}

struct peer peer_find(void)
{
	struct peer p = find(nvme_memory);

	return p.cpu ? p : find(ivshmem_memory);
}
