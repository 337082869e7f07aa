#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "iommu/vtd_gcmd.h"
#include "iommu/vtd_listing.h"

/*
 * No field reaches beyond its register or across a 64-bit word, and no two name the same bit.
 * Pointers of a PASID entry for first and second stage are in different words, so that holds there
 * too.
 */
static void fields_are_disjoint(void **state)
{
	(void)state;
	for (unsigned i = 0; i < VTD_LISTING_COUNT; i++) {
		const struct vtd_listing *l = &vtd_listing[i];
		const char *name = l->names;
		u64 seen[8] = { 0 };

		assert_true(l->bits <= 512 && l->fields > 0);
		for (unsigned k = 0; k < l->fields; k++, name += strlen(name) + 1) {
			int field = l->field[k];
			unsigned hi = field_hi(field), lo = field_lo(field);

			assert_true(lo <= hi && hi < l->bits);
			assert_int_equal(lo / 64, hi / 64);
			if (seen[word_of(field)] & mask(field))
				fail_msg("%s overlaps", name);
			seen[word_of(field)] |= mask(field);
			assert_memory_equal(name, "VTD_", 4);
			assert_memory_equal(name + 4, l->name, strlen(l->name));
		}
		assert_string_equal(name, "");
	}
}

static void reads(enum vtd_listing_id id, const u64 *words, const char *text)
{
	char buf[VTD_TEXT_MAX];

	assert_string_equal(vtd_describe(buf, sizeof buf, id, words), text);
}

static void text(void **state)
{
	(void)state;
	reads(VTD_GSTS_LISTING, &(u64){ 0xc4000000 }, "0xc4000000 TES RTPS QIES");
	reads(VTD_GSTS_LISTING, &(u64){ 0 }, "0x00000000");
	reads(VTD_FSTS_LISTING, &(u64){ 0x212 }, "0x00000212 FRI=2 IQE PPF");
	/* what QEMU 11.1 shows with scalable mode and first stage */
	reads(VTD_CAP_LISTING, &(u64){ 0x81d2008c222f0606 },
	      "0x81d2008c222f0606 ESRTPS FS1GP DRD DWD MAMV=0x12 PSI SSLPS=3 FRO=0x22 MGAW=0x2f "
	      "SAGAW=6 ND=6");
	reads(VTD_ECAP_LISTING, &(u64){ 0x0000880000f00f4a },
	      "0x0000880000f00f4a FSTS SMTS MHMV=0xf IRO=0xf PT IR QI");
	/* an address is shown with its zeros */
	reads(VTD_RTADDR_LISTING, &(u64){ 0x123456400 },
	      "0x0000000123456400 RTA=0x123456000 TTM=1");
	reads(VTD_PC_LISTING, (const u64[4]){ 0x1234500020017 },
	      "0x0000000000000000_0000000000000000_0000000000000000_0001234500020017 TYPE=7 G=1 "
	      "DID=2 PASID=0x12345");
}

static void text_is_cut(void **state)
{
	char buf[8];

	(void)state;
	for (size_t size = 1; size <= sizeof buf; size++) {
		memset(buf, 'x', sizeof buf);
		vtd_describe(buf, size, VTD_GSTS_LISTING, &(u64){ 0xc4000000 });
		assert_int_equal(strlen(buf), size - 1);
		assert_memory_equal(buf, "0xc4000", size - 1);
	}
}

static void all_ones_fit(void **state)
{
	u64 ones[8];
	char buf[VTD_TEXT_MAX];

	(void)state;
	memset(ones, 0xff, sizeof ones);
	for (unsigned i = 0; i < VTD_LISTING_COUNT; i++) {
		vtd_describe(buf, sizeof buf, (enum vtd_listing_id)i, ones);
		assert_in_range(strlen(buf), 10, sizeof buf - 2);
	}
}

static void descriptor_type(void **state)
{
	struct vtd_desc d = vtd_piotlb_all(1, 0);

	(void)state;
	assert_int_equal(vtd_desc_listing(&d), VTD_PIOTLB_LISTING);
	d = vtd_wait((struct pa){ 0 }, 1, VTD_WAIT_PLAIN);
	assert_int_equal(vtd_desc_listing(&d), VTD_WAIT_LISTING);
	d.w[0] = 0;
	assert_int_equal(vtd_desc_listing(&d), VTD_DESC_LISTING);
	d.w[0] = 10;
	assert_int_equal(vtd_desc_listing(&d), VTD_DESC_LISTING);
	d.w[0] = 0x205; /* type 0x15: bits 11:9 are the high part */
	assert_int_equal(vtd_desc_listing(&d), VTD_DESC_LISTING);
}

/* GSTS with everything on, and what one change makes of it; bits: TE 31, SRTP 30, SFL 29, EAFL 28,
 * WBF 27, QIE 26, IRE 25, SIRTP 24, CFI 23. */
static void global_command(void **state)
{
	(void)state;
	/* one-shots 30, 29, 27, 24 are dropped: 0x9680_0000 is what persists */
	assert_int_equal(vtd_gcmd_next(0xff800000, VTD_GCMD_QIE, VTD_ON), 0x96800000);
	assert_int_equal(vtd_gcmd_next(0xff800000, VTD_GCMD_TE, VTD_OFF), 0x16800000);
	assert_int_equal(vtd_gcmd_next(0xff800000, VTD_GCMD_SRTP, VTD_ON), 0xd6800000);
	assert_int_equal(vtd_gcmd_next(0x46000000, VTD_GCMD_IRE, VTD_OFF), 0x04000000);
	assert_int_equal(vtd_gcmd_next(0, VTD_GCMD_WBF, VTD_ON), 0x08000000);
	assert_int_equal(vtd_gcmd_next(0, VTD_GCMD_QIE, VTD_OFF), 0);

	assert_true(vtd_gcmd_done(0x80000000, VTD_GCMD_TE, VTD_ON));
	assert_false(vtd_gcmd_done(0x80000000, VTD_GCMD_TE, VTD_OFF));
	assert_false(vtd_gcmd_done(0x7fffffff, VTD_GCMD_TE, VTD_ON));
	assert_true(vtd_gcmd_done(0x40000000, VTD_GCMD_SRTP, VTD_ON));
	/* the write buffer is flushed when its bit is gone */
	assert_false(vtd_gcmd_done(0x08000000, VTD_GCMD_WBF, VTD_ON));
	assert_true(vtd_gcmd_done(0, VTD_GCMD_WBF, VTD_ON));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_disjoint), cmocka_unit_test(text),
		cmocka_unit_test(text_is_cut),         cmocka_unit_test(all_ones_fit),
		cmocka_unit_test(descriptor_type),     cmocka_unit_test(global_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
