/* A device that takes its time to answer an invalidation: up to 90 s on a machine, in PCIe's words; here a tick is a millisecond. */
#include "tests/host/played_vtd.h"

/* The code under test, built here because what it touches is played here. */
#include "iommu/vtd_cache.c"
#include "iommu/vtd_fault.c"
#include "iommu/vtd_probe.c"
#include "iommu/vtd_queue.c"
#include "iommu/vtd_queue_life.c"
#include "iommu/vtd_report.c"
#include "iommu/vtd_unit.c"

static struct vtd_unit unit;
static const struct vtd_desc devtlb = { { 3 } }, page = { { 6 } };

static int started(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof hw);
	memset(taken, 0, sizeof taken);
	hw.cap = 6 | (u64)FRO << 24;
	hw.ecap = 1 | 1 << 1 | 1ull << 43 | 1ull << 47 | 1ull << 48;
	answer_at = timeouts = signs = 0;
	assert_true(vtd_probe(&unit, 0, 0, (struct pa){ 0xfed90000 }, WINDOW));
	assert_true(vtd_start(&unit));
	hw.log[0] = last_note[0] = 0;
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
