#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/host/watched.h"

/* Every operation under the eyes of tests/host/watched.h, once with snooping walkers and once without. */

#define XD (1ull << 63)

enum { RW_USER = PAGE_WRITE | PAGE_USER };
static const u64 A = 0x123456789000, B = 0x12345678a000, BIG = 0x123456600000;

static const enum watched_by bys[] = { ALL_SNOOP, SOME_DO_NOT_SNOOP };
#define for_each_by(by) for (const enum watched_by *by = bys; by < bys + ARRAY_SIZE(bys); by++)

static void finish(struct watched *w)
{
	if (w->violations)
		print_error("%s\n", w->first);
	assert_int_equal(w->violations, 0);
	free(w);
}

static bool map(struct watched *w, u64 va, u64 pa, u64 size, u32 flags)
{
	return pt_map(&w->memory, w->root, (struct va){ va }, (struct pa){ pa }, size, flags,
		      PG_1G);
}

static struct pa entry(struct watched *w, u64 va, enum pg_level level)
{
	return pt_entry(&w->memory, w->root, (struct va){ va }, level);
}

static void set(struct watched *w, u64 va, enum pg_level level, u64 pte)
{
	pt_set(&w->memory, entry(w, va, level), pte);
}

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

static void split_one(enum watched_by by, enum pg_level level, bool break_first)
{
	struct watched *w = watched_new(by);
	const u64 va = 0x7fc0000000, size = pg_size(level),
		  leaf = pte_leaf(level, (struct pa){ 0x80000000 }, RW_USER);
	const u64 probes[] = { 0, pg_size(level - 1), size / 2 + 0x3000, size - 4096 };
	struct pa at;

	set(w, va, level, leaf);
	for (unsigned i = 0; i < ARRAY_SIZE(probes); i++) {
		u64 same = (0x80000000 + probes[i]) | 7 | XD;

		(break_first ? watch : watch_always)(w, va + probes[i], same, same);
	}
	at = entry(w, va, level);
	if (break_first)
		assert_int_equal(pt_exchange(&w->memory, at, 0), leaf);
	invalidate(w);
	assert_int_equal(pt_split(&w->memory, at, level, leaf), break_first ? 0 : leaf);
	for (unsigned i = 0; i < ARRAY_SIZE(probes); i++)
		assert_int_equal(translation(w, va + probes[i]), w->watch[i].allowed[0]);
	assert_int_equal(pt_walk(&w->memory, w->root, (struct va){ va }).level, level - 1);
	finish(w);
}

static void split(void **state)
{
	(void)state;
	for_each_by(by)
	{
		for (enum pg_level level = PG_2M; level <= PG_1G; level++) {
			split_one(*by, level, false);
			split_one(*by, level, true);
		}
	}
}

/* 512 small pages, as far as they are there, become a large one; the table stays until nobody can be in it. */
static void collapse(void **state)
{
	(void)state;
	for_each_by(by)
	{
		struct watched *w = watched_new(*by);
		struct pt_retired r = { 0 };
		u64 large = pte_leaf(PG_2M, (struct pa){ 0x600000 }, RW_USER);

		map(w, BIG + 0x1000, 0x41000, 4096, RW_USER);
		watch(w, BIG, 0, 0x600007 | XD);
		watch_always(w, BIG + 0x1000, 0x41007 | XD, 0x601007 | XD);
		assert_true(pt_detach(&w->memory, entry(w, BIG, PG_2M), PG_2M, large, &r));
		assert_int_equal(translation(w, BIG + 0x1000), 0x601007 | XD);
		assert_int_equal(r.count, 1);
		assert_int_equal(w->live, 4);
		/* It is a leaf now. */
		assert_false(pt_detach(&w->memory, entry(w, BIG, PG_2M), PG_2M, 0, &r));
		invalidate(w);
		pt_drain(&w->memory, &r);
		assert_int_equal(r.count, 0);
		assert_int_equal(w->live, 3);
		finish(w);
	}
}

