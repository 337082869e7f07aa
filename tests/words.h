#pragma once
#include "kernel/dma.h"

/*
 * Symbols as words in memory. An engine says which word is a symbol's; without an engine the words are our
 * own. A second one only writes, and the first cannot read that. Pure.
 */
struct words {
	u64 of[DMA_SYMBOLS];
	u8 guess[256]; /* by a hash of a word: the symbol that it may be */
	u64 tail;      /* the second word of a line that the engine can read */
	u64 second;    /* what a second engine writes for DMA_SYMBOL_DEVICE */
};
void words_learn(struct words *w, const struct dma_engine *e, const struct dma_engine *second);

/* enum symbol; OTHER if the word is none's. */
u8 words_symbol(const struct words *w, u64 word);

/* Make a line one that the engine can read: its second word. Its content stays. */
void words_tail(const struct words *w, u8 *line);

/* The whole line: the symbol's word and the tail. */
void words_line(const struct words *w, u8 *line, unsigned symbol);

/* "O", "P1" (the mark of a frame), "fault", "landed" ... */
const char *words_name(unsigned symbol);
