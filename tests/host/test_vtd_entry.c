#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "iommu/vtd_entry.h"

/* Expected words are put together by hand from the manual's tables, the sum in the comment. */

static void root(void **state)
{
	(void)state;
	/* P bit 0 | table 63:12; the same in both words */
	assert_int_equal(vtd_root_half((struct pa){ 0x123456000 }), 0x123456001);
}

static void context(void **state)
{
	struct vtd_context c = vtd_context_entry((struct pa){ 0x7fff000 }, 2, 0xabcde);

	(void)state;
	/* P bit 0 | PDTS 2 at 9 = 0x400 | directory 63:12 */
	assert_int_equal(c.w[0], 0x7fff401);
	/* RID_PASID at 64: bits 19:0 of the second word; RID_PRIV bit 20 is 0 */
	assert_int_equal(c.w[1], 0xabcde);
	assert_int_equal(c.w[2], 0);
	assert_int_equal(c.w[3], 0);
}

static void directory(void **state)
{
	(void)state;
	assert_int_equal(vtd_pasid_dir_entry((struct pa){ 0xfeed000 }).w[0], 0xfeed001);
}

/* PASIDs below 2^(PDTS + 13); the directory has 2^(PDTS + 7) words of 8 bytes. */
static void directory_size(void **state)
{
	(void)state;
	assert_int_equal(vtd_pdts_for(0), 0);
	assert_int_equal(vtd_pdts_for(0x1fff), 0);
	assert_int_equal(vtd_pdts_for(0x2000), 1);
	assert_int_equal(vtd_pdts_for(0x7fff), 2);
	assert_int_equal(vtd_pdts_for(0xfffff), 7);
	assert_int_equal(vtd_pasid_dir_bytes(0), 1024);
	assert_int_equal(vtd_pasid_dir_bytes(2), 4096);
	assert_int_equal(vtd_pasid_dir_bytes(7), 131072);
}

static void first_stage(void **state)
{
	struct vtd_pasid e =
		vtd_first_stage_entry((struct pa){ 0x1234567000 }, 0xbeef, VTD_NO_SNOOP);

	(void)state;
	/* P bit 0 | AW 2 at 2 = 8 | PGTT 1 at 6 = 0x40 */
	assert_int_equal(e.w[0], 0x49);
	/* DID at 64: bits 15:0 of the second word */
	assert_int_equal(e.w[1], 0xbeef);
	/*
	 * bit 128 is bit 0 of the third word: SRE 0, FSPM 0, WPE 0, NXE bit 133 = 0x20, pointer
	 * 63:12
	 */
	assert_int_equal(e.w[2], 0x1234567020);
	for (unsigned i = 3; i < 8; i++)
		assert_int_equal(e.w[i], 0);
	/* PWSNP bit 87 is bit 23 of the second word */
	e = vtd_first_stage_entry((struct pa){ 0x1234567000 }, 1, VTD_SNOOP);
	assert_int_equal(e.w[1], 0x800001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root),        cmocka_unit_test(context),
		cmocka_unit_test(directory),   cmocka_unit_test(directory_size),
		cmocka_unit_test(first_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
