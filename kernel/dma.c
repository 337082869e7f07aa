#include "kernel/dma.h"
#include "kernel/format.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"

enum { ENGINES_MAX = 8 };
static struct dma_engine engines[ENGINES_MAX];
static unsigned found;

extern const struct dma_ops *const __start_engines[], *const __stop_engines[];

static void add(const struct dma_ops *ops, struct pci_function *fn)
{
	unsigned same = 1;
	for (const struct dma_engine *e = engines; e < engines + found; e++)
		same += e->ops == ops;
	if (found == ENGINES_MAX) {
		note("more than %u DMA engines: the rest is not used", ENGINES_MAX);
		return;
	}
	struct dma_engine *e = &engines[found++];
	*e = (struct dma_engine){ .ops = ops, .can = ops->can, .fn = fn };
	format(e->name, sizeof e->name, same > 1 ? "%s.%u" : "%s", ops->name, same);
	note("engine=%s pci=%04x:%02x:%02x.%x can=%s%s%s%s%s", e->name, fn->segment, fn->bus,
	     fn->dev, fn->fn, e->can & DMA_READ ? "r" : "", e->can & DMA_WRITE ? "w" : "",
	     e->can & DMA_ANY_WORD ? "*" : "", e->can & DMA_SYNC ? ",sync" : "",
	     e->can & DMA_ATS ? ",ats" : "");
}

void dma_find(void)
{
	unsigned functions;
	struct pci_function *fn = pci_functions(&functions);
	found = 0;
	for (unsigned i = 0; i < functions; i++)
		for (const struct dma_ops *const *ops = __start_engines; ops != __stop_engines;
		     ops++)
			if ((*ops)->match(&fn[i]))
				add(*ops, &fn[i]);
}

bool dma_knows(const char *name)
{
	for (const struct dma_ops *const *ops = __start_engines; ops != __stop_engines; ops++) {
		size_t n = strlen((*ops)->name);

		if (!strncmp(name, (*ops)->name, n) && (!name[n] || name[n] == '.'))
			return true;
	}
	return !strcmp(name, DMA_NO_ENGINE);
}

void dma_window(struct dma_engine *e, u64 since)
{
	u64 ticks = now() - since;

	if (ticks > e->window_ticks)
		e->window_ticks = ticks;
}

static u32 rank(const struct dma_engine *e) { return (e->can & DMA_SYNC) << 8 | e->can; }

struct dma_engine *dma_pick(u32 need, const char *name)
{
	struct dma_engine *best = NULL;
	for (struct dma_engine *e = engines; e < engines + found; e++)
		if (dma_suits(e, need) && (!*name || !strcmp(e->name, name)) &&
		    (!best || rank(e) > rank(best)))
			best = e;
	return best;
}

const char *dma_names(char *text, size_t size)
{
	size_t n = 0;

	for (unsigned i = 0; i < found && n < size; i++)
		n += format(text + n, size - n, "%s%s", i ? ", " : "", engines[i].name);
	if (!found)
		format(text, size, DMA_NO_ENGINE);
	return text;
}
