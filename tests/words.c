/* Pure: symbols as words in memory, and back. */
#include "tests/words.h"
#include "kernel/string.h"
#include "tests/scenario.h"

/* Our own: every byte of the word says the symbol, which reads well in a dump. */
static u64 own(unsigned symbol) { return symbol * 0x0101010101010101ull; }

u64 words_word(const struct dma_engine *e, unsigned symbol)
{
	if (!symbol)
		return 0;
	return e ? e->ops->word(e, symbol) : own(symbol);
}

unsigned char words_symbol(const struct dma_engine *e, u64 word)
{
	for (unsigned s = 0; s < DMA_SYMBOLS; s++)
		if (word == words_word(e, s))
			return (unsigned char)s;
	return OTHER;
}

void words_tail(const struct dma_engine *e, u8 *line)
{
	u64 tail = e ? e->ops->tail(e) : 0;

	memcpy(line + sizeof(u64), &tail, sizeof tail);
}

void words_line(const struct dma_engine *e, u8 *line, unsigned symbol)
{
	u64 word = words_word(e, symbol);

	memcpy(line, &word, sizeof word);
	words_tail(e, line);
}
