/* U01: ranges of pages, and which pages of the block that they are in are gone afterwards. */
#include "iommu/vtd_publish.h"
#include "mm/pagetable.h"
#include "tests/unit/world.h"

/* Of the table that has UNIT_VA. */
static u64 first_va(void) { return UNIT_VA & ~(pg_size(PG_2M) - 1); }

/* All pages to this frame. The table is the case's own. */
static void map_all(struct unit_world *w, const struct range_row *x, enum unit_frame frame)
{
	u64 *pte = w->entry[UNIT_PTE] - pg_index((struct va){ UNIT_VA }, PG_4K);

	for (unsigned p = 0; p < x->pages; p++)
		vtd_store(w->unit, &pte[p], unit_leaf(PG_4K, w->frame[frame]));
}

static bool invalidate(struct unit_world *w, struct unit_run *r, unsigned page, u8 order)
{
	const struct vtd_space space = { .did = w->did,
					 .stage = w->second ? VTD_SECOND_STAGE : VTD_FIRST_STAGE };
	const struct vtd_desc d = vtd_pages_of(
		w->unit, &space, w->pasid, first_va() + page * PAGE_SIZE, order, VTD_EVERY_LEVEL);

	return unit_invalidate(w, r, &d, 1);
}

/* In a block of the last invalidation. */
static bool is_told(const struct range_row *x, unsigned page)
{
	return page >> x->order == (unsigned)x->first >> x->order ||
	       (x->order_of_last != ONE_BLOCK &&
		page >> x->order_of_last == (unsigned)x->last >> x->order_of_last);
}

/* Those that are at this frame, how many; which, in the range, and beside it; and how many in no block. */
static unsigned pages_at(struct unit_world *w, const struct range_row *x, enum unit_frame frame,
			 struct unit_groups *in, struct unit_groups *beside, unsigned *untold)
{
	unsigned n = 0;

	*untold = 0;
	for (unsigned p = 0; p < x->pages; p++) {
		bool is_in = p >= x->first && p <= x->last;

		if (unit_access(w, VTD_READ, first_va() + p * PAGE_SIZE).at != frame)
			continue;
		unit_group(is_in ? in : beside, (int)p, is_in ? "gone" : "gone too");
		*untold += !is_told(x, p);
		n++;
	}
	return n;
}

static void try_it(struct unit_world *w, struct unit_run *r, const struct range_row *x)
{
	struct unit_groups old = { 0 }, wanted = { 0 }, gone = { 0 }, too = { 0 };
	unsigned untold;

	map_all(w, x, UNIT_OLD);
	if (!unit_forget(w, r))
		return;
	if (pages_at(w, x, UNIT_OLD, &old, &old, &untold) != x->pages) {
		r->error = "a page is not where it was mapped";
		return;
	}
	map_all(w, x, UNIT_NEW);
	r->blind = pages_at(w, x, UNIT_OLD, &old, &old, &untold) != x->pages;
	r->no_power = machine.facts[FACT_IOTLB_KEEPS] ? NULL : "no translation is kept here";
	if (!invalidate(w, r, x->first, x->order) ||
	    (x->order_of_last != ONE_BLOCK && !invalidate(w, r, x->last, x->order_of_last)))
		return;
	for (unsigned p = x->first; p <= x->last; p++)
		unit_group(&wanted, (int)p, "gone");
	pages_at(w, x, UNIT_NEW, &gone, &too, &untold);
	r->blind |= untold && unit_forgets_exactly();
	unit_did(
		r,
		"%u pages read, their entries changed, a block of 2^%u pages told that page %u is in%s; all read again",
		x->pages, x->order, x->first,
		x->order_of_last == ONE_BLOCK ? "" : ", and one that the last is in");
	unit_groups_text(r->wanted, sizeof r->wanted, &wanted);
	unit_groups_text(r->seen, sizeof r->seen, &gone);
	if (too.count)
		unit_groups_text(r->fact, sizeof r->fact, &too);
}

void unit_range(const struct unit_row *row, struct unit_run *r)
{
	const struct range_row *x = (const struct range_row *)(const void *)row;
	struct unit_world *w = unit_open(r, DMA_READ);

	if (!w)
		return;
	try_it(w, r, x);
	unit_close(w, r);
}
