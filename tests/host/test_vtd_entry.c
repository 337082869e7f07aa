#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "iommu/vtd_entry.h"
#include "iommu/vtd_second.h"
#include "mm/pte.h"

/* Expected words are put together by hand from the manual's tables, the sum in the comment. */

static void root(void **state)
{
	(void)state;
	/* P bit 0 | table 63:12; the same in both words */
	assert_int_equal(vtd_root_half((struct pa){ 0x123456000 }), 0x123456001);
}

static void context(void **state)
{
	struct vtd_context c = vtd_context_entry((struct pa){ 0x7fff000 }, 2, 0xabcde, VTD_NO_ATS);

	(void)state;
	/* P bit 0 | PDTS 2 at 9 = 0x400 | directory 63:12 */
	assert_int_equal(c.w[0], 0x7fff401);
	/* RID_PASID at 64: bits 19:0 of the second word; RID_PRIV bit 20 is 0 */
	assert_int_equal(c.w[1], 0xabcde);
	assert_int_equal(c.w[2], 0);
	assert_int_equal(c.w[3], 0);
	/* DTE bit 2 */
	c = vtd_context_entry((struct pa){ 0x7fff000 }, 2, 0xabcde, VTD_ATS);
	assert_int_equal(c.w[0], 0x7fff405);
	assert_int_equal(c.w[1], 0xabcde);
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

static void second_stage(void **state)
{
	struct vtd_pasid e =
		vtd_second_stage_entry((struct pa){ 0x1234567000 }, 4, 0xbeef, VTD_NO_SNOOP);

	(void)state;
	/* P bit 0 | AW 2 at 2 = 8 | PGTT 2 at 6 = 0x80 | pointer 63:12; SSADE bit 9 is 0 */
	assert_int_equal(e.w[0], 0x1234567089);
	assert_int_equal(e.w[1], 0xbeef);
	for (unsigned i = 2; i < 8; i++)
		assert_int_equal(e.w[i], 0);
	/* AW 1 at 2 = 4; PWSNP bit 87 */
	e = vtd_second_stage_entry((struct pa){ 0x1234567000 }, 3, 1, VTD_SNOOP);
	assert_int_equal(e.w[0], 0x1234567085);
	assert_int_equal(e.w[1], 0x800001);
}

static void legacy_context(void **state)
{
	struct vtd_legacy_context c =
		vtd_legacy_context_entry((struct pa){ 0x1234567000 }, 4, 0xbeef);

	(void)state;
	/* P bit 0 | FPD 0 | TT 0 at 2 | pointer 63:12 */
	assert_int_equal(c.w[0], 0x1234567001);
	/* AW 2 at 64 | DID at 72: bits 23:8 of the second word */
	assert_int_equal(c.w[1], 0xbeef02);
	assert_int_equal(vtd_legacy_context_entry((struct pa){ 0 }, 3, 1).w[1], 0x101);
}

static void second_stage_paging(void **state)
{
	(void)state;
	/* R bit 0 | W bit 1 | address 51:12; never bit 7 in a table's, never 11, never above 51 */
	assert_int_equal(vtd_second_table((struct pa){ 0xffffff1234567000 }), 0xfff1234567003);
	assert_int_equal(vtd_second_leaf((struct pa){ 0x1234567000 }, VTD_SS_READ), 0x1234567001);
	assert_int_equal(vtd_second_leaf((struct pa){ 0x1234567000 }, VTD_SS_WRITE), 0x1234567002);
	assert_int_equal(vtd_second_leaf((struct pa){ 0x1234567000 }, VTD_SS_READ | VTD_SS_WRITE),
			 0x1234567003);
	assert_int_equal(vtd_second_leaf((struct pa){ 0x1234567000 }, 0), 0);
}

/*
 * What mm/ makes for CPUs a second stage reads as it is meant: R and W, address, PS; what is more is in bits that it
 * ignores. Bit 11 and bits 61:52 are clear, 62 too.
 */
static void cpu_entries_in_a_second_stage(void **state)
{
	const u64 ignored = 1ull << 63 | 0x77c;

	(void)state;
	for (u32 flags = 0; flags < 128; flags++) {
		u64 w = flags & PAGE_WRITE ? 2 : 0;

		assert_int_equal(pte_leaf(PG_4K, (struct pa){ 0x1234567000 }, flags) & ~ignored,
				 0x1234567001 | w);
		assert_int_equal(pte_leaf(PG_2M, (struct pa){ 0x1234600000 }, flags) & ~ignored,
				 0x1234600081 | w);
	}
	for (unsigned user = 0; user < 2; user++)
		assert_int_equal(pte_table((struct pa){ 0x1234567000 }, user) & ~ignored,
				 0x1234567003);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root),
		cmocka_unit_test(context),
		cmocka_unit_test(directory),
		cmocka_unit_test(directory_size),
		cmocka_unit_test(first_stage),
		cmocka_unit_test(second_stage),
		cmocka_unit_test(legacy_context),
		cmocka_unit_test(second_stage_paging),
		cmocka_unit_test(cpu_entries_in_a_second_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
