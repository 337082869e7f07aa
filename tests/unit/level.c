/*
 * U05: an entry changes, and one invalidation makes it count. Not for the page alone: what was not read before goes by that entry too,
 * and must not find it in a cache of upper levels; a third page was read, and goes by itself if it is named.
 */
#include "kernel/format.h"
#include "tests/unit/world.h"

enum page { NAMED, UNREAD, READ, PAGES };

static u64 page_va(enum page p) { return UNIT_VA + p * PAGE_SIZE; }

static struct vtd_desc descriptor(const struct unit_world *w, const struct level_row *x)
{
	if (w->second)
		return x->how == BY_PASID ? vtd_iotlb_domain(w->did, w->unit->drain)
					  : vtd_iotlb_pages(w->did, UNIT_VA, 0, VTD_EVERY_LEVEL,
							    w->unit->drain);
	return x->how == BY_PASID ? vtd_piotlb_all(w->did, w->pasid)
				  : vtd_piotlb_pages(w->did, w->pasid, UNIT_VA, 0, VTD_EVERY_LEVEL);
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
	u64 value = x->replaced ? unit_new_below(w, (enum unit_entry)x->entry) : 0;
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
	if (x->entry != UNIT_PTE && x->how == BY_PASID)
		n += format(text + n, UNIT_TEXT - n, ", read %s", seen[READ]);
	format(text + n, UNIT_TEXT - n, ", then %s", again);
}

/* First who was not read: another would bring back what is cached above. */
static void try_it(struct unit_world *w, struct unit_run *r, const struct level_row *x,
		   const struct vtd_desc *d)
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
	if (!unit_invalidate(w, r, d, 1))
		return;
	for (unsigned i = 0; i < PAGES; i++) {
		s = unit_access(w, VTD_READ, page_va(order[i]));
		unit_seen_text(text[order[i]], &s);
	}
	unit_set(w, entry, was);
	/* What was not present is not kept, in a first stage not even with caching mode. */
	if (x->replaced && !unit_invalidate(w, r, d, 1))
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
	char reason[16];

	if (!w)
		return;
	const struct vtd_desc d = descriptor(w, x);
	const char *to =
		x->replaced ? "new" : unit_reason_text(reason, w->second ? NO_RIGHTS : 0x71);

	map_others(w, UNIT_OLD);
	unit_did(
		r,
		"two pages read; the %s %s; both read; %sIOTLB descriptor %#lx %#lx and a wait; a read of a third, and of those; the entry as it was; %sa read",
		unit_entry_name[x->entry], x->replaced ? "leads to the new pages" : "made 0",
		w->second ? "" : "PASID-based ", d.w[0], d.w[1],
		x->replaced ? "the same descriptor; " : "");
	r->no_power = machine.facts[FACT_IOTLB_KEEPS] ? NULL : "no translation is kept here";
	if (unit_forget(w, r))
		try_it(w, r, x, &d);
	say(r->wanted, x, (const char *const[]){ to, to, to }, "old");
	unit_close(w, r);
}
