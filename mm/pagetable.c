/* Pure: page tables that are walked while they change. */
#include "mm/pagetable.h"

static void publish(const struct pt_memory *m, struct pa pa, u64 bytes)
{
	if (m->publish)
		m->publish(m->ctx, pa, bytes);
}

void pt_set(const struct pt_memory *m, struct pa entry, u64 pte)
{
	m->write(m->ctx, entry, pte);
	publish(m, entry, sizeof pte);
}

u64 pt_exchange(const struct pt_memory *m, struct pa entry, u64 pte)
{
	u64 old = m->xchg(m->ctx, entry, pte);

	publish(m, entry, sizeof pte);
	return old;
}

struct pt_walk pt_walk(const struct pt_memory *m, struct pa root, struct va va)
{
	struct pt_walk w = { .level = PG_512G };
	u32 above = ~0u;

	for (struct pa table = root;; table = pte_pa(w.pte, w.level), w.level--) {
		w.entry = pt_at(table, pg_index(va, w.level));
		w.pte = m->read(m->ctx, w.entry);
		if (!pte_present(w.pte))
			return w;
		if (pte_is_leaf(w.pte, w.level))
			break;
		above = pte_permit(above, w.pte);
	}
	w.present = true;
	w.flags = pte_permit(above, w.pte);
	w.pa.v = pte_pa(w.pte, w.level).v + (va.v & (pg_size(w.level) - 1));
	return w;
}

static bool lower_half(struct va va) { return va.v < DIRECT_MAP; }

struct pa pt_entry(const struct pt_memory *m, struct pa root, struct va va, enum pg_level level)
{
	struct pa entry = pt_at(root, pg_index(va, PG_512G));

	for (enum pg_level at = PG_512G; at > level; at--) {
		u64 pte = m->read(m->ctx, entry);

		if (!pte_present(pte)) {
			struct pa table = m->alloc(m->ctx);

			/* Zero in the CPU's cache; a walker that does not snoop would read what was there before. */
			publish(m, table, PAGE_SIZE);
			pte = pte_table(table, lower_half(va));
			pt_set(m, entry, pte);
		} else if (pte_is_leaf(pte, at)) {
			return (struct pa){ 0 };
		}
		entry = pt_at(pte_pa(pte, at), pg_index(va, at - 1));
	}
	return entry;
}

/* The largest level whose pages fit here. */
static enum pg_level fit(struct va va, struct pa pa, u64 size, enum pg_level max)
{
	enum pg_level level = max;

	while (level > PG_4K && (((va.v | pa.v) & (pg_size(level) - 1)) || size < pg_size(level)))
		level--;
	return level;
}

/* A and D aside, which walkers set. */
static bool same_mapping(const struct pt_walk *w, struct pa pa, u32 flags)
{
	u32 set_by_walkers = PAGE_ACCESSED | PAGE_DIRTY;

	return w->pa.v == pa.v && (w->flags | set_by_walkers) == (flags | set_by_walkers);
}

bool pt_map(const struct pt_memory *m, struct pa root, struct va va, struct pa pa, u64 size,
	    u32 flags, enum pg_level max)
{
	while (size) {
		struct pt_walk w = pt_walk(m, root, va);
		enum pg_level level = fit(va, pa, size, max);

		if (w.present) {
			/* A leaf that was there may be entered in its middle, and may reach further. */
			u64 rest = pg_size(w.level) - (va.v & (pg_size(w.level) - 1));

			if (!same_mapping(&w, pa, flags))
				return false;
			if (rest >= size)
				return true;
			va.v += rest, pa.v += rest, size -= rest;
			continue;
		}
		/* Tables that are there already hold the size down: they may have other leaves. */
		if (level > w.level)
			level = w.level;
		pt_set(m, pt_entry(m, root, va, level), pte_leaf(level, pa, flags));
		va.v += pg_size(level), pa.v += pg_size(level), size -= pg_size(level);
	}
	return true;
}

u64 pt_split(const struct pt_memory *m, struct pa entry, enum pg_level level, u64 leaf)
{
	struct pa table = m->alloc(m->ctx);

	for (unsigned i = 0; i < PT_ENTRIES; i++)
		m->write(m->ctx, pt_at(table, i), pte_split(leaf, level, i));
	publish(m, table, PAGE_SIZE);
	return pt_exchange(m, entry, pte_table(table, get(leaf, PTE_US)));
}

bool pt_detach(const struct pt_memory *m, struct pa entry, enum pg_level level, u64 pte,
	       struct pt_retired *r)
{
	u64 old = m->read(m->ctx, entry);

	if (r->count == PT_RETIRED_MAX || !pte_present(old) || pte_is_leaf(old, level))
		return false;
	old = pt_exchange(m, entry, pte);
	r->subtree[r->count].table = pte_pa(old, level);
	r->subtree[r->count].level = level - 1;
	r->count++;
	return true;
}
