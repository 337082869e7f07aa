/* Pages are mapped, replaced, unmapped and found. */
#include "tests/host/watched_map.h"

/* Into nothing: three tables are built. Then a neighbour, which needs none. */
static void map_page(void **state)
{
	(void)state;
	for_each_by(by)
	{
		struct watched *w = watched_new(*by);

		watch(w, A, 0, 0x40007 | XD);
		assert_true(map(w, A, 0x40000, 4096, RW_USER));
		assert_int_equal(translation(w, A), 0x40007 | XD);
		assert_int_equal(w->live, 4);
		unwatch(w);
		watch_always(w, A, 0x40007 | XD, 0);
		watch(w, B, 0, 0x50001);
		assert_true(map(w, B, 0x50000, 4096, PAGE_EXEC));
		assert_int_equal(translation(w, B), 0x50001);
		assert_int_equal(w->live, 4);
		finish(w);
	}
}

/* One exchange: old or new at every moment. */
static void replace_and_unmap(void **state)
{
	(void)state;
	for_each_by(by)
	{
		struct watched *w = watched_new(*by);
		unsigned stores;

		map(w, A, 0x40000, 4096, RW_USER);
		watch_always(w, A, 0x40007 | XD, 0x50005 | XD);
		stores = w->stores;
		assert_int_equal(pt_exchange(&w->memory, entry(w, A, PG_4K),
					     pte_leaf(PG_4K, (struct pa){ 0x50000 }, PAGE_USER)),
				 0x40007 | XD);
		assert_int_equal(w->stores, stores + 1);
		unwatch(w);
		watch(w, A, 0x50005 | XD, 0);
		assert_int_equal(pt_exchange(&w->memory, entry(w, A, PG_4K), 0), 0x50005 | XD);
		assert_int_equal(w->stores, stores + 2);
		assert_int_equal(translation(w, A), 0);
		finish(w);
	}
}

/* The largest pages that fit: 4 KiB, 2 MiB, 1 GiB, 2 MiB, 4 KiB. */
static void map_range(void **state)
{
	const u64 at = 0x3fdff000, size = 4096 + 0x200000 + 0x40000000 + 0x200000 + 4096;
	const u64 last = at + size - 4096;

	(void)state;
	for_each_by(by)
	{
		struct watched *w = watched_new(*by);
		unsigned stores, live;

		watch(w, at, 0, (0x100000000 + at) | 1 | XD);
		watch(w, 0x3fe00000, 0, 0x13fe00001 | XD);
		watch(w, 0x7ffff000, 0, 0x17ffff001 | XD);
		watch(w, last, 0, (0x100000000 + last) | 1 | XD);
		assert_true(map(w, at, 0x100000000 + at, size, 0));
		for (unsigned i = 0; i < w->watches; i++)
			assert_int_equal(translation(w, w->watch[i].va), w->watch[i].allowed[1]);
		assert_int_equal(pt_walk(&w->memory, w->root, (struct va){ 0x7ffff000 }).level,
				 PG_1G);
		assert_int_equal(pt_walk(&w->memory, w->root, (struct va){ 0x3fe00000 }).level,
				 PG_2M);
		assert_int_equal(pt_walk(&w->memory, w->root, (struct va){ last }).level, PG_4K);
		assert_int_equal(translation(w, at - 4096), 0);
		assert_int_equal(translation(w, last + 4096), 0);

		/* Again, and from the middle of a large page: nothing is stored. */
		stores = w->stores, live = w->live;
		assert_true(map(w, at, 0x100000000 + at, size, 0));
		assert_true(map(w, 0x41234000, 0x141234000, 0x3e000000, 0));
		/* Something else is there. */
		assert_false(map(w, 0x41234000, 0x141235000, 4096, 0));
		assert_false(map(w, 0x41234000, 0x141234000, 4096, PAGE_WRITE));
		assert_int_equal(entry(w, 0x41234000, PG_4K).v, 0);
		assert_int_equal(w->stores, stores);
		assert_int_equal(w->live, live);
		finish(w);
	}
}

