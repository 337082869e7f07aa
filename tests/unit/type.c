/*
 * U06: a PASID entry of one kind, an access, then one of another kind. By its tables the address is the old frame, by other tables, or
 * passed through, the new one, whose physical address it is then.
 */
#include "mm/pagetable.h"
#include "tests/unit/world.h"

enum { OTHER_DID = 0x77 };
static const char *const kinds[] = { "with P=0", "of a first stage",
				     "of a first stage by other tables", "pass-through" };

static struct vtd_pasid entry_of(const struct unit_world *w, enum unit_walk walk, u16 did,
				 struct pa other)
{
	u64 root = walk == BY_OTHER_TABLES ? other.v : w->root.v;
	struct vtd_pasid e;

	for (unsigned i = 0; i < ARRAY_SIZE(e.w); i++)
		e.w[i] = w->entry[UNIT_PASID][i];
	e.w[0] &= ~(mask(VTD_PASID_PGTT) | mask(VTD_PASID_P));
	e.w[0] |= put(VTD_PASID_P, walk != BY_NOTHING) |
		  put(VTD_PASID_PGTT, walk == PASSED_THROUGH ? VTD_PASS_THROUGH : VTD_FIRST_STAGE);
	e.w[1] = (e.w[1] & ~mask(VTD_PASID_DID)) | put(VTD_PASID_DID, did);
	e.w[2] = (e.w[2] & ~mask(VTD_PASID_FSPTPTR)) | root;
	return e;
}

/* The word with P last, or first if that goes away. */
static void put_entry(struct unit_world *w, const struct vtd_pasid *e)
{
	u64 *at = w->entry[UNIT_PASID];

	for (unsigned i = 2; i && get(e->w[0], VTD_PASID_P); i--)
		unit_set(w, &at[i], e->w[i]);
	unit_set(w, &at[0], e->w[0]);
}

/*
 * What the manual asks for when an entry of this PASID went away, or is no longer what it was. And the context cache where addresses
 * passed through: QEMU takes such a device off its IOMMU, in some of its runs, until a context-cache descriptor is seen
 * (vtd_pt_enable_fast_path()); no verdict can rest on that.
 */
static bool tell(struct unit_world *w, struct unit_run *r, bool passed)
{
	const struct vtd_desc d[] = { vtd_cc_device(w->did, w->sid), vtd_pc_pasid(w->did, w->pasid),
				      vtd_piotlb_all(w->did, w->pasid) };

	return unit_invalidate(w, r, passed ? d : d + 1, ARRAY_SIZE(d) - !passed);
}

static bool is_removed(const struct type_row *x)
{
	return x->from == BY_TABLES && x->to == BY_NOTHING;
}

static enum unit_frame frame_of(enum unit_walk walk)
{
	return walk == BY_TABLES ? UNIT_OLD : walk == BY_NOTHING ? UNIT_NOWHERE : UNIT_NEW;
}

static void try_it(struct unit_world *w, struct unit_run *r, const struct type_row *x,
		   struct pa other)
{
	u64 va = x->access == VTD_READ ? UNIT_VA : w->frame[UNIT_NEW].v;
	enum vtd_access access = (enum vtd_access)x->access;
	struct vtd_pasid from = entry_of(w, (enum unit_walk)x->from, w->did, other),
			 to = entry_of(w, (enum unit_walk)x->to, x->other_did ? OTHER_DID : w->did,
				       other),
			 gone = from;
	char text[UNIT_SEEN_TEXT];

	gone.w[0] &= ~mask(VTD_PASID_P);
	put_entry(w, &from);
	if (!unit_forget(w, r))
		return;
	if (unit_access(w, access, va).at != frame_of((enum unit_walk)x->from)) {
		r->error = "the first kind of entry does not work";
		return;
	}
	put_entry(w, x->in_place ? &to : &gone);
	/* Without descriptors. */
	r->blind = unit_access(w, access, va).at != frame_of((enum unit_walk)x->from);
	r->no_power = machine.facts[FACT_IOTLB_KEEPS] ? NULL : "nothing is kept here";
	/* Who goes by the tables still is told from what was kept of them. */
	if (is_removed(x))
		unit_set(w, w->entry[UNIT_PTE], unit_leaf(PG_4K, w->frame[UNIT_NEW]));
	if (!tell(w, r, x->from == PASSED_THROUGH))
		return;
	if (!x->in_place)
		put_entry(w, &to);
	struct unit_seen s = unit_access(w, access, va);
	unit_saw(r, "%s", unit_seen_text(text, &s));
}

void unit_type(const struct unit_row *row, struct unit_run *r)
{
	const struct type_row *x = (const struct type_row *)(const void *)row;
	bool passes = x->from == PASSED_THROUGH || x->to == PASSED_THROUGH;
	struct unit_world *w;
	struct pa other;

	if (passes && !get(machine.unit->ecap, VTD_ECAP_PT)) {
		r->missing = "pass-through (ECAP.PT)";
		return;
	}
	w = unit_open(r, passes ? DMA_WRITE | DMA_NO_RINGS : DMA_READ);
	if (!w)
		return;
	if (passes)
		unit_map_at(w, PG_4K, w->frame[UNIT_OLD], (struct va){ w->frame[UNIT_NEW].v });
	unit_set(w, unit_in_copy(w, w->entry[UNIT_PML4E], &other), unit_new_below(w, UNIT_PML4E));
	unit_did(
		r,
		"PASID entry %s; an access; the entry made one %s%s%s; an access; %s%sPASID-cache and PASID-based IOTLB descriptors, PASID-selective%s, and a wait; an access",
		kinds[x->from], kinds[x->to], x->other_did ? ", another domain id" : "",
		x->in_place ? "" : ", P=0 before",
		is_removed(x) ? "the PT entry leads to the new page; " : "",
		x->from == PASSED_THROUGH ? "context-cache, " : "",
		x->in_place ? "" : ", while P=0");
	try_it(w, r, x, other);
	switch ((enum unit_walk)x->to) {
	case BY_NOTHING:
		unit_want(r, "reason=0x59");
		break;
	case BY_TABLES:
		unit_want(r, "old");
		break;
	default:
		unit_want(r, "new");
	}
	unit_close(w, r);
}
