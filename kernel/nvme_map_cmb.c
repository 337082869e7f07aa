#include "kernel/mmio.h"
#include "kernel/nvme.h"
#include "kernel/nvme_cmb.h"
#include "kernel/nvme_regs.h"
#include "kernel/print.h"

bool nvme_map_cmb(const struct pci_function *fn, struct pci_window *w)
{
	struct nvme n = { 0 };

	if (!nvme_map(&n, fn))
		return false;
	nvme_end(&n);
	if (n.broken)
		return false;
	/* From version 1.4 on CMBLOC and CMBSZ say nothing before that. The controller itself need not reach it. */
	if (get(n.cap, NVME_CAP_CMBS))
		mmio_write32(n.reg + NVME_CMBMSC, (u32)mask(NVME_CMBMSC_CRE));
	struct nvme_cmb c =
		nvme_cmb_decode(mmio_read32(n.reg + NVME_CMBLOC), mmio_read32(n.reg + NVME_CMBSZ));
	if (!c.size || !pci_map_bar(fn, c.bar, w))
		return false;
	if (c.offset >= w->size || c.size > w->size - c.offset) {
		note("NVMe controller says its memory is at %#lx of BAR%u, %#lx bytes, beyond %#lx bytes",
		     c.offset, c.bar, c.size, w->size);
		return false;
	}
	w->at += c.offset;
	w->pa.v += c.offset;
	w->size = c.size;
	return true;
}
