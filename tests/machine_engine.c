/* Which engine a scenario gets. */
#include "kernel/pci.h"
#include "tests/machine.h"

bool machine_share_id(const struct dma_engine *a, const struct dma_engine *b)
{
	return a->fn->segment == b->fn->segment && pci_requester(a->fn) == pci_requester(b->fn);
}

/* A synchronous one, and the one that can least: a writer is quicker than a controller. */
static u32 cost(const struct dma_engine *e)
{
	u32 can = e->can & ~(u32)DMA_MANNERS;

	return (~can & DMA_SYNC) << 8 | can;
}

/* Does either make sense of what the other writes? */
static bool get_along(const struct dma_engine *a, const struct dma_engine *b)
{
	return a->ops == b->ops || !((a->can | b->can) & DMA_PART);
}

static struct dma_engine *best(u32 can, const struct dma_engine *beside,
			       const struct dma_engine *apart)
{
	struct dma_engine *found = NULL;

	for (unsigned i = 0; i < machine.engines; i++) {
		struct dma_engine *e = machine.engine[i];

		if (e != beside && !(beside && !get_along(e, beside)) &&
		    !(apart && machine_share_id(e, apart)) && dma_suits(e, can) &&
		    (!found || cost(e) < cost(found)))
			found = e;
	}
	return found;
}

struct dma_engine *machine_engine(u32 can) { return best(can, NULL, NULL); }

struct dma_engine *machine_second(u32 can, bool apart)
{
	const struct dma_engine *first = machine_engine(can);

	return best(DMA_WRITE, first, apart ? first : NULL);
}
