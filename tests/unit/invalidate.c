/* U01: a descriptor, and what of all that is cached is gone afterwards. */
#include "kernel/format.h"
#include "kernel/string.h"
#include "mm/frame.h"
#include "mm/pagetable.h"
#include "tests/unit/world.h"

enum { PAGES = 4, OTHER_DID = 0x1234, OTHER_PASID = 0x3333 };
static const char *const page_name[PAGES] = { "page", "next", "far", "large" };

/* What is cached, and changes: for pages a leaf each; for the other two what leads to a second root. */
enum cached { IN_IOTLB, IN_CONTEXT_CACHE, IN_PASID_CACHE };
static enum cached cached_in(const struct invalidate_row *x)
{
	return x->scope < CC_GLOBAL   ? IN_IOTLB
	       : x->scope < PC_GLOBAL ? IN_CONTEXT_CACHE
				      : IN_PASID_CACHE;
}

static u64 page_va(const struct unit_world *w, unsigned page)
{
	static const u8 number[PAGES] = { 0, 1, 7 };
	u64 large = pg_size(PG_2M) - 1;

	if (page < PAGES - 1)
		return UNIT_VA + number[page] * PAGE_SIZE;
	return (UNIT_VA | large) + 1 + (w->frame[UNIT_OLD].v & large);
}

static u64 *pte_of(const struct unit_world *w, unsigned page)
{
	return w->entry[UNIT_PTE] + (page_va(w, page) - UNIT_VA) / PAGE_SIZE;
}

/* All pages to the old frame. */
static void map_old(struct unit_world *w)
{
	for (unsigned p = 0; p < PAGES - 1; p++)
		unit_set(w, pte_of(w, p), unit_leaf(PG_4K, w->frame[UNIT_OLD]));
	unit_set(w, w->entry[UNIT_PDE] + 1, unit_leaf(PG_2M, w->frame[UNIT_OLD]));
}

static void map_new(struct unit_world *w)
{
	struct pa small = unit_table(w);
	u64 *leaf = direct(pt_at(small, pg_index((struct va){ page_va(w, PAGES - 1) }, PG_4K)));

	for (unsigned p = 0; p < PAGES - 1; p++)
		unit_set(w, pte_of(w, p), unit_leaf(PG_4K, w->frame[UNIT_NEW]));
	unit_set(w, leaf, unit_leaf(PG_4K, w->frame[UNIT_NEW]));
	unit_set(w, w->entry[UNIT_PDE] + 1, pte_table(small, true));
}

/* A root from which UNIT_VA is the new frame: copies of all tables on the way. */
static struct pa new_root(struct unit_world *w)
{
	struct pa root;

	unit_set(w, unit_in_copy(w, w->entry[UNIT_PML4E], &root), unit_new_below(w, UNIT_PML4E));
	return root;
}

static void change(struct unit_world *w, enum cached what)
{
	if (what == IN_IOTLB)
		map_new(w);
	else if (what == IN_PASID_CACHE)
		unit_set_root(w, w->entry[UNIT_PASID], new_root(w));
	else
		unit_set(w, w->entry[UNIT_CONTEXT], unit_new_above(w, UNIT_CONTEXT));
}

static struct vtd_desc descriptor(const struct unit_world *w, const struct invalidate_row *x)
{
	static const u8 masked[] = { 0, 4, 6, 7 };
	u16 did = x->did == OWN ? w->did : OTHER_DID;
	u32 pasid = x->pasid == OWN ? w->pasid : OTHER_PASID;
	u64 va = x->page == UNIT_PAGE_IN_LARGE ? page_va(w, PAGES - 1) & ~(PAGE_SIZE - 1)
					       : UNIT_VA + x->page * PAGE_SIZE;
	struct vtd_desc d;

