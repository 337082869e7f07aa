/* U02: reserved bits, one after the other. */
#include "kernel/string.h"
#include "tests/tables.h"
#include "tests/unit/world.h"

/* The old frame by a leaf that is this large; where it is then. */
u64 unit_put_large(struct unit_world *w, enum pg_level level)
{
	u64 offset = pg_size(level) - 1;

	if (level == PG_4K)
		return UNIT_VA;
	unit_set(w, w->entry[UNIT_PTE - (level - PG_4K)], unit_leaf(level, w->frame[UNIT_OLD]));
	return (UNIT_VA & ~offset) | (w->frame[UNIT_OLD].v & offset);
}

const char *unit_lacks_pages(bool second, enum pg_level level)
{
	if (second && level != PG_4K &&
	    !(get(machine.unit->cap, VTD_CAP_SSLPS) >> (level - PG_2M) & 1))
		return "second-stage pages of that size (CAP.SSLPS)";
	if (!second && level == PG_1G && !get(machine.unit->cap, VTD_CAP_FS1GP))
		return "first-stage pages of 1 GiB (CAP.FS1GP)";
	return NULL;
}

static bool used(const struct unit_world *w, const struct reserved_row *row)
{
	return row->unless && get(w->unit->ecap, row->unless);
}

static const char *without(const struct unit_world *w, const struct reserved_row *row)
{
	if (used(w, row) && !row->used)
		return "a unit without a use for this bit";
	if (row->unless_pages && !unit_lacks_pages(w->second, (enum pg_level)row->unless_pages))
		return "a unit without pages of that size";
	return unit_lacks_pages(w->second, (enum pg_level)(PG_4K + row->leaf));
}

static int first_bit(const struct unit_world *w, const struct reserved_row *x)
{
	switch (x->first) {
	case UNIT_ADDRESS_BITS:
		return (int)machine.address_bits;
	case UNIT_DID_BITS:
		return (int)(field_lo(VTD_PASID_DID) + 4 + 2 * get(w->unit->cap, VTD_CAP_ND));
	case UNIT_PDTS_BITS:
		return (int)(field_lo(VTD_CTX_RID_PASID) + 13 +
			     get(*w->entry[UNIT_CONTEXT], VTD_CTX_PDTS));
	default:
		return x->first;
	}
}

/* A directory of the full size, of which the context entry has said less: what is behind that leads to the new frame. */
static void lengthen_directory(struct unit_world *w)
{
	u64 *context = w->entry[UNIT_CONTEXT];
	const u64 *dir = w->entry[UNIT_PASID_DIR] - w->pasid / VTD_PASIDS_PER_TABLE;
	u64 said = vtd_pasid_dir_bytes((unsigned)get(*context, VTD_CTX_PDTS)),
	    all = vtd_pasid_dir_bytes((unsigned)(mask(VTD_CTX_PDTS) >> field_lo(VTD_CTX_PDTS)));
	struct pa at = tables_large_page((struct va){ 0 });
	u64 *longer = direct(at), behind = unit_new_above(w, UNIT_PASID_DIR);

	for (u64 i = 0; i < all / sizeof *longer; i++)
		longer[i] = i < said / sizeof *dir ? dir[i] : behind;
	vtd_write_back(w->unit, longer, all);
	unit_set(w, context, (*context & ~mask(VTD_CTX_PASIDDIRPTR)) | at.v);
}

static bool one_bit(struct unit_world *w, struct unit_run *r, u64 *entry, int bit, u64 va,
		    char text[UNIT_SEEN_TEXT])
{
	u64 *word = entry + word_of(FIELD(bit, bit)), was = *word;

	unit_set(w, word, was ^ mask(FIELD(bit, bit)));
	if (!unit_forget(w, r))
		return false;
	const struct unit_seen s = unit_access(w, VTD_READ, va);
	unit_set(w, word, was);
	unit_seen_text(text, &s);
	/* An engine that was refused must find its rings again before the next. */
	return !s.faulted || (unit_forget(w, r) && unit_ready(w, r, va));
}

void unit_reserved(const struct unit_row *row, struct unit_run *r)
{
	const struct reserved_row *x = (const struct reserved_row *)(const void *)row;
	struct unit_groups seen = { .count = 0 }, wanted = { .count = 0 };
	struct unit_world *w = unit_open(r, DMA_READ);
	char text[UNIT_SEEN_TEXT], want[16] = "old";

	if (!w)
		return;
	int first = first_bit(w, x);
	r->missing = without(w, x);
	if (!r->missing && first > x->last)
		r->missing = x->first == UNIT_DID_BITS ? "domain ids of fewer bits (CAP.ND)"
						       : "physical addresses of fewer bits";
	if (x->reason)
		unit_reason_text(want, used(w, x) ? x->used : x->reason);
	if (x->first == UNIT_PDTS_BITS)
		lengthen_directory(w);
	if (x->nxe_0)
		unit_change(w, r, UNIT_PASID, VTD_PASID_NXE, 0);
	if (x->nxe_0)
		unit_set(w, w->entry[UNIT_PTE], *w->entry[UNIT_PTE] & ~mask(PTE_XD));
	u64 va = unit_put_large(w, (enum pg_level)(PG_4K + x->leaf));

	if (x->leaf != LEAF_IN_PT)
		unit_did(r, "a leaf of %s", unit_size((enum pg_level)(PG_4K + x->leaf)));
	if (first == x->last)
		unit_did(r, "bit %d of the %s inverted", first, unit_entry_name[x->entry]);
	else
		unit_did(r, "one of bits %d to %d of the %s inverted", first, x->last,
			 unit_entry_name[x->entry]);
	unit_did(r, "everything invalidated; a read");
	for (int bit = first; bit <= x->last && !r->missing; bit++) {
		if (!one_bit(w, r, w->entry[x->entry], bit, va, text))
			break;
		unit_group(&seen, bit, text);
		unit_group(&wanted, bit, want);
	}
	unit_groups_text(r->seen, sizeof r->seen, &seen);
	unit_groups_text(r->wanted, sizeof r->wanted, &wanted);
	unit_close(w, r);
}
