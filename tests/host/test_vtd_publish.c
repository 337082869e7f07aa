/* Entries of a requester come and go: whenever the unit looks it finds no way or the whole of it. */
#include "tests/host/played_unit.h"

/* At every store, and every flushed line, the unit finds no way or the whole of it. */
static void every_moment(bool no_snoop, u64 ecap, unsigned levels, const char *forgotten)
{
	const struct vtd_space space = {
		levels ? VTD_SECOND_STAGE : VTD_FIRST_STAGE, levels ? levels : 4, { 0x123000 }, 7
	};
	struct vtd_requester r = { 0 };

	reset(NULL);
	hw.no_snoop = no_snoop;
	hw.ecap = no_snoop ? ecap : ecap | COHERENT;
	watched = 0x01a8; /* bus 1, upper half */
	expected_root = space.root.v;
	expected_levels = levels;
	start();
	for (unsigned round = 0; round < 2; round++) {
		assert_true(vtd_attach(&unit, watched, 0, VTD_NO_ATS, &r));
		assert_false(walk_now());
		assert_int_equal(vtd_pasid_set(&r, 0, &space), VTD_OK);
		assert_true(walk_now());
		assert_int_equal(vtd_pasid_set(&r, 0, &somewhere), VTD_REFUSED);
		hw.log[0] = 0;
		forget_sees_nothing = true;
		assert_int_equal(vtd_pasid_clear(&r, 0), VTD_OK);
		forget_sees_nothing = false;
		assert_string_equal(hw.log, forgotten);
		assert_int_equal(vtd_pasid_set(&r, 0, &space), VTD_OK);
		forget_sees_nothing = true;
		assert_int_equal(vtd_detach(&r), VTD_OK);
		forget_sees_nothing = false;
	}
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
}

static void snooping_walks(void **state)
{
	(void)state;
	every_moment(false, ECAP, 0, "c w P w p w ");
	every_moment(false, SECOND, 4, "c w P w i w ");
	every_moment(false, LEGACY, 3, "c w i w ");
}

static void walks_that_do_not_snoop(void **state)
{
	(void)state;
	every_moment(true, ECAP, 0, "c w P w p w ");
	every_moment(true, SECOND, 3, "c w P w i w ");
	every_moment(true, LEGACY, 4, "c w i w ");
}

static void numbers_out_of_range(void **state)
{
	struct vtd_requester r = { 0 }, again = { 0 };

	(void)state;
	start();
	assert_false(vtd_attach(&unit, 0x20, 1 << 20, VTD_NO_ATS, &r));
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_false(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &again));
	assert_int_equal(vtd_detach(&again), VTD_OK);
	assert_int_equal(vtd_pasid_set(&r, 0x2000, &somewhere), VTD_REFUSED);
	assert_int_equal(vtd_pasid_set(&r, 0, &(struct vtd_space){ .stage = VTD_FIRST_STAGE }),
			 VTD_REFUSED);
	assert_int_equal(vtd_domain_ids(&unit), 65536);
	assert_int_equal(vtd_detach(&r), VTD_OK);
	/* the widest: 2^14 directory entries of 8 bytes are 32 frames */
	assert_true(vtd_attach(&unit, 0x20, (1 << 20) - 1, VTD_NO_ATS, &r));
	assert_int_equal(vtd_pasid_set(&r, (1 << 20) - 1, &somewhere), VTD_OK);
	assert_int_equal(vtd_detach(&r), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(snooping_walks, reset),
		cmocka_unit_test_setup(walks_that_do_not_snoop, reset),
		cmocka_unit_test_setup(numbers_out_of_range, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
