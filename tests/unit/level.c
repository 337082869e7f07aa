/* U05: an entry changes, and one invalidation makes it count. */
#include "tests/unit/world.h"

static struct vtd_desc descriptor(const struct unit_world *w, const struct level_row *x)
{
	if (w->second)
		return x->how == BY_PASID ? vtd_iotlb_domain(w->did, w->unit->drain)
					  : vtd_iotlb_pages(w->did, UNIT_VA, 0, VTD_EVERY_LEVEL,
							    w->unit->drain);
	return x->how == BY_PASID ? vtd_piotlb_all(w->did, w->pasid)
				  : vtd_piotlb_pages(w->did, w->pasid, UNIT_VA, 0, VTD_EVERY_LEVEL);
}

void unit_level(const struct unit_row *row, struct unit_run *r)
{
	const struct level_row *x = (const struct level_row *)(const void *)row;
	struct unit_world *w = unit_open(r, DMA_READ);
	char after[UNIT_SEEN_TEXT], again[UNIT_SEEN_TEXT];

	if (!w)
		return;
	const struct vtd_desc d = descriptor(w, x);
	u64 *entry = w->entry[x->entry], was = *entry;

	unit_did(r,
		 "a read; the %s %s; descriptor %#lx %#lx; a read; the entry as it was; %sa read",
		 unit_entry_name[x->entry], x->replaced ? "leads to another page" : "cleared",
		 d.w[0], d.w[1], x->replaced ? "the same descriptor; " : "");
	(void)unit_access(w, VTD_READ, UNIT_VA);
	unit_set(w, entry, x->replaced ? unit_new_below(w, (enum unit_entry)x->entry) : 0);
	/* Without the descriptor. */
	r->blind = unit_access(w, VTD_READ, UNIT_VA).at != UNIT_OLD;
	r->no_power = machine.facts[FACT_IOTLB_KEEPS] ? NULL : "no translation is kept here";
	if (unit_invalidate(w, r, &d, 1)) {
		struct unit_seen s = unit_access(w, VTD_READ, UNIT_VA);

		unit_seen_text(after, &s);
		unit_set(w, entry, was);
		/* What was not present is not kept, in a first stage not even with caching mode. */
		if (!x->replaced || unit_invalidate(w, r, &d, 1)) {
			s = unit_access(w, VTD_READ, UNIT_VA);
			unit_saw(r, "%s, then %s", after, unit_seen_text(again, &s));
		}
	}
	if (x->replaced)
		unit_want(r, "new, then old");
	else if (r->second)
		unit_want_reason(r, ", then old", SECOND_REFUSES, NO_READ);
	else
		unit_want_reason(r, ", then old", 0x71, 0);
	unit_close(w, r);
}
