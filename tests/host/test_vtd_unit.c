/* A unit from the first look at it until it is off: what it lacks, what firmware left on, what a log of it says. */
#include "tests/host/played_unit.h"

static void nobody_there(void **state)
{
	(void)state;
	hw.absent = true;
	assert_false(vtd_probe(&unit, 3, 0, (struct pa){ 0xfed90000 }, WINDOW));
	assert_non_null(strstr(last_note, "vtd3 at 0xfed90000 does not answer"));
}

/* In RAM, say, or with fault records beyond what the CPU can address: device_map() says so. */
static void nowhere(void **state)
{
	(void)state;
	hw.mappable = 1;
	assert_false(vtd_probe(&unit, 0, 0, (struct pa){ 0xfed90000 }, WINDOW));
	hw.mappable = PAGE_SIZE;
	hw.cap |= 0x3ffull << 24;
	assert_false(vtd_probe(&unit, 0, 0, (struct pa){ 0xfed90000 }, WINDOW));
}

static void deaf_unit(void **state)
{
	(void)state;
	hw.deaf = true;
	hw.gsts = 1u << 31;
	probe();
	assert_false(vtd_take_over(&unit));
	assert_int_equal(timeouts, 1);
	assert_string_equal(last_timeout, "GSTS to show 0x80000000 TE off, vtd0");
	hw.gsts = 0;
	assert_false(vtd_start(&unit));
	assert_int_equal(frames_taken(), 0);
}

