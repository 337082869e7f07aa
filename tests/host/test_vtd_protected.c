/* Protected memory that firmware left on: opened when translation guards it, and not before. VT-d 11.4.8 */
#include "tests/host/played_unit.h"

enum { PLMR = 1 << 5, PHMR = 1 << 6 };

/* As firmware left it, with those regions; up to where translation is to be switched on. */
static void begin(u64 regions)
{
	reset(NULL);
	hw.cap = (CAP & ~(u64)PLMR) | regions;
	hw.pmen = 1u << 31;
	probe();
	assert_true(vtd_take_over(&unit));
	assert_true(vtd_start(&unit));
	/* Closed all the while: nothing guarded it. */
	assert_null(strstr(hw.log, "PMEN"));
	hw.log[0] = last_note[0] = 0;
}

static void end(void)
{
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
}

static void opened_behind_translation(void **state)
{
	static const u64 regions[] = { PLMR, PHMR, PLMR | PHMR };

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(regions); i++) {
		begin(regions[i]);
		assert_true(vtd_translation_on(&unit));
		assert_string_equal(hw.log, "TE+ PMEN ");
		assert_int_equal(hw.pmen, 0);
		assert_string_equal(last_note, "vtd0 firmware left protected memory on");
		end();
	}
}

static void stays_closed_without_translation(void **state)
{
	(void)state;
	begin(PLMR);
	hw.deaf = true;
	assert_false(vtd_translation_on(&unit));
	assert_string_equal(hw.log, "TE+ ");
	assert_int_equal(hw.pmen, 1u << 31);
	hw.deaf = false;
	end();
}

/* A unit without such regions has no such register; one whose regions are open is left alone. */
static void not_touched(void **state)
{
	(void)state;
	begin(0);
	assert_true(vtd_translation_on(&unit));
	assert_string_equal(hw.log, "TE+ ");
	end();
	begin(PLMR);
	hw.pmen = 0;
	assert_true(vtd_translation_on(&unit));
	assert_string_equal(hw.log, "TE+ ");
	end();
}

static void that_does_not_open(void **state)
{
	(void)state;
	begin(PLMR);
	hw.shut = true;
	assert_false(vtd_translation_on(&unit));
	assert_string_equal(last_timeout, "PMEN.PRS to become 0, vtd0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opened_behind_translation),
		cmocka_unit_test(stays_closed_without_translation),
		cmocka_unit_test(not_touched),
		cmocka_unit_test(that_does_not_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
