/*
 * U05: an entry changes, and one invalidation makes it count. Not for the page alone: what was not read before goes by that entry too,
 * and must not find it in a cache of upper levels; a third page was read, and goes by itself if it is named.
 */
#include "kernel/format.h"
#include "tests/unit/world.h"

enum page { NAMED, UNREAD, READ, PAGES };

static u64 page_va(enum page p) { return UNIT_VA + p * PAGE_SIZE; }

enum { DESCRIPTORS = 3 };

/* What makes the change count, so many. */
static unsigned descriptors(const struct unit_world *w, const struct level_row *x,
			    struct vtd_desc d[DESCRIPTORS])
{
	const struct vtd_desc domain = vtd_iotlb_domain(w->did, w->unit->drain);

	switch ((enum unit_entry)x->entry) {
	case UNIT_ROOT:
		d[0] = vtd_cc_global();
		d[1] = vtd_pc_global();
		d[2] = vtd_iotlb_global(w->unit->drain);
		return 3;
	case UNIT_CONTEXT:
		d[0] = vtd_cc_device(w->did, w->sid);
		d[1] = vtd_pc_domain(w->did);
		d[2] = domain;
		return 3;
	case UNIT_PASID_DIR:
	case UNIT_PASID:
		d[0] = vtd_pc_pasid(w->did, w->pasid);
		d[1] = w->second || x->entry == UNIT_PASID_DIR ? domain
							       : vtd_piotlb_all(w->did, w->pasid);
		return 2;
	default:
		break;
	}
	if (x->how == BY_PASID)
		d[0] = w->second ? domain : vtd_piotlb_all(w->did, w->pasid);
	else if (w->second)
		d[0] = vtd_iotlb_pages(w->did, UNIT_VA, 0, VTD_EVERY_LEVEL, w->unit->drain);
	else
		d[0] = vtd_piotlb_pages(w->did, w->pasid, UNIT_VA, 0, VTD_EVERY_LEVEL);
	return 1;
}

/* Why an access is refused where the entry is absent. */
static u8 absent(const struct unit_world *w, const struct level_row *x)
{
	static const u8 above[] = { [UNIT_ROOT] = 0x39,
				    [UNIT_CONTEXT] = 0x41,
				    [UNIT_PASID_DIR] = 0x51,
				    [UNIT_PASID] = 0x59 };

	return x->entry <= UNIT_PASID ? above[x->entry] : w->second ? NO_RIGHTS : 0x71;
}

/* The two others, to this frame. */
static void map_others(struct unit_world *w, enum unit_frame at)
{
	for (enum page p = UNREAD; p < PAGES; p++)
		unit_set(w, w->entry[UNIT_PTE] + p, unit_leaf(PG_4K, w->frame[at]));
}

/* What the entry is to be. Copies of tables below it have all pages at the new frame. */
static u64 other_value(struct unit_world *w, const struct level_row *x)
{
	map_others(w, UNIT_NEW);
	u64 value = !x->replaced            ? 0
		    : x->entry < UNIT_PASID ? unit_new_above(w, (enum unit_entry)x->entry)
					    : unit_new_below(w, (enum unit_entry)x->entry);
	map_others(w, UNIT_OLD);
	return value;
}

/* In words, what each page showed while the entry was another, and what the one that was named showed when it was back. */
static void say(char text[UNIT_TEXT], const struct level_row *x, const char *const seen[PAGES],
		const char *again)
{
	size_t n = format(text, UNIT_TEXT, "%s", seen[NAMED]);

	if (x->entry != UNIT_PTE)
		n += format(text + n, UNIT_TEXT - n, ", unread %s", seen[UNREAD]);
	if (x->entry != UNIT_PTE && x->how != BY_PAGE)
		n += format(text + n, UNIT_TEXT - n, ", read %s", seen[READ]);
	format(text + n, UNIT_TEXT - n, ", then %s", again);
}

static bool forgets(const struct level_row *x)
{
	return x->entry <= UNIT_PASID && machine.caches_absent;
}

/* First who was not read: another would bring back what is cached above. */
static void try_it(struct unit_world *w, struct unit_run *r, const struct level_row *x,
		   const struct vtd_desc *d, unsigned n)
{
	static char text[PAGES + 1][UNIT_SEEN_TEXT];
	static const enum page order[] = { UNREAD, NAMED, READ };
	u64 *entry = w->entry[x->entry], was = *entry, value = other_value(w, x);
	struct unit_seen s;

	(void)unit_access(w, VTD_READ, page_va(NAMED));
	(void)unit_access(w, VTD_READ, page_va(READ));
	unit_set(w, entry, value);
	/* Without the descriptor. */
	r->blind = unit_access(w, VTD_READ, page_va(NAMED)).at != UNIT_OLD ||
		   unit_access(w, VTD_READ, page_va(READ)).at != UNIT_OLD;
	if (!unit_invalidate(w, r, d, n))
		return;
	for (unsigned i = 0; i < PAGES; i++) {
		s = unit_access(w, VTD_READ, page_va(order[i]));
		/* Its rings go by that entry too: which fetch is refused is the engine's affair. */
		if (x->entry <= UNIT_PASID)
			s.page = s.fault.page.v;
		/* By name, and not by the entry. */
		r->blind |= order[i] == READ && x->how == BY_PAGE && s.at != UNIT_OLD &&
			    unit_forgets_exactly();
		unit_seen_text(text[order[i]], &s);
	}
	unit_set(w, entry, was);
	/* Caching mode keeps what was not present, but for tables of a first stage (VT-d 6.1). */
	if (x->replaced ? !unit_invalidate(w, r, d, n) : forgets(x) && !unit_forget(w, r))
		return;
	s = unit_access(w, VTD_READ, page_va(NAMED));
	say(r->seen, x, (const char *const[]){ text[NAMED], text[UNREAD], text[READ] },
	    unit_seen_text(text[PAGES], &s));
	if (x->entry != UNIT_PTE && x->how == BY_PAGE)
		format(r->fact, sizeof r->fact,
		       "a page that was read before, by the same entry, and was not named: %s",
		       text[READ]);
}

void unit_level(const struct unit_row *row, struct unit_run *r)
{
	const struct level_row *x = (const struct level_row *)(const void *)row;
	struct unit_world *w = unit_open(r, DMA_READ);
	struct vtd_desc d[DESCRIPTORS];
	char reason[16], text[160];
	size_t at = 0;

	if (!w)
		return;
	unsigned n = descriptors(w, x, d);
	const char *to = x->replaced ? "new" : unit_reason_text(reason, absent(w, x));

	for (unsigned i = 0; i < n; i++)
		at += format(text + at, sizeof text - at, "%sdescriptor %#lx %#lx", i ? ", " : "",
			     d[i].w[0], d[i].w[1]);
	map_others(w, UNIT_OLD);
	unit_did(
		r,
		"two pages read; the %s %s; both read; %s, each with a wait; a read of a third, and of those; the entry as it was; %sa read",
		unit_entry_name[x->entry], x->replaced ? "leads to the new pages" : "made 0", text,
		x->replaced  ? "the same; "
		: forgets(x) ? "everything invalidated; "
			     : "");
	r->no_power = !machine.facts[FACT_IOTLB_KEEPS] ? "no translation is kept here"
		      : x->entry <= UNIT_PASID
			      ? "what leads to page tables is looked at for each access here"
			      : NULL;
	if (unit_forget(w, r))
		try_it(w, r, x, d, n);
	say(r->wanted, x, (const char *const[]){ to, to, to }, "old");
	unit_close(w, r);
}
