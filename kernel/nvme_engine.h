#pragma once
#include "kernel/dma.h"
#include "kernel/nvme.h"

/* What the engines that are NVMe controllers have in common. Of all these one is in use at a time. */

bool nvme_engine_match(const struct pci_function *fn);

/* Up to empty queues; e->state is then the controller. False, with a note: nvme_engine_stop() is still to come. */
bool nvme_engine_start(struct dma_engine *e);
void nvme_engine_stop(struct dma_engine *e);

/* A command that did not end may still write: only a controller that was reset does not. */
void nvme_engine_anew(struct dma_engine *e);

/* Wait for a command to end; DMA_DONE: c says how, and no fault was recorded. Otherwise the controller may have been started anew. */
enum dma_status nvme_engine_wait(struct dma_engine *e, struct nvme_queue *q,
				 struct nvme_completion *c);
