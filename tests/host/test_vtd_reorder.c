/* A unit that works invalidations off in any order that VT-d 6.5.2.12 allows: what a wait of the driver's says holds for all before it. */
#include "tests/host/played_unit.h"

static int started(void **state)
{
	reset(state);
	start();
	hw.pages_take = 500;
	return 0;
}

static void in_turn(void **state)
{
	(void)state;
	assert_int_equal(vtd_queue_submit(&unit, &page, 1), VTD_OK);
	assert_true(nothing_under_way());
}

/* In the place of what was refused is a wait, and the one behind it speaks for what was in front of both. */
static void before_what_was_refused(void **state)
{
	(void)state;
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_int_equal(vtd_queue_put(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_wait(&unit), VTD_REFUSED);
	assert_true(nothing_under_way());
}

/* So does the next, where nobody waited for the one before to the end; and that one does not report later. */
static void before_a_short_wait(void **state)
{
	(void)state;
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_false(vtd_queue_wait_briefly(&unit));
	assert_int_equal(vtd_forget_all(&unit), VTD_OK);
	assert_true(nothing_under_way());
	assert_int_equal(*unit.queue.status, unit.queue.serial);
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
}

/* And what it may still write to is not given away. */
static void too_long(void **state)
{
	(void)state;
	hw.pages_take = 5000;
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_false(vtd_queue_wait_briefly(&unit));
	assert_false(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 3);
	while (!nothing_under_way())
		now();
	assert_int_equal(frames_taken(), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(in_turn, started),
		cmocka_unit_test_setup(before_what_was_refused, started),
		cmocka_unit_test_setup(before_a_short_wait, started),
		cmocka_unit_test_setup(too_long, started),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