	switch ((enum unit_scope)x->scope) {
	case IOTLB_DOMAIN:
		return vtd_iotlb_domain(did, w->unit->drain);
	case IOTLB_PAGES:
		return vtd_iotlb_pages(did, va, x->am, (enum vtd_hint)x->ih, w->unit->drain);
	case PIOTLB_ALL:
		return vtd_piotlb_all(did, pasid);
	case PIOTLB_PAGES:
		return vtd_piotlb_pages(did, pasid, va, x->am, (enum vtd_hint)x->ih);
	case CC_GLOBAL:
		return vtd_cc_global();
	case CC_DOMAIN:
		return vtd_cc_domain(did);
	case CC_DEVICE:
		d = vtd_cc_device(0, (u16)(w->sid ^ masked[x->fm] ^ (x->sid == OWN ? 0 : 8)));
		d.w[0] |= put(VTD_CC_FM, x->fm);
		return d;
	case PC_GLOBAL:
		return vtd_pc_global();
	case PC_DOMAIN:
		return vtd_pc_domain(did);
	case PC_PASID:
		return vtd_pc_pasid(did, pasid);
	default:
		return vtd_iotlb_global(w->unit->drain);
	}
}

/* The descriptor, or (NULL) none, and then the caches that are filled from the one that it is for. */
static bool invalidate(struct unit_world *w, struct unit_run *r, enum cached what,
		       const struct vtd_desc *d)
{
	struct vtd_desc all[3];
	unsigned n = 0;

	if (d)
		all[n++] = *d;
	if (what == IN_CONTEXT_CACHE)
		all[n++] = vtd_pc_global();
	if (what != IN_IOTLB)
		all[n++] = vtd_iotlb_global(w->unit->drain);
	return !n || unit_invalidate(w, r, all, n);
}

/* A set of pages that are at this frame. */
static unsigned pages_at(struct unit_world *w, enum cached what, enum unit_frame frame)
{
	unsigned set = 0;

	for (unsigned p = 0; p < (what == IN_IOTLB ? PAGES : 1); p++)
		if (unit_access(w, VTD_READ, page_va(w, p)).at == frame)
			set |= 1u << p;
	return set;
}

static size_t names(char *text, size_t size, const char *head, unsigned set)
{
	size_t n = format(text, size, "%s", head);

	for (unsigned p = 0; p < PAGES; p++)
		if (set & 1u << p)
			n += format(text + n, size - n, " %s", page_name[p]);
	return n;
}

static const char *nothing_kept(enum cached what)
{
	if (what == IN_IOTLB)
		return machine.facts[FACT_IOTLB_KEEPS] ? NULL : "no translation is kept here";
	return what == IN_PASID_CACHE ? "no PASID entry is kept here"
				      : "no context entry is kept here";
}

static void try_it(struct unit_world *w, struct unit_run *r, const struct invalidate_row *x)
{
	enum cached what = cached_in(x);
	const struct vtd_desc d = descriptor(w, x);
	unsigned all = what == IN_IOTLB ? PAGE_ALL : PAGE_AT;

	map_old(w);
	if (!unit_forget(w, r))
		return;
	if (pages_at(w, what, UNIT_OLD) != all) {
		r->error = "a page is not where it was mapped";
		return;
	}
	change(w, what);
	/* Without the descriptor. */
	if (!invalidate(w, r, what, NULL))
		return;
	unsigned kept = pages_at(w, what, UNIT_OLD);
	if (!invalidate(w, r, what, x->scope == IOTLB_NONE ? NULL : &d))
		return;
	unsigned gone = pages_at(w, what, UNIT_NEW);

	unit_did(r, "pages read; %s changed; descriptor %#lx %#lx and a wait; pages read again",
		 what == IN_IOTLB           ? "their entries"
		 : what == IN_CONTEXT_CACHE ? "PASIDDIRPTR of the context entry"
					    : "FSPTPTR of the PASID entry",
		 d.w[0], d.w[1]);
	names(r->wanted, sizeof r->wanted, "gone:", x->gone);
	names(r->seen, sizeof r->seen, "gone:", gone & x->gone);
	if (gone & kept & ~x->gone)
		names(r->fact, sizeof r->fact, "gone too:", gone & kept & ~x->gone);
	r->blind = (kept & (x->gone ? x->gone : all)) != (x->gone ? x->gone : all);
	if (unit_forgets_exactly() && x->gone != all && x->scope != IOTLB_NONE)
		r->blind |= !(kept & ~gone & ~(unsigned)x->gone);
	r->no_power = nothing_kept(what);
}

void unit_invalidation(const struct unit_row *row, struct unit_run *r)
{
	const struct invalidate_row *x = (const struct invalidate_row *)(const void *)row;
	struct unit_world *w = unit_open(r, DMA_READ);

	if (!w)
		return;
	try_it(w, r, x);
	unit_close(w, r);
}
