/* Observers of page tables: each sees what its rule is there for. */
#include "tests/host/watched_map.h"

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
		cmocka_unit_test(unpublished_is_seen),
		cmocka_unit_test(early_free_is_seen),
		cmocka_unit_test(mixture_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
