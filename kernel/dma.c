#include "kernel/dma.h"
#include "kernel/format.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"

static struct dma_engine engines[DMA_ENGINES_MAX];
static unsigned found;

extern const struct dma_ops *const __start_engines[], *const __stop_engines[];

const char *dma_can(u32 can, char text[DMA_CAN_TEXT])
{
	static const struct {
		u32 bit;
		const char *word;
	} words[] = { { DMA_READ, "read," },         { DMA_WRITE, "write," },
		      { DMA_ANY_WORD, "any-word," }, { DMA_ANY_ADDRESS, "any-address," },
		      { DMA_NO_RINGS, "no-rings," }, { DMA_ATS, "ats," },
		      { DMA_FETCH, "fetch," } };
	size_t n = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
		if (can & words[i].bit)
			n += format(text + n, DMA_CAN_TEXT - n, "%s", words[i].word);
	format(text + n, DMA_CAN_TEXT - n, can & DMA_SYNC ? "sync" : "async");
	return text;
}

u64 dma_no_tail(const struct dma_engine *e)
{
	(void)e;
	return 0;
}

static void add(const struct dma_ops *ops, struct pci_function *fn)
{
	char can[DMA_CAN_TEXT];
	unsigned same = 1;

	for (const struct dma_engine *e = engines; e < engines + found; e++)
		same += e->ops == ops;
	if (found == DMA_ENGINES_MAX) {
		note("more than %u DMA engines: the rest is not used", DMA_ENGINES_MAX);
		return;
	}
	struct dma_engine *e = &engines[found];
	*e = (struct dma_engine){ .index = found++, .ops = ops, .can = ops->can, .fn = fn };
	format(e->name, sizeof e->name, same > 1 ? "%s.%u" : "%s", ops->name, same);
	note("engine=%s pci=%04x:%02x:%02x.%x can=%s", e->name, fn->segment, fn->bus, fn->dev,
	     fn->fn, dma_can(e->can, can));
	e->carries = ops->carries && ops->carries(fn);
	if (e->carries)
		note("engine=%s carries devices: any other is taken first", e->name);
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
	return !strcmp(name, DMA_NO_ENGINE) || !strcmp(name, DMA_ALL_ENGINES);
}

void dma_window(struct dma_engine *e, u64 since)
{
	u64 ticks = now() - since;

	if (ticks > e->window_ticks)
		e->window_ticks = ticks;
}

static u32 rank(const struct dma_engine *e)
{
	u32 can = e->can & ~(u32)DMA_MANNERS;

	return (u32)!e->carries << 16 | (can & DMA_SYNC) << 8 | can;
}

struct dma_engine *dma_pick(u32 need, const char *name)
{
	struct dma_engine *best = NULL;
	for (struct dma_engine *e = engines; e < engines + found; e++)
		if (!e->left_out && dma_suits(e, need) &&
		    (*name ? !strcmp(e->name, name) : !e->ops->by_name) &&
		    (!best || rank(e) > rank(best)))
			best = e;
	return best;
}

struct dma_engine *dma_nth(unsigned n) { return n < found ? &engines[n] : NULL; }

const char *dma_names(char *text, size_t size)
{
	size_t n = 0;

	for (unsigned i = 0; i < found && n < size; i++)
		n += format(text + n, size - n, "%s%s", i ? ", " : "", engines[i].name);
	if (!found)
		format(text, size, DMA_NO_ENGINE);
	return text;
}
