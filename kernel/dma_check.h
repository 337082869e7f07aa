#pragma once
#include "kernel/dma.h"

/* A page that the device may read and write, and one that it may not. */
struct dma_probe {
	u8 *cpu;              /* the mapped page, 4096 bytes */
	struct iova mapped;   /* the same for the device */
	struct iova far;      /* and once more, where low addresses do not reach */
	struct iova unmapped; /* page-aligned; the IOMMU refuses it */
	/* Forget the IOMMU's fault records of this requester; may be NULL. */
	void (*clear_faults)(const struct dma_engine *e);
};

/*
 * Does a started engine keep the promises of kernel/dma.h: the word of every symbol is read and written,
 * a write changes the first 16 bytes of its line only, at any address if it says so, a refused DMA is told and the next one works, and
 * after stop the function masters nothing? Leaves the engine started. False with a note naming the
 * first broken promise. Boot CPU.
 */
bool dma_conformance(struct dma_engine *e, const struct dma_probe *p, unsigned rounds);
