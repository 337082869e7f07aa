/* U07: a write is begun; that it is translated its A bit tells; the page is invalidated; is the old frame still written? */
#include "kernel/time.h"
#include "tests/unit/world.h"

enum { TRIES = 20, TRANSLATED_MS = 2000 };
#define EMPTY_WORD 0x5555555555555555ull

enum flight { TOO_QUICK, NEVER_TRANSLATED, LATE, DRAINED };

static enum flight fly(struct unit_world *w, struct unit_run *r, const struct vtd_desc *d)
{
	struct dma_engine *e = w->engine;
	volatile u64 *old = direct(w->frame[UNIT_OLD]), *leaf = w->entry[UNIT_PTE];

	unit_set(w, w->entry[UNIT_PTE],
		 unit_leaf(PG_4K, w->frame[UNIT_OLD]) & ~(mask(PTE_A) | mask(PTE_D)));
	if (!unit_forget(w, r))
		return NEVER_TRANSLATED;
	*old = EMPTY_WORD;
	if (!e->ops->begin(e, (struct iova){ UNIT_VA }))
		return NEVER_TRANSLATED;
	bool translated = until(TRANSLATED_MS, get(*leaf, PTE_A), "%s to be translated", e->name);
	unit_set(w, w->entry[UNIT_PTE], unit_leaf(PG_4K, w->frame[UNIT_NEW]));
	unit_invalidate(w, r, d, 1);
	bool landed = *old != EMPTY_WORD;
	bool done = e->ops->await(e).status == DMA_DONE;

	if (!r->error && unit_access(w, VTD_READ, UNIT_VA).at != UNIT_NEW)
		r->error = "the invalidation did nothing";
	if (!translated || !done)
		return NEVER_TRANSLATED;
	return landed ? TOO_QUICK : *old != EMPTY_WORD ? LATE : DRAINED;
}

void unit_flight(const struct unit_row *row, struct unit_run *r)
{
	const struct flight_row *x = (const struct flight_row *)(const void *)row;
	struct unit_world *w = unit_open_engine(r, machine_engine(DMA_BEGIN));
	enum flight seen = TOO_QUICK;

	if (!w)
		return;
	const struct vtd_desc d =
		x->all ? vtd_piotlb_all(w->did, w->pasid)
		       : vtd_piotlb_pages(w->did, w->pasid, UNIT_VA, 0, VTD_EVERY_LEVEL);

	unit_did(
		r,
		"a write of %s begun, and A of its leaf awaited; the leaf leads to another frame; PASID-based IOTLB descriptor %#lx %#lx and a wait; then the end of the write",
		w->engine->name, d.w[0], d.w[1]);
	for (unsigned i = 0; i < TRIES && seen == TOO_QUICK && !r->error; i++)
		seen = fly(w, r, &d);
	/* It may have waited for the write, which is then there each time: as it should be. */
	unit_want(r, "the old frame is not written afterwards");
	if (seen == NEVER_TRANSLATED)
		r->error = "the write was not translated, or did not end";
	unit_saw(r, "the old frame is %swritten afterwards", seen == LATE ? "" : "not ");
	r->blind = seen != LATE;
	r->no_power = "no write was in flight when the invalidation was over";
	unit_close(w, r);
}
