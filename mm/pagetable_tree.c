/* Pure: what goes through all tables below a table. At most four levels, so it may recurse. */
#include "mm/pagetable.h"

/* Every table below, then the table itself: after fn a table may be gone. */
static void each_table(const struct pt_memory *m, struct pa table, enum pg_level level,
		       void (*fn)(const struct pt_memory *m, struct pa table))
{
	for (unsigned i = 0; i < PT_ENTRIES && level > PG_4K; i++) {
		u64 pte = m->read(m->ctx, pt_at(table, i));

		if (pte_present(pte) && !pte_is_leaf(pte, level))
			each_table(m, pte_pa(pte, level), level - 1, fn);
	}
	fn(m, table);
}

static void free_table(const struct pt_memory *m, struct pa table) { m->free(m->ctx, table); }

void pt_drain(const struct pt_memory *m, struct pt_retired *r)
{
	while (r->count) {
		r->count--;
		each_table(m, r->subtree[r->count].table, r->subtree[r->count].level, free_table);
	}
}

static void publish_table(const struct pt_memory *m, struct pa table)
{
	m->publish(m->ctx, table, PAGE_SIZE);
}

void pt_publish(const struct pt_memory *m, struct pa root)
{
	if (m->publish)
		each_table(m, root, PG_512G, publish_table);
}

struct visitor {
	bool (*visit)(void *arg, struct va va, const struct pt_walk *leaf);
	void *arg;
};

static bool each_leaf(const struct pt_memory *m, struct pa table, enum pg_level level,
		      struct va base, u32 above, const struct visitor *v)
{
	for (unsigned i = 0; i < PT_ENTRIES; i++) {
		struct pt_walk w = { .entry = pt_at(table, i), .level = level };
		struct va va = { base.v + i * pg_size(level) };
		bool more;

		/* Addresses are sign-extended from bit 47. */
		if (level == PG_512G && i >= PT_ENTRIES / 2)
			va.v -= PT_ENTRIES * pg_size(PG_512G);
		w.pte = m->read(m->ctx, w.entry);
		if (!pte_present(w.pte))
			continue;
		w.flags = pte_permit(above, w.pte);
		w.pa = pte_pa(w.pte, level);
		w.present = pte_is_leaf(w.pte, level);
		more = w.present ? v->visit(v->arg, va, &w)
				 : each_leaf(m, w.pa, level - 1, va, w.flags, v);
		if (!more)
			return false;
	}
	return true;
}

bool pt_each_leaf(const struct pt_memory *m, struct pa root,
		  bool (*visit)(void *arg, struct va va, const struct pt_walk *leaf), void *arg)
{
	const struct visitor v = { visit, arg };

	return each_leaf(m, root, PG_512G, (struct va){ 0 }, ~0u, &v);
}
