#include "kernel/dma_check.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/string.h"

enum { BACKGROUND = 0xa5, LINES = 4096 / DMA_LINE, LINE_WORDS = DMA_LINE / 8 };

static u64 *line_of(const struct dma_probe *p, u64 line)
{
	return (u64 *)(p->cpu + line % LINES * DMA_LINE);
}

static struct iova iova_of(const struct dma_probe *p, u64 line)
{
	return (struct iova){ p->mapped.v + line % LINES * DMA_LINE };
}

/* Is the page as it was but for two words of one line? */
static bool only_line_changed(const struct dma_probe *p, u64 line)
{
	const u64 *word = (const u64 *)p->cpu, *at = line_of(p, line);
	u64 background;
	memset(&background, BACKGROUND, sizeof background);
	for (unsigned i = 0; i < LINES * LINE_WORDS; i++)
		if (word[i] != background && word + i != at && word + i != at + 1)
			return false;
	return true;
}

/* One read and one write of a symbol at a line; NULL, or what went wrong. */
static const char *round_trip(struct dma_engine *e, const struct dma_probe *p, u64 line,
			      unsigned symbol)
{
	volatile u64 *at = line_of(p, line);
	memset(p->cpu, e->can & DMA_FETCH ? 0 : BACKGROUND, 4096);
	if (e->can & DMA_READ) {
		/* Other symbols, so that none of these can be taken for the one that is asked for. */
		for (u64 before = 0; e->can & DMA_FETCH && before < line % LINES; before++) {
			line_of(p, before)[0] =
				e->ops->word(e, (symbol + 1 + before) % DMA_SYMBOLS);
			line_of(p, before)[1] = e->ops->tail(e);
		}
		at[0] = e->ops->word(e, symbol);
		at[1] = e->ops->tail(e);
		if (dma_prepare(e, iova_of(p, line), DMA_TO_READ) != DMA_DONE)
			return "a mapped line is not granted";
		struct dma_result r = e->ops->read(e, iova_of(p, line));
		if (r.status != DMA_DONE)
			return "a read of a mapped line is not done";
		if (r.word != at[0])
			return "a read tells another word than the line holds";
	}
	if (e->can & DMA_WRITE) {
		symbol = e->can & DMA_ANY_WORD ? DMA_SYMBOLS - 1 - symbol : DMA_SYMBOL_DEVICE;
		memset(p->cpu, BACKGROUND, 4096);
		at[0] = e->ops->word(e, !symbol);
		if (dma_prepare(e, iova_of(p, line), DMA_TO_WRITE) != DMA_DONE)
			return "a mapped line is not granted for writing";
		if (e->ops->write(e, iova_of(p, line), symbol).status != DMA_DONE)
			return "a write to a mapped line is not done";
		if (at[0] != e->ops->word(e, symbol))
			return "a write did not leave the symbol's word";
		if (!only_line_changed(p, line))
			return "a write changed more than 16 bytes of its line";
	}
	return NULL;
}

static const char *refusals(struct dma_engine *e, const struct dma_probe *p)
{
	enum dma_status read = DMA_BLOCKED, write = DMA_BLOCKED;
	if (e->can & DMA_ATS &&
	    e->ops->translate(e, p->unmapped, DMA_TO_READ).status != DMA_BLOCKED)
		return "an unmapped line is granted";
	if (e->can & DMA_READ)
		read = e->ops->read(e, p->unmapped).status;
	if (p->clear_faults)
		p->clear_faults(e);
	if (e->can & DMA_WRITE)
		write = e->ops->write(e, p->unmapped, DMA_SYMBOL_DEVICE).status;
	if (p->clear_faults)
		p->clear_faults(e);
	/* A write may vanish in silence; see enum dma_status. */
	return read != DMA_BLOCKED    ? "a read of an unmapped line is not blocked"
	       : write == DMA_TIMEOUT ? "a write to an unmapped line has no end"
				      : NULL;
}

static const char *all(struct dma_engine *e, const struct dma_probe *p, unsigned rounds)
{
	struct dma_probe far = *p;
	const char *wrong = NULL;

	far.mapped = p->far;
	for (unsigned s = 1; s < DMA_SYMBOLS; s++)
		for (unsigned t = 0; t < s; t++)
			if (e->ops->word(e, s) == e->ops->word(e, t))
				return "two symbols have the same word";
	for (unsigned i = 0; !wrong && i < rounds; i++)
		wrong = round_trip(e, p, i, i % DMA_SYMBOLS);
	for (unsigned i = 0; !wrong && i < 4; i++) {
		wrong = refusals(e, p);
		wrong = wrong ? wrong : round_trip(e, p, i, i);
	}
	if (!wrong && e->can & DMA_ANY_ADDRESS)
		wrong = round_trip(e, &far, 0, 1);
	if (wrong)
		return wrong;
	e->ops->stop(e);
	if (pci_is_bus_master(e->fn))
		return "it still masters the bus after stop";
	return e->ops->start(e) ? round_trip(e, p, 0, 1) : "it does not start again";
}

bool dma_conformance(struct dma_engine *e, const struct dma_probe *p, unsigned rounds)
{
	const char *wrong = all(e, p, rounds);
	if (wrong)
		note("engine=%s %s", e->name, wrong);
	return !wrong;
}