static void what_it_lacks(void **state)
{
	(void)state;
	static const struct {
		u64 cap, ecap;
		const char *lacks;
		unsigned stage, levels;
	} units[] = {
		{ CAP, ECAP, NULL, 1, 0 },
		{ CAP | SAGAW | 1 << 7 | 1 << 4, ECAP, NULL, 1, 4 },
		{ CAP | SAGAW, SECOND, NULL, 2, 4 },
		{ CAP | 2 << 8, SECOND, NULL, 2, 3 },
		{ CAP | SAGAW, LEGACY, NULL, 2, 4 },
		{ CAP | 2 << 8, LEGACY | 1ull << 47, NULL, 2, 3 },
		{ CAP | SAGAW, 0, "queued invalidation", 2, 4 },
		{ CAP | SAGAW, 1 << 1 | 1ull << 43, "translation by tables of 3 or 4 levels", 2,
		  4 },
		{ CAP | 8 << 8, LEGACY, "translation by tables of 3 or 4 levels", 2, 0 },
		{ CAP | SAGAW | 1 << 7, LEGACY, NULL, 2, 4 },
		{ CAP | SAGAW | 1 << 4, SECOND,
		  "first-stage translation, or no write buffer to flush", 2, 4 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(units); i++) {
		hw.cap = units[i].cap;
		hw.ecap = units[i].ecap;
		probe();
		if (units[i].lacks)
			assert_string_equal(vtd_lacks(&unit), units[i].lacks);
		else
			assert_null(vtd_lacks(&unit));
		assert_int_equal(vtd_shared_stage(&unit), units[i].stage);
		assert_int_equal(vtd_second_levels(&unit), units[i].levels);
	}
}

/*
 * Firmware left everything on, with a fault recorded and its queue stopped by an error it can
 * leave.
 */
static void take_over(void **state)
{
	(void)state;
	hw.gsts = 1u << 31 | 1u << 30 | 1u << 26 | 1u << 25 | 1u << 24;
	hw.fsts = 0x41; /* ITE, PFO */
	hw.top = 1u << 31 | 0x71;
	hw.iqt = hw.iqh = 0x40;
	probe();
	assert_true(vtd_translates(&unit));
	assert_true(vtd_take_over(&unit));
	assert_false(vtd_translates(&unit));
	assert_string_equal(hw.log, "TE- IRE- QIE- ");
	assert_int_equal(hw.fsts, 0);
	assert_int_equal(hw.top >> 31, 0);
	assert_int_equal(hw.fectl, 1u << 31);
	assert_int_equal(hw.iectl, 1u << 31);
	assert_int_equal(timeouts, 0);
}

/* One that is old: it has no registers of a queue. */
static void take_over_without_queue(void **state)
{
	(void)state;
	hw.ecap = 0;
	hw.gsts = 1u << 31;
	hw.fsts = 1; /* PFO */
	probe();
	assert_true(vtd_take_over(&unit));
	assert_string_equal(hw.log, "TE- ");
	assert_int_equal(hw.fsts, 0);
}

static void life(void **state)
{
	struct vtd_requester r = { 0 };

	(void)state;
	hw.pmen = 1u << 31;
	probe();
	assert_true(vtd_take_over(&unit));
	assert_true(vtd_start(&unit));
	/*
	 * context cache, PASID cache, IOTLB, wait; then translation, and protected memory behind it
	 */
	assert_string_equal(hw.log, "QIE+ SRTP+ c w P w i w ");
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_int_equal(vtd_pasid_set(&r, 0, &somewhere), VTD_OK);
	assert_true(vtd_translation_on(&unit));
	assert_string_equal(hw.log, "QIE+ SRTP+ c w P w i w TE+ PMEN ");
	hw.log[0] = 0;
	assert_int_equal(
		vtd_iotlb_page(&unit, &somewhere, 0, (struct iova){ 0x5000 }, VTD_LEAF_ONLY),
		VTD_OK);
	assert_string_equal(hw.log, "p w ");
	hw.log[0] = 0;
	assert_int_equal(vtd_detach(&r), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_string_equal(hw.log, "c w P w i w TE- c w P w i w w QIE- ");
	assert_int_equal(frames_taken(), 0);
	assert_int_equal(timeouts, 0);
}

/* Without scalable mode: slots of 128 bits, twice as many, and no descriptor that names a PASID. */
static void legacy_life(void **state)
{
	const struct vtd_space s = { VTD_SECOND_STAGE, 3, { 0x1000 }, 7 };
	struct vtd_requester r = { 0 }, again = { 0 };

	(void)state;
	hw.cap = CAP | SAGAW | 1ull << 39;
	hw.ecap = LEGACY;
	probe();
	assert_true(vtd_start(&unit));
	assert_string_equal(hw.log, "QIE+ SRTP+ c w i w ");
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_int_equal(vtd_pasid_set(&r, 1, &s), VTD_REFUSED);
	assert_int_equal(vtd_pasid_set(&r, 0, &s), VTD_OK);
	assert_int_equal(vtd_pasid_set(&r, 0, &s), VTD_REFUSED);
	assert_false(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &again));
	hw.log[0] = 0;
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(
			vtd_iotlb_page(&unit, &s, 0, (struct iova){ 0x5000 }, VTD_LEAF_ONLY),
			VTD_OK);
	assert_int_equal(unit.queue.slots, 256);
	hw.log[0] = 0;
	assert_int_equal(vtd_queue_submit(&unit, &bad, 1), VTD_REFUSED);
	assert_string_equal(hw.log, "? w w ");
	hw.log[0] = 0;
	assert_int_equal(vtd_detach(&r), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_string_equal(hw.log, "c w i w c w i w w QIE- ");
	assert_int_equal(frames_taken(), 0);
	assert_int_equal(timeouts, 0);
}

static void write_buffer_and_caching_mode(void **state)
{
	struct vtd_requester r = { 0 };

	(void)state;
	hw.cap |= 1 << 4; /* RWBF */
	start();
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_int_equal(vtd_pasid_set(&r, 0, &somewhere), VTD_OK);
	assert_string_equal(hw.log, "WBF+ WBF+ ");
	reset(NULL);
	hw.cap |= 1 << 7; /* CM */
	start();
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_string_equal(hw.log, "c w P w i w ");
	hw.log[0] = 0;
	assert_int_equal(vtd_pasid_set(&r, 0, &somewhere), VTD_OK);
	assert_string_equal(hw.log, "P w P w p w ");
}

/* With the table that it is given nothing of another is left, and it is given it in the mode that some units have alone. */
static void interrupts(void **state)
{
	(void)state;
	start();
	assert_true(vtd_remap_interrupts(&unit));
	assert_string_equal(hw.log, "");
	reset(NULL);
	hw.ecap |= 1 << 3; /* IR */
	start();
	assert_true(vtd_remap_interrupts(&unit));
	assert_string_equal(hw.log, "SIRTP+ e w IRE+ ");
	assert_int_equal(hw.irta & 0xfff, 0);
	reset(NULL);
	hw.ecap |= 3 << 3; /* EIM */
	start();
	assert_true(vtd_remap_interrupts(&unit));
	assert_int_equal(hw.irta & 0xfff, 1 << 11);
	const u64 *entries = direct((struct pa){ hw.irta & ~0xfffull });
	for (size_t i = 0; i < PAGE_SIZE / sizeof *entries; i++)
		assert_int_equal(entries[i], 0);
}

static void fault_records(void **state)
{
	struct vtd_fault f[2];

	(void)state;
	start();
	assert_false(vtd_fault_pending(&unit));
	assert_int_equal(vtd_fault_read(&unit, f, 2), 0);
	hw.top = 1u << 31 | 0x71;
	hw.fsts = 1;
	assert_true(vtd_fault_pending(&unit));
	assert_int_equal(vtd_fault_read(&unit, f, 2), 1);
	assert_int_equal(f[0].reason, 0x71);
	assert_int_equal(f[0].page.v, 0x5000);
	assert_int_equal(f[0].sid, 0x20);
	vtd_fault_clear(&unit);
	assert_false(vtd_fault_pending(&unit));
	assert_int_equal(hw.fsts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nobody_there, reset),
		cmocka_unit_test_setup(nowhere, reset),
		cmocka_unit_test_setup(deaf_unit, reset),
		cmocka_unit_test_setup(what_it_lacks, reset),
		cmocka_unit_test_setup(take_over, reset),
		cmocka_unit_test_setup(take_over_without_queue, reset),
		cmocka_unit_test_setup(life, reset),
		cmocka_unit_test_setup(legacy_life, reset),
		cmocka_unit_test_setup(write_buffer_and_caching_mode, reset),
		cmocka_unit_test_setup(interrupts, reset),
		cmocka_unit_test_setup(fault_records, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
