#pragma once
#include "tests/listing.h"

/* What a scenario can need (struct scenario .needs), in the order in which it is looked for; ends with bit 0. Pure. */
struct requirement {
	u32 bit;
	u16 can, cpus;     /* enum dma_can; so many */
	const char *words; /* behind "needs" */
};
extern const struct requirement needs_table[];

/* " needs 2 CPUs, ..." of what needs something, or ""; returns text. */
const char *needs_text(u32 needs, char *text, size_t size);
