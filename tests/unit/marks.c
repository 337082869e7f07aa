/* U09: what an access does to A and D. */
#include "kernel/format.h"
#include "kernel/string.h"
#include "mm/pagetable.h"
#include "tests/unit/world.h"

/* Where the row's leaf is, among the entries; what points to it has A=0. */
static enum unit_entry put_leaf(struct unit_world *w, const struct marks_row *m)
{
	enum unit_entry at = (enum unit_entry)(UNIT_PTE - (m->level - PG_4K));
	u64 leaf = unit_leaf((enum pg_level)m->level, w->frame[UNIT_OLD]);

	leaf &= ~(mask(PTE_A) | mask(PTE_D));
	leaf |= put(PTE_A, m->a) | put(PTE_D, m->d);
	if (m->how == MARKS_AFTER_REFUSAL)
		leaf &= ~mask(PTE_RW);
	if (m->how == MARKS_KERNELS) {
		u64 *upper = w->entry[UNIT_PML4E] + PT_ENTRIES / 2;

		leaf &= ~mask(PTE_US);
		unit_set(w, upper, *w->entry[UNIT_PML4E]);
		w->entry[UNIT_PML4E] = upper;
	}
	unit_set(w, w->entry[at], leaf);
	for (unsigned e = UNIT_PML4E; e < at; e++)
		unit_set(w, w->entry[e], *w->entry[e] & ~mask(PTE_A));
	return at;
}

/* Every table on the way, or some, or none. */
static const char *tables_accessed(const struct unit_world *w, enum unit_entry leaf)
{
	unsigned set = 0;

	for (unsigned e = UNIT_PML4E; e < leaf; e++)
		set += get(*w->entry[e], PTE_A);
	return set == leaf - UNIT_PML4E ? "1" : set ? "0 in some" : "0";
}

static bool is_refused(const struct marks_row *m)
{
	return m->how == MARKS_AFTER_REFUSAL || m->how == MARKS_KERNELS;
}

static void say_seen(struct unit_run *r, const struct unit_world *w, const struct marks_row *m,
		     enum unit_entry leaf, const struct unit_seen *s)
{
	char text[UNIT_SEEN_TEXT];
	u64 pte = *(volatile u64 *)w->entry[leaf];

	unit_seen_text(text, s);
	if (is_refused(m)) {
		unit_saw(r, "%s D=%lu", text, get(pte, PTE_D));
		format(r->fact, sizeof r->fact, "A=%lu, tables A=%s", get(pte, PTE_A),
		       tables_accessed(w, leaf));
	} else if (s->faulted && s->at == UNIT_NOWHERE)
		unit_saw(r, "%s", text);
	else
		unit_saw(r, "%s A=%lu D=%lu, tables A=%s", text, get(pte, PTE_A), get(pte, PTE_D),
			 tables_accessed(w, leaf));
}

static void say_wanted(struct unit_run *r, const struct marks_row *m)
{
	if (is_refused(m))
		unit_want(r, "reason=%s D=0", m->how == MARKS_KERNELS ? "0x81" : "0x85");
	else if (m->how == MARKS_NO_SNOOP)
		unit_want(r, "reason=0x90");
	else
		unit_want(r, "old A=1 D=%u, tables A=1", m->access == VTD_WRITE ? 1 : m->d);
	/* What a walk that does not snoop must do instead is U09.*_no_snoop's matter. */
	if (m->how != MARKS_NO_SNOOP && !machine.walks_snoop)
		r->allowed = !strcmp(r->seen, "reason=0x90");
}

void unit_marks(const struct unit_row *row, struct unit_run *r)
{
	const struct marks_row *m = (const struct marks_row *)(const void *)row;
	bool both = m->how == MARKS_AFTER_READ;
	struct unit_world *w;
	u64 size = pg_size((enum pg_level)m->level);

	if (m->level == PG_1G && !get(machine.unit->cap, VTD_CAP_FS1GP)) {
		r->missing = "first-stage pages of 1 GiB (CAP.FS1GP)";
		return;
	}
	w = unit_open(r, both                    ? DMA_READ | DMA_WRITE
			 : m->access == VTD_READ ? DMA_READ
						 : DMA_WRITE);
	if (!w)
		return;
	enum unit_entry leaf = put_leaf(w, m);
	u64 va = (UNIT_VA & ~(size - 1)) | (w->frame[UNIT_OLD].v & (size - 1));

	if (m->how == MARKS_KERNELS)
		va |= ~0ull << 47;
	if (m->how == MARKS_NO_SNOOP)
		unit_change(w, r, UNIT_PASID, VTD_PASID_PWSNP, 0);
	unit_did(r, "a leaf of %s with A=%u D=%u R/W=%u%s, A=0 above",
		 unit_size((enum pg_level)m->level), m->a, m->d, m->how != MARKS_AFTER_REFUSAL,
		 m->how == MARKS_KERNELS ? " U/S=0 in the upper half" : "");
	unit_did(r, "everything invalidated; %sa %s", both ? "a read; " : "",
		 m->access == VTD_READ ? "read" : "write");
	if (unit_forget(w, r)) {
		if (tables_accessed(w, leaf)[0] != '0')
			r->error = "A is set above before the access";
		if (both)
			unit_access(w, VTD_READ, va);
		struct unit_seen s = unit_access(w, m->access, va);

		say_seen(r, w, m, leaf, &s);
		say_wanted(r, m);
	}
	unit_close(w, r);
}
