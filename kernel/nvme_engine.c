#include "kernel/nvme_engine.h"
#include "kernel/print.h"
#include "kernel/time.h"

enum { DEADLINE_MS = 1000 };

static struct nvme the_nvme;
static const struct dma_engine *owner;

bool nvme_engine_match(const struct pci_function *fn) { return fn->class == NVME_CLASS; }

void nvme_engine_anew(struct dma_engine *e)
{
	if (nvme_reset(e->state))
		((struct nvme *)e->state)->broken = !nvme_begin(e->state, &e->arena);
}

enum dma_status nvme_engine_wait(struct dma_engine *e, struct nvme_queue *q,
				 struct nvme_completion *c)
{
	bool over = nvme_completed(q, c);
	u64 since = now();

	if (!over) {
		until(DEADLINE_MS, (over = nvme_completed(q, c)) || nvme_failed(e->state),
		      "%s to end a command", e->name);
		if (over)
			dma_window(e, since);
	}
	bool faulted = e->faulted && e->faulted(e);
	if (!over)
		nvme_engine_anew(e);
	return faulted ? DMA_BLOCKED : over ? DMA_DONE : DMA_TIMEOUT;
}

bool nvme_engine_start(struct dma_engine *e)
{
	struct nvme *n = &the_nvme;

	if (owner && owner != e) {
		note("engine=%s %s is in use", e->name, owner->name);
		return false;
	}
	*n = (struct nvme){ 0 };
	if (!nvme_map(n, e->fn))
		return false;
	owner = e;
	e->state = n;
	if (!nvme_reset(n))
		return false;
	pci_bus_master(e->fn, true);
	return nvme_begin(n, &e->arena);
}

void nvme_engine_stop(struct dma_engine *e)
{
	if (owner == e) {
		nvme_end(e->state);
		owner = NULL;
	}
	pci_bus_master(e->fn, false);
}
