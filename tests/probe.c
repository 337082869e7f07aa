#include "tests/probe.h"
#include "iommu/vtd_fault.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"

/* Somewhere in the arena that no engine uses: its last line. */
static bool dma_works(struct dma_engine *e)
{
	u8 *line = e->arena.cpu + e->arena.size - DMA_LINE;
	u64 word = e->ops->word(e, DMA_SYMBOL_DEVICE);
	struct iova iova = { e->arena.iova.v + e->arena.size - DMA_LINE };

	memset(line, 0, DMA_LINE);
	return e->ops->write(e, iova, DMA_SYMBOL_DEVICE).status == DMA_DONE && le64(line) == word;
}

bool probe_rid_pasid(struct dma_engine *e, struct vtd_unit *u, struct vtd_requester *r, u32 pasid,
		     u16 did)
{
	/* PASID 0 must be there, or some units refuse everything; its table is empty. */
	struct pa nothing = frame_alloc(FRAME_TABLE);

	vtd_write_back(u, direct(nothing), PAGE_SIZE);
	bool honoured = vtd_attach(u, pci_rid(e->fn), pasid, r) &&
			vtd_pasid_set(r, pasid, did, kernel_root) == VTD_OK &&
			vtd_pasid_set(r, 0, (u16)(did + 1), nothing) == VTD_OK &&
			e->ops->start(e) && dma_works(e);

	note("rid_pasid=%u claimed=%s honoured=%s", pasid, vtd_has_rid_pasid(u) ? "yes" : "no",
	     honoured ? "yes" : "no");
	if (honoured)
		return true; /* the empty table stays with PASID 0 */
	e->ops->stop(e);
	vtd_detach(r);
	vtd_fault_clear(u);
	frame_put(nothing);
	return false;
}
