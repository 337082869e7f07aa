/* U04: one access by a leaf of some size. */
#include "kernel/platform.h"
#include "kernel/string.h"
#include "mm/pagetable.h"
#include "tests/tables.h"
#include "tests/unit/world.h"

/* Of the 2 MiB that the scenarios' large page has; none of them runs now. */
static struct pa page_of_ours(enum unit_where where)
{
	u64 number = where == IN_LAST_PAGE ? PT_ENTRIES - 1 : where == IN_MIDDLE_PAGE ? 300 : 0;

	return tables_large_page((struct va){ number * PAGE_SIZE });
}

/* The entry of UNIT_VA at this level leads to physical address `to`, at that offset of it. */
static u64 map(struct unit_world *w, enum pg_level level, struct pa to)
{
	u64 offset = pg_size(level) - 1;

	unit_set(w, w->entry[UNIT_PTE - (level - PG_4K)], unit_leaf(level, to));
	return (UNIT_VA & ~offset) | (to.v & offset);
}

static bool beside(const struct large_row *x) { return x->where == RESULT_AT && !x->reason; }

static u64 set_up(struct unit_world *w, const struct large_row *x)
{
	enum pg_level level = (enum pg_level)x->level;
	u64 size = pg_size(level);

	switch ((enum unit_where)x->where) {
	case RESULT_AT:
		return map(w, level, (struct pa){ x->address });
	case REQUEST_AT:
		/* 300 pages into it: behind the first MiB, which is the interrupts'. */
		if (level == PG_2M)
			unit_take_frame(w, page_of_ours(IN_MIDDLE_PAGE));
		return unit_map_at(w, level, w->frame[UNIT_OLD], (struct va){ x->address });
	case IN_UPPER_HALF:
		unit_set(w, w->entry[UNIT_PML4E] + PT_ENTRIES / 2, *w->entry[UNIT_PML4E]);
		return map(w, level, w->frame[UNIT_OLD]) | ~0ull << 47;
	case IN_PAGE_BEFORE:
		map(w, level, w->frame[UNIT_OLD]);
		return (UNIT_VA & ~(size - 1)) - PAGE_SIZE;
	case IN_PAGE_BEHIND:
		map(w, level, w->frame[UNIT_OLD]);
		return (UNIT_VA & ~(size - 1)) + size;
	default:
		if (level != PG_4K)
			unit_take_frame(w, page_of_ours((enum unit_where)x->where));
		return map(w, level, w->frame[UNIT_OLD]);
	}
}

static const char *lacks(const struct large_row *x, bool second)
{
	if (unit_lacks_pages(second, (enum pg_level)x->level))
		return unit_lacks_pages(second, (enum pg_level)x->level);
	/* A read of an address that nothing answers may be a machine check. */
	if (beside(x) && platform.kind == PLATFORM_HARDWARE)
		return "an emulator, where an address beside interrupts may be read";
	return NULL;
}

void unit_large(const struct unit_row *row, struct unit_run *r)
{
	const struct large_row *x = (const struct large_row *)(const void *)row;
	struct unit_world *w;
	char text[UNIT_SEEN_TEXT];

	r->missing = lacks(x, r->second);
	if (r->missing)
		return;
	w = unit_open(r, x->access == VTD_READ ? DMA_READ : DMA_WRITE);
	if (!w)
		return;
	u64 va = set_up(w, x);
	bool lent = beside(x) && unit_lend(w, (struct pa){ x->address });
	bool outside = x->where == IN_PAGE_BEFORE || x->where == IN_PAGE_BEHIND;
	u64 from = (outside ? UNIT_VA : va) & ~(pg_size((enum pg_level)x->level) - 1);

	unit_did(r, "a leaf of %s from %#lx on", unit_size((enum pg_level)x->level), from);
	if (x->where == RESULT_AT)
		unit_did(r, "by it %#lx is %#lx", va, x->address);
	unit_did(r, "everything invalidated; a %s at %#lx",
		 x->access == VTD_READ ? "read" : "write", va);
	if (unit_forget(w, r)) {
		struct unit_seen s = unit_access(w, (enum vtd_access)x->access, va);

		unit_saw(r, "%s", unit_seen_text(text, &s));
	}
	if (x->reason)
		unit_want_reason(r, "", x->reason, 0);
	else
		unit_want(r, "old");
	/* A read of what is not there ends as one that is refused without a word. */
	if (beside(x) && !lent && !strcmp(r->seen, "nothing"))
		r->missing = "memory beside the addresses of interrupts (ivshmem)";
	if (lent)
		unit_lend_end();
	unit_close(w, r);
}
