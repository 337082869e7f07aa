/* A device that takes its time to answer an invalidation: up to 90 s on a machine, in PCIe's words; here a tick is a millisecond. */
#include "tests/host/played_unit.h"

static int started(void **state)
{
	reset(state);
	start();
	return 0;
}

static void soon(void **state)
{
	(void)state;
	hw.answers_in = 900;
	assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_OK);
	assert_string_equal(hw.log, "d w ");
	assert_int_equal(timeouts, 0);
}

/* Who waits in a step learns of it in a second; who forgets waits on, says so, and is no reason to end the run. */
static void late(void **state)
{
	(void)state;
	hw.answers_in = 89000;
	assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_DEVICE_SILENT);
	assert_int_equal(timeouts, 1);
	assert_string_equal(last_timeout, "the invalidations before wait 4, vtd0");
	assert_int_equal(vtd_queue_submit(&unit, &page, 1), VTD_DEVICE_SILENT);
	assert_int_equal(signs, 0);
	assert_int_equal(vtd_forget(&unit, &page, 1), VTD_OK);
	assert_string_equal(last_note,
			    "vtd0 waits for a device to answer an invalidation: it may take 90 s");
	assert_true(signs > 80000);
	assert_int_equal(timeouts, 3);
	/* all that was asked meanwhile was done, in order */
	assert_string_equal(hw.log, "d w p w p w p w ");
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
}

/* Nobody forgets before it has answered: as if nothing had been. */
static void in_between(void **state)
{
	(void)state;
	hw.answers_in = 3000;
	assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_DEVICE_SILENT);
	while (answer_at)
		now();
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_int_equal(vtd_queue_settle(&unit), VTD_OK);
	assert_int_equal(signs, 0);
	assert_int_equal(vtd_queue_submit(&unit, &page, 1), VTD_OK);
}

/* Never, and the unit says so after 61 to 89 s: waits that it had fetched are void, and the queue goes on. */
static void given_up(void **state)
{
	(void)state;
	for (unsigned by_one = 0; by_one < 2; by_one++) {
		started(NULL);
		hw.one_by_one = by_one;
		hw.gives_up = true;
		hw.answers_in = 61000;
		assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_DEVICE_SILENT);
		assert_int_equal(vtd_forget(&unit, &page, 1), VTD_OK);
		assert_int_equal(hw.fsts, 0);
		assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
		/* Two of them, one after the other. */
		assert_int_equal(vtd_queue_put(&unit, &devtlb), VTD_OK);
		assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_DEVICE_SILENT);
		assert_int_equal(vtd_queue_settle(&unit), VTD_DEVICE_SILENT);
		assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
		assert_true(vtd_stop(&unit));
		assert_int_equal(frames_taken(), 0);
	}
}

/* Neither answer nor word: dead after that, like any queue that is stuck. */
static void neither(void **state)
{
	(void)state;
	hw.answers_in = 1000000;
	assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_DEVICE_SILENT);
	assert_int_equal(vtd_queue_settle(&unit), VTD_STUCK);
	assert_string_equal(last_timeout, "the answer of a device, or ITE, vtd0");
	assert_true(ticks > 90000);
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_STUCK);
	/* Not switched off with work in it, and nothing that it may still read is given away. */
	hw.log[0] = 0;
	assert_false(vtd_stop(&unit));
	assert_string_equal(hw.log, "");
	assert_int_equal(frames_taken(), 3);
}

/* Who never settles: the ring is not written over what the unit has not read. */
static void full(void **state)
{
	unsigned puts = 0;

	(void)state;
	hw.answers_in = 1000000;
	while (vtd_queue_submit(&unit, &devtlb, 1) == VTD_DEVICE_SILENT)
		assert_true(++puts < unit.queue.slots / 2);
	assert_false(unit.queue.alive);
	assert_true(puts > unit.queue.slots / 2 - 4);
	started(NULL);
	hw.answers_in = 1000000;
	for (puts = 0; vtd_queue_put(&unit, &devtlb) == VTD_OK; puts++)
		assert_true(puts < unit.queue.slots);
	assert_false(unit.queue.alive);
	assert_string_equal(hw.log, "d ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(soon, started),
		cmocka_unit_test_setup(late, started),
		cmocka_unit_test_setup(in_between, started),
		cmocka_unit_test_setup(given_up, started),
		cmocka_unit_test_setup(neither, started),
		cmocka_unit_test_setup(full, started),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
