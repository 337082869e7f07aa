/* The invalidation queue: what the unit refuses, devices that do not answer, a ring that is full, a unit that is stuck. */
#include "tests/host/played_unit.h"

static void refused_descriptors(void **state)
{
	const struct vtd_desc d[] = { page, bad, page, bad, page };

	(void)state;
	start();
	assert_int_equal(vtd_queue_submit(&unit, d, ARRAY_SIZE(d)), VTD_REFUSED);
	/* each refused one was replaced by a wait, everything else was executed once */
	assert_string_equal(hw.log, "p ? w p ? w p w ");
	assert_int_equal(vtd_queue_put(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_wait(&unit), VTD_REFUSED);
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_int_equal(hw.fsts, 0);
	/* somebody else's error does not keep frames */
	assert_int_equal(vtd_queue_put(&unit, &bad), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
	assert_int_equal(timeouts, 0);
}

static void refused_on_purpose(void **state)
{
	(void)state;
	start();
	/* Taken out without a word; what is behind it is executed, once. */
	assert_int_equal(vtd_queue_put_refused(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_submit(&unit, &page, 1), VTD_OK);
	assert_string_equal(hw.log, "? w p w ");
	/* Another is an error as ever. */
	assert_int_equal(vtd_queue_submit(&unit, &bad, 1), VTD_REFUSED);
	hw.log[0] = '\0';
	/* Who gives up leaves it to the next who waits, */
	assert_int_equal(vtd_queue_put_refused(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_false(vtd_queue_wait_briefly(&unit));
	assert_null(strchr(hw.log, 'p'));
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_non_null(strchr(hw.log, 'p'));
	hw.log[0] = '\0';
	/* and who takes out all leaves nothing behind. */
	assert_int_equal(vtd_queue_put_refused(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_false(vtd_queue_wait_briefly(&unit));
	vtd_queue_discard(&unit);
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_null(strchr(hw.log, 'p'));
	assert_true(vtd_queue_wait_briefly(&unit));
	/* What was meant to be refused, and was not, is no excuse for another in its slot. */
	u32 slot = unit.queue.tail;
	assert_int_equal(vtd_queue_put_refused(&unit, &page), VTD_OK);
	do
		assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	while (unit.queue.tail != slot);
	assert_int_equal(vtd_queue_submit(&unit, &bad, 1), VTD_REFUSED);
	assert_int_equal(hw.fsts, 0);
	assert_int_equal(timeouts, 0);
}

static void silent_device(void **state)
{
	const struct vtd_desc both[] = { devtlb, page };

	(void)state;
	start();
	assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_DEVICE_SILENT);
	/* the wait behind it was void, a new one was put */
	assert_string_equal(hw.log, "d w ");
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	/* What is for others is done by then, and who asked learns that a device has not answered. */
	hw.log[0] = '\0';
	assert_int_equal(vtd_queue_submit(&unit, both, 2), VTD_DEVICE_SILENT);
	assert_string_equal(hw.log, "d p w ");
	assert_non_null(strstr(last_note, "slot="));
	/* Where nothing was fetched the wait is not void, and one more does no harm. */
	hw.one_by_one = true;
	hw.log[0] = '\0';
	assert_int_equal(vtd_queue_submit(&unit, both, 2), VTD_DEVICE_SILENT);
	assert_string_equal(hw.log, "d p w w ");
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_int_equal(timeouts, 0);
}

/* Who puts and does not wait must not have to wait for the unit to hear of it. */
static void put_is_seen_at_once(void **state)
{
	(void)state;
	start();
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_string_equal(hw.log, "p ");
}

static void full_ring(void **state)
{
	static struct vtd_desc many[3 * 128];

	(void)state;
	start();
	for (unsigned i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = page;
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_int_equal(vtd_queue_submit(&unit, many, ARRAY_SIZE(many)), VTD_OK);
	many[5] = many[200] = bad;
	for (unsigned i = 0; i < ARRAY_SIZE(many); i++)
		assert_int_equal(vtd_queue_put(&unit, &many[i]), VTD_OK);
	/* told by the next wait, although the ring was emptied in between */
	assert_int_equal(vtd_queue_wait(&unit), VTD_REFUSED);
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
}

static void stuck_queue(void **state)
{
	(void)state;
	start();
	hw.mute = true;
	assert_int_equal(vtd_queue_submit(&unit, &page, 1), VTD_STUCK);
	assert_int_equal(timeouts, 1);
	assert_string_equal(last_timeout, "the invalidations before wait 4, vtd0");
	/* dead: at once, without another deadline */
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_STUCK);
	assert_int_equal(vtd_queue_wait(&unit), VTD_STUCK);
	assert_int_equal(timeouts, 1);
	/* what the unit may still read is kept */
	assert_false(vtd_stop(&unit));
	assert_true(frames_taken() > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(refused_descriptors, reset),
		cmocka_unit_test_setup(refused_on_purpose, reset),
		cmocka_unit_test_setup(silent_device, reset),
		cmocka_unit_test_setup(put_is_seen_at_once, reset),
		cmocka_unit_test_setup(full_ring, reset),
		cmocka_unit_test_setup(stuck_queue, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
