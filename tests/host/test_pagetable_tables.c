/* Tables come under a leaf and go away: split, collapsed, detached, retired, published late. */
#include "tests/host/watched_map.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split),        cmocka_unit_test(collapse),
		cmocka_unit_test(detach_deep),  cmocka_unit_test(retired_is_full),
		cmocka_unit_test(publish_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
