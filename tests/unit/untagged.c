/* U03, U06: requests without PASID. */
#include "kernel/string.h"
#include "tests/unit/world.h"

void unit_rid_pasid(const struct unit_row *row, struct unit_run *r)
{
	struct unit_world *w = unit_open(r, DMA_READ);
	char text[UNIT_SEEN_TEXT];
	struct pa other;

	(void)row;
	if (!w)
		return;
	u64 *entry = w->entry[UNIT_PASID], *context = w->entry[UNIT_CONTEXT];
	u32 beside = w->pasid ^ 1;
	/* In one table: only the lowest bit differs. */
	u64 *slot = w->pasid & 1 ? entry - ARRAY_SIZE(((struct vtd_pasid *)NULL)->w)
				 : entry + ARRAY_SIZE(((struct vtd_pasid *)NULL)->w);

	unit_set(w, unit_in_copy(w, w->entry[UNIT_PML4E], &other), unit_new_below(w, UNIT_PML4E));
	unit_set(w, &slot[2], (entry[2] & ~mask(VTD_PASID_FSPTPTR)) | other.v);
	unit_set(w, &slot[1], entry[1]);
	unit_set(w, &slot[0], entry[0]);
	unit_set(w, &context[1],
		 (context[1] & ~mask(VTD_CTX_RID_PASID)) | put(VTD_CTX_RID_PASID, beside));
	unit_did(
		r,
		"RID_PASID made %u, whose PASID entry leads to another page; everything invalidated; a read",
		beside);
	if (unit_forget(w, r)) {
		struct unit_seen s = unit_access(w, VTD_READ, UNIT_VA);

		unit_saw(r, "%s", unit_seen_text(text, &s));
	}
	unit_want(r, "%s", get(w->unit->ecap, VTD_ECAP_RPS) ? "new" : "old");
	/* Or the field is reserved. */
	r->allowed = !get(w->unit->ecap, VTD_ECAP_RPS) && !strcmp(r->seen, "reason=0x42");
	unit_close(w, r);
}

void unit_untagged(const struct unit_row *row, struct unit_run *r)
{
	struct unit_world *w = unit_open(r, DMA_READ);

	(void)row;
	if (!w)
		return;
	unit_did(r, "the PT entry made 0; everything invalidated; a read");
	unit_set(w, w->entry[UNIT_PTE], 0);
	if (unit_forget(w, r)) {
		struct unit_seen s = unit_access(w, VTD_READ, UNIT_VA);

		unit_saw(r, "%s", !s.faulted ? "nothing" : s.fault.has_pasid ? "PP=1" : "PP=0");
	}
	unit_want(r, "PP=0");
	unit_close(w, r);
}
