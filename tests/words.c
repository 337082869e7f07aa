/* Pure: symbols as words in memory, and back. */
#include "tests/words.h"
#include "kernel/string.h"
#include "tests/listing.h"

/* Our own: every byte of the word says the symbol, which reads well in a dump. */
static u64 own(unsigned symbol) { return symbol * 0x0101010101010101ull; }

/* Multiplicative (Knuth 6.4): words of one engine differ in a few low bits. */
static unsigned hash(u64 word) { return word * 0x9e3779b97f4a7c15ull >> 56; }

void words_learn(struct words *w, const struct dma_engine *e, const struct dma_engine *second)
{
	w->of[NOTHING] = 0;
	for (unsigned s = 1; s < DMA_SYMBOLS; s++)
		w->of[s] = e ? e->ops->word(e, s) : own(s);
	w->tail = e ? e->ops->tail(e) : 0;
	w->second =
		second ? second->ops->word(second, DMA_SYMBOL_DEVICE) : w->of[DMA_SYMBOL_DEVICE];
	memset(w->guess, NOTHING, sizeof w->guess);
	for (unsigned s = DMA_SYMBOLS; s-- > 0;)
		w->guess[hash(w->of[s])] = (u8)s;
}

u8 words_symbol(const struct words *w, u64 word)
{
	u8 guess = w->guess[hash(word)];

	if (w->of[guess] == word)
		return guess;
	for (unsigned s = 0; s < DMA_SYMBOLS; s++)
		if (word == w->of[s])
			return (u8)s;
	return word == w->second ? DMA_SYMBOL_DEVICE : OTHER;
}

void words_tail(const struct words *w, u8 *line)
{
	memcpy(line + sizeof(u64), &w->tail, sizeof w->tail);
}

void words_line(const struct words *w, u8 *line, unsigned symbol)
{
	memcpy(line, &w->of[symbol], sizeof w->of[symbol]);
	words_tail(w, line);
}