/* All below an entry of the root, with leaves of every size, in one store. */
static void detach_deep(void **state)
{
	(void)state;
	for_each_by(by)
	{
		struct watched *w = watched_new(*by);
		struct pt_retired r = { 0 };

		map(w, 0x3fdff000, 0x3fdff000, 0x40401000, PAGE_USER);
		map(w, 0x8000000000, 0x1000, 4096, 0);
		watch(w, 0x3fdff000, 0x3fdff005 | XD, 0);
		watch(w, 0x40000000, 0x40000005 | XD, 0);
		watch_always(w, 0x8000000000, 0x1001 | XD, 0);
		assert_true(pt_detach(&w->memory, entry(w, 0, PG_512G), PG_512G, 0, &r));
		assert_int_equal(translation(w, 0x40000000), 0);
		invalidate(w);
		pt_drain(&w->memory, &r);
		assert_int_equal(w->live, 4);
		finish(w);
	}
}

static void retired_is_full(void **state)
{
	struct watched *w = watched_new(ALL_SNOOP);
	struct pt_retired r = { .count = PT_RETIRED_MAX };

	(void)state;
	map(w, A, 0x40000, 4096, 0);
	assert_false(pt_detach(&w->memory, entry(w, A, PG_2M), PG_2M, 0, &r));
	assert_int_equal(translation(w, A), 0x40001 | XD);
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

/* What was built for snooping walkers alone must be published as a whole before another one comes. */
static void publish_late(void **state)
{
	struct watched *w = watched_new(SOME_DO_NOT_SNOOP);
	struct pt_memory quiet = w->memory;

	(void)state;
	quiet.publish = NULL;
	pt_map(&quiet, w->root, (struct va){ A }, (struct pa){ 0x40000 }, 4096, 0, PG_4K);
	pt_publish(&quiet, w->root);
	pt_publish(&w->memory, w->root);
	watch_always(w, A, 0x40001 | XD, 0);
	finish(w);
}

/* Controls: the observers do see what each rule is there for. */
static void unpublished_is_seen(void **state)
{
	struct watched *w = watched_new(SOME_DO_NOT_SNOOP);

	(void)state;
	watch(w, A, 0, 0x40001 | XD);
	w->memory.publish = NULL;
	map(w, A, 0x40000, 4096, 0);
	assert_true(w->violations);
	free(w);
}

static void early_free_is_seen(void **state)
{
	struct watched *w = watched_new(ALL_SNOOP);
	struct pt_retired r = { 0 };

	(void)state;
	map(w, A, 0x40000, 4096, 0);
	watch(w, A, 0x40001 | XD, 0);
	pt_detach(&w->memory, entry(w, A, PG_2M), PG_2M, 0, &r);
	assert_int_equal(w->violations, 0);
	pt_drain(&w->memory, &r);
	assert_true(w->violations);
	free(w);
}

static void mixture_is_seen(void **state)
{
	struct watched *w = watched_new(ALL_SNOOP);

	(void)state;
	map(w, A, 0x40000, 4096, PAGE_WRITE);
	watch(w, A, 0x40003 | XD, 0x50001 | XD);
	set(w, A, PG_4K, 0x40001 | XD);
	assert_true(w->violations);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_page),
		cmocka_unit_test(replace_and_unmap),
		cmocka_unit_test(map_range),
		cmocka_unit_test(map_around),
		cmocka_unit_test(split),
		cmocka_unit_test(collapse),
		cmocka_unit_test(detach_deep),
		cmocka_unit_test(retired_is_full),
		cmocka_unit_test(table_rights),
		cmocka_unit_test(walk),
		cmocka_unit_test(each_leaf),
		cmocka_unit_test(publish_late),
		cmocka_unit_test(unpublished_is_seen),
		cmocka_unit_test(early_free_is_seen),
		cmocka_unit_test(mixture_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
