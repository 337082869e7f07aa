/* U08: every engine tries to write to a page that it may read. */
#include "kernel/format.h"
#include "kernel/string.h"
#include "mm/pagetable.h"
#include "tests/unit/world.h"

/* Behind what is there, unless it is all there is. */
static void add(char text[UNIT_TEXT], const char *what)
{
	size_t n = strlen(text);

	if (strcmp(text, what) != 0)
		format(text + n, UNIT_TEXT - n, "%s%s", n ? "; " : "", what);
}

/* With a device TLB it must ask first, and is told: C13. */
static bool tries(const struct dma_engine *e, const struct read_only_row *x)
{
	return e->can & DMA_WRITE && e->can & DMA_ANY_ADDRESS && !(e->can & DMA_ATS) &&
	       (!x->read || e->can & DMA_READ);
}

static void one(struct dma_engine *e, const struct read_only_row *x, struct unit_run *r)
{
	struct unit_world *w = unit_open_engine(r, e);
	char text[UNIT_SEEN_TEXT];

	if (!w)
		return;
	unit_set(w, w->entry[x->entry], *w->entry[x->entry] & ~mask(PTE_RW));
	if (unit_forget(w, r)) {
		if (x->read && unit_access(w, VTD_READ, UNIT_VA).at != UNIT_OLD)
			r->error = "a page that may be read is not";
		struct unit_seen s = unit_access(w, VTD_WRITE, UNIT_VA);

		add(r->seen, unit_seen_text(text, &s));
		add(r->fact, e->name);
		unit_want(r, "reason=0x85");
	}
	unit_close(w, r);
}

void unit_read_only(const struct unit_row *row, struct unit_run *r)
{
	const struct read_only_row *x = (const struct read_only_row *)(const void *)row;

	unit_did(r, "R/W=0 in the %s; everything invalidated; %sa write", unit_entry_name[x->entry],
		 x->read ? "a read; " : "");
	for (unsigned i = 0; i < machine.engines; i++)
		if (tries(machine.engine[i], x))
			one(machine.engine[i], x, r);
	if (!r->wanted[0] && !r->error)
		r->missing = "a DMA engine that reads and writes";
}