/* A 2 MiB stretch with one small page in it stays small. */
static void map_around(void **state)
{
	struct watched *w = watched_new(ALL_SNOOP);

	(void)state;
	map(w, BIG + 0x5000, 0x205000, 4096, 0);
	watch_always(w, BIG + 0x5000, 0x205001 | XD, 0);
	watch(w, BIG + 0x1ff000, 0, 0x3ff001 | XD);
	assert_true(map(w, BIG, 0x200000, 0x200000, 0));
	assert_int_equal(translation(w, BIG + 0x1ff000), 0x3ff001 | XD);
	assert_int_equal(pt_walk(&w->memory, w->root, (struct va){ BIG }).level, PG_4K);
	/* A and D, set by a walker meanwhile, make no difference. */
	set(w, BIG, PG_4K, pte_leaf(PG_4K, (struct pa){ 0x200000 }, PAGE_ACCESSED | PAGE_DIRTY));
	assert_true(map(w, BIG, 0x200000, 0x200000, 0));
	finish(w);
}

/* U/S=1 in the tables of the lower half alone; A in all. */
static void table_rights(void **state)
{
	struct watched *w = watched_new(ALL_SNOOP);

	(void)state;
	map(w, A, 0x40000, 4096, PAGE_USER);
	map(w, 0xffff800000001000, 0x41000, 4096, PAGE_USER | PAGE_WRITE);
	assert_int_equal(translation(w, A), 0x40005 | XD);
	assert_int_equal(translation(w, 0xffff800000001000), 0x41003 | XD);
	for (enum pg_level level = PG_2M; level <= PG_512G; level++) {
		assert_int_equal(w->memory.read(w, entry(w, A, level)) & 0xfff, 0x27);
		assert_int_equal(w->memory.read(w, entry(w, 0xffff800000001000, level)) & 0xfff,
				 0x23);
	}
	finish(w);
}

static void walk(void **state)
{
	struct watched *w = watched_new(ALL_SNOOP);
	struct pt_walk at;

	(void)state;
	map(w, BIG, 0x600000, 0x200000, PAGE_WRITE | PAGE_USER | PAGE_EXEC);
	at = pt_walk(&w->memory, w->root, (struct va){ BIG + 0x12345 });
	assert_true(at.present);
	assert_int_equal(at.level, PG_2M);
	assert_int_equal(at.pa.v, 0x612345);
	assert_int_equal(at.pte, 0x600087);
	assert_int_equal(at.entry.v, entry(w, BIG, PG_2M).v);
	assert_int_equal(at.flags, PAGE_WRITE | PAGE_USER | PAGE_EXEC);
	/* A level above takes rights away: P A XD. */
	set(w, BIG, PG_512G, (w->memory.read(w, entry(w, BIG, PG_512G)) & ~0x6ull) | XD);
	assert_int_equal(pt_walk(&w->memory, w->root, (struct va){ BIG }).flags, 0);
	at = pt_walk(&w->memory, w->root, (struct va){ BIG + 0x200000 });
	assert_false(at.present);
	assert_int_equal(at.level, PG_2M);
	assert_int_equal(at.entry.v, entry(w, BIG + 0x200000, PG_2M).v);
	finish(w);
}

struct visited {
	u64 va[8], pa[8];
	u32 flags[8];
	unsigned count, stop_at;
};

static bool visit(void *arg, struct va va, const struct pt_walk *leaf)
{
	struct visited *v = arg;

	v->va[v->count] = va.v;
	v->pa[v->count] = leaf->pa.v;
	v->flags[v->count++] = leaf->flags;
	return v->count != v->stop_at;
}

static void each_leaf(void **state)
{
	struct watched *w = watched_new(ALL_SNOOP);
	struct visited v = { .stop_at = 8 };

	(void)state;
	map(w, 0xffffff8000001000, 0x41000, 4096, PAGE_EXEC);
	map(w, A, 0x40000, 4096, PAGE_USER);
	map(w, BIG + 0x200000, 0x800000, 0x200000, PAGE_USER | PAGE_WRITE);
	assert_true(pt_each_leaf(&w->memory, w->root, visit, &v));
	assert_int_equal(v.count, 3);
	assert_int_equal(v.va[0], A);
	assert_int_equal(v.va[1], BIG + 0x200000);
	assert_int_equal(v.va[2], 0xffffff8000001000);
	assert_int_equal(v.pa[1], 0x800000);
	assert_int_equal(v.flags[1], PAGE_USER | PAGE_WRITE);
	assert_int_equal(v.flags[2], PAGE_EXEC);
	v = (struct visited){ .stop_at = 2 };
	assert_false(pt_each_leaf(&w->memory, w->root, visit, &v));
	assert_int_equal(v.count, 2);
	finish(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_page),     cmocka_unit_test(replace_and_unmap),
		cmocka_unit_test(map_range),    cmocka_unit_test(map_around),
		cmocka_unit_test(table_rights), cmocka_unit_test(walk),
		cmocka_unit_test(each_leaf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
