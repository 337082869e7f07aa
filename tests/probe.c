#include "tests/probe.h"
#include "iommu/vtd_fault.h"
#include "kernel/dma_check.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/place.h"
#include "tests/machine.h"
#include "tests/peer.h"

/*
 * Below the arenas; nothing is mapped behind it. And the same far away, but where a second stage with 39 bits gets to. Each
 * round is a read and a write.
 */
enum { TRIAL = 0x3fe00000, TRIAL_ROUNDS = 4 };
#define TRIAL_FAR 0x7fffe00000ull

static bool reaches(struct dma_engine *e, struct iova to)
{
	return e->can & DMA_WRITE && dma_prepare(e, to, DMA_TO_WRITE) == DMA_DONE &&
	       e->ops->write(e, to, DMA_SYMBOL_DEVICE).status == DMA_DONE;
}

/* Somewhere in the arena that no engine uses: its last page. */
static bool dma_works(struct dma_engine *e)
{
	volatile u64 *line = (u64 *)(void *)(e->arena.cpu + e->arena.size - PAGE_SIZE);
	u64 word = e->ops->word(e, DMA_SYMBOL_DEVICE);
	struct iova iova = { e->arena.iova.v + e->arena.size - PAGE_SIZE };

	if (e->can & DMA_WRITE) {
		*line = e->ops->word(e, 0);
		return reaches(e, iova) && *line == word;
	}
	line[0] = word;
	line[1] = e->ops->tail(e);
	const struct dma_result r = e->ops->read(e, iova);
	return r.status == DMA_DONE && r.word == word;
}

static struct vtd_unit *recorder;
static void clear_faults(const struct dma_engine *e)
{
	(void)e;
	vtd_fault_clear(recorder);
}

bool probe_engine(struct dma_engine *e, struct vtd_unit *u)
{
	struct pa page = frame_alloc(FRAME_DMA);
	u32 flags = PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY;
	struct pa leaf = place_map((struct va){ TRIAL }, page, flags),
		  far = place_map((struct va){ TRIAL_FAR }, page, flags);
	const struct dma_probe trial = { .cpu = direct(page),
					 .mapped = { TRIAL },
					 .far = { TRIAL_FAR },
					 .unmapped = { TRIAL + PAGE_SIZE },
					 .clear_faults = clear_faults };

	recorder = u;
	bool good = machine_made_present() && dma_conformance(e, &trial, TRIAL_ROUNDS);
	pt_set(&kernel_tables, leaf, 0);
	pt_set(&kernel_tables, far, 0);
	/* A device that still reached the page would write to the frame's next owner. */
	if (!machine_reset())
		return false;
	frame_put(page);
	return good;
}

unsigned probe_leave_stale(struct dma_engine *e)
{
	unsigned reached = 0;

	if (!(e->can & DMA_WRITE))
		return 0;
	struct pa page = frame_alloc(FRAME_DMA);
	for (u64 va = TRIAL; va < TRIAL + 2 * PAGE_SIZE; va += PAGE_SIZE) {
		place_map((struct va){ va }, page, PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY);
		reached += machine_made_present() && reaches(e, (struct iova){ va });
	}
	(void)reaches(e, (struct iova){ TRIAL + 2 * PAGE_SIZE });
	return reached;
}

bool probe_peer(struct dma_engine *e, const struct peer *p)
{
	struct pa leaf =
		place_map((struct va){ TRIAL }, p->pa, PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY);
	volatile u64 *line = (volatile u64 *)(void *)p->cpu;

	*line = e->ops->word(e, 0);
	bool good = machine_made_present() && reaches(e, (struct iova){ TRIAL }) &&
		    *line == e->ops->word(e, DMA_SYMBOL_DEVICE);
	pt_set(&kernel_tables, leaf, 0);
	return machine_reset() && good;
}

bool probe_rid_pasid(struct dma_engine *e, struct vtd_unit *u, struct vtd_requester *r, u32 pasid,
		     const struct vtd_space *nothing)
{
	/* PASID 0 must be there, or some units refuse everything. */
	bool honoured = vtd_attach(u, pci_requester(e->fn), pasid, probe_ats(e), r) &&
			vtd_pasid_set(r, pasid, &machine.space) == VTD_OK &&
			vtd_pasid_set(r, 0, nothing) == VTD_OK && e->ops->start(e) && dma_works(e);

	note("rid_pasid=%u claimed=%s honoured=%s", pasid, vtd_has_rid_pasid(u) ? "yes" : "no",
	     honoured ? "yes" : "no");
	if (honoured)
		return true;
	e->ops->stop(e);
	vtd_detach(r);
	vtd_fault_clear(u);
	return false;
}
