#pragma once
#include "kernel/dma.h"

/*
 * Symbols as words in memory. An engine says which word is a symbol's; without an engine, or for a
 * symbol that it cannot write, the word is our own.
 */
u64 words_word(const struct dma_engine *e, unsigned symbol);
unsigned char words_symbol(const struct dma_engine *e,
			   u64 word); /* enum symbol; OTHER if it is none */

/* Make a line one that the engine can read: its second word. Its content stays. */
void words_tail(const struct dma_engine *e, u8 *line);

/* The whole line: the symbol's word and the tail. */
void words_line(const struct dma_engine *e, u8 *line, unsigned symbol);

/* "O", "P1" (the mark of a frame), "fault", "landed" ... Pure. */
const char *words_name(unsigned symbol);
