#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "iommu/vtd_inval.h"

/*
 * Each expected word is put together by hand from the manual's table of the descriptor, with the
 * sum in the comment; no encoder or field of the project takes part.
 */
#define IS(d, w0, w1)                            \
	do {                                     \
		struct vtd_desc d_ = (d);        \
		assert_int_equal(d_.w[0], (w0)); \
		assert_int_equal(d_.w[1], (w1)); \
		assert_int_equal(d_.w[2], 0);    \
		assert_int_equal(d_.w[3], 0);    \
	} while (0)

static void context_cache(void **state)
{
	(void)state;
	/* type 1 | G 1 at 4 */
	IS(vtd_cc_global(), 0x11, 0);
	/* type 1 | G 2 at 4 = 0x20 | DID 0xabcd at 16 */
	IS(vtd_cc_domain(0xabcd), 0xabcd0021, 0);
	/* type 1 | G 3 at 4 = 0x30 | DID 5 at 16 = 0x5_0000 | SID 0x00f8 at 32 = 0xf8_0000_0000 */
	IS(vtd_cc_device(5, 0x00f8), 0xf800050031, 0);
}

static void iotlb(void **state)
{
	(void)state;
	/* type 2 | G 1 at 4 = 0x10 | DW bit 6 = 0x40 | DR bit 7 = 0x80 */
	IS(vtd_iotlb_global(VTD_DRAIN_NONE), 0x12, 0);
	IS(vtd_iotlb_global(VTD_DRAIN_WRITES), 0x52, 0);
	IS(vtd_iotlb_global(VTD_DRAIN_READS), 0x92, 0);
	/* 0x2 + 0x20 + 0xc0 = 0xe2 | DID 0x1234 at 16 */
	IS(vtd_iotlb_domain(0x1234, VTD_DRAIN_WRITES | VTD_DRAIN_READS), 0x123400e2, 0);
	/* 0x2 + 0x30 | DID 1; second word: address | AM 0 | IH bit 6 = 0x40 */
	IS(vtd_iotlb_pages(1, 0x7000, 0, VTD_LEAF_ONLY, VTD_DRAIN_NONE), 0x10032, 0x7040);
	/* AM 9 = 512 pages = 2 MiB: the address goes down from 0x2345_6789 to 0x2340_0000 */
	IS(vtd_iotlb_pages(1, 0x23456789, 9, VTD_EVERY_LEVEL, VTD_DRAIN_NONE), 0x10032, 0x23400009);
}

static void device_tlb(void **state)
{
	(void)state;
	const struct vtd_device_tlb none = { .depth = 32 }, one = { 0x0108, 0, 31 },
				    virtual = { 0x0108, 0xabcd, 1 };

	/* type 3 | MIP 0x1f at 16 = 0x1f_0000 | SID 0x0108 at 32; one page: S 0 */
	IS(vtd_devtlb_pages(&one, 0x5000, 0), 0x108001f0003, 0x5000);
	/* MIP 1 at 16 | PFSID 0xabcd: 0xd at 12 = 0xd000, 0xabc at 52 */
	IS(vtd_devtlb_pages(&virtual, 0x5000, 0), 0xabc001080001d003, 0x5000);
	/* 32 are MIP 0. Two pages at 0x4000: S bit 0, bit 12 zero */
	IS(vtd_devtlb_pages(&none, 0x5000, 1), 0x3, 0x4001);
	/* four pages at 0x4000: bit 12 one, bit 13 zero: 0x4000 + 0x1000 + 1 */
	IS(vtd_devtlb_pages(&none, 0x6000, 2), 0x3, 0x5001);
	/* 512 pages at 2 MiB: bits 12..19 one, bit 20 zero: 0x200000 + 0xff000 + 1 */
	IS(vtd_devtlb_pages(&none, 0x200000, 9), 0x3, 0x2ff001);
	/* everything: bits 62:12 one, bit 63 zero */
	IS(vtd_devtlb_pages(&none, 0, VTD_WHOLE_SPACE), 0x3, 0x7ffffffffffff001);
}

static void interrupt_entry_cache(void **state)
{
	(void)state;
	/* type 4, G 0 */
	IS(vtd_iec_global(), 0x4, 0);
	/* type 4 | G bit 4 = 0x10 | IM 3 at 27 = 0x1800_0000 | IIDX 0x0120 at 32 */
	IS(vtd_iec_entries(0x0120, 3), 0x12018000014, 0);
}

static void wait(void **state)
{
	struct pa at = { 0x12345678c };

	(void)state;
	/* type 5 | SW bit 5 = 0x20 | data at 32; the address keeps its bits from 2 up */
	IS(vtd_wait(at, 0xcafe0001, VTD_WAIT_PLAIN), 0xcafe000100000025, 0x12345678c);
	/* FN bit 6 = 0x40, PD bit 7 = 0x80 */
	IS(vtd_wait(at, 1, VTD_WAIT_FENCE), 0x100000065, 0x12345678c);
	IS(vtd_wait(at, 1, VTD_WAIT_FENCE | VTD_WAIT_DRAIN_REQUESTS), 0x1000000e5, 0x12345678c);
}

static void pasid_iotlb(void **state)
{
	(void)state;
	/* type 6 | G 2 at 4 = 0x20 | DID 7 at 16 | PASID 0xfffff at 32 */
	IS(vtd_piotlb_all(7, 0xfffff), 0xfffff00070026, 0);
	/* type 6 | G 3 at 4 = 0x30 | DID 1 | PASID 5; leaf only bit 6 */
	IS(vtd_piotlb_pages(1, 5, 0x7fff12345000, 0, VTD_LEAF_ONLY), 0x500010036, 0x7fff12345040);
	IS(vtd_piotlb_pages(1, 5, 0xffff800000003fff, 1, VTD_EVERY_LEVEL), 0x500010036,
	   0xffff800000002001);
}

static void pasid_cache(void **state)
{
	(void)state;
	/* type 7 | G 3 at 4 */
	IS(vtd_pc_global(), 0x37, 0);
	/* type 7 | G 0 | DID 2 at 16 */
	IS(vtd_pc_domain(2), 0x20007, 0);
	/* type 7 | G 1 at 4 | DID 2 | PASID 0x12345 at 32 */
	IS(vtd_pc_pasid(2, 0x12345), 0x1234500020017, 0);
}

static void pasid_device_tlb(void **state)
{
	(void)state;
	const struct vtd_device_tlb d = { 0x0108, 0, 17 }, virtual = { 0x0108, 0xabcd, 32 };

	/* type 8 | MIP 0x11 at 4 = 0x110 | SID 0x0108 at 16 | PASID 3 at 32 */
	IS(vtd_pdevtlb_pages(&d, 3, 0x9000, 0), 0x301080118, 0x9000);
	/* MIP 0 | PFSID 0xd at 12, 0xabc at 52 */
	IS(vtd_pdevtlb_pages(&virtual, 3, 0x9000, 0), 0xabc000030108d008, 0x9000);
	/* two pages at 0x8000: S bit 11 = 0x800 */
	IS(vtd_pdevtlb_pages(&d, 3, 0x9000, 1), 0x301080118, 0x8800);
	/* everything of every PASID: G bit 0 */
	IS(vtd_pdevtlb_every_pasid(&d), 0x1080118, 0x7ffffffffffff801);
}

static void page_response(void **state)
{
	const u64 data[2] = { 0x1111, 0x2222 };
	struct vtd_desc d;

	(void)state;
	/*
	 * type 9 | RC 15 at 12 = 0xf000 | RID 0x0108 at 16; LPIG bit 2 = 4 | PRGI 0x1ff at 3 =
	 * 0xff8
	 */
	IS(vtd_page_response(0x0108, VTD_NO_PASID, 0x1ff, VTD_RESPONSE_FAILURE, NULL), 0x108f009,
	   0xffc);
	/* type 9 | PP bit 4 | PDP bit 5 = 0x30 | RC 1 at 12 | PASID 5 at 32 */
	d = vtd_page_response(0x0108, 5, 1, VTD_RESPONSE_INVALID, data);
	assert_int_equal(d.w[0], 0x501081039);
	assert_int_equal(d.w[1], 0xc);
	assert_int_equal(d.w[2], 0x1111);
	assert_int_equal(d.w[3], 0x2222);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(context_cache), cmocka_unit_test(iotlb),
		cmocka_unit_test(device_tlb),    cmocka_unit_test(interrupt_entry_cache),
		cmocka_unit_test(wait),          cmocka_unit_test(pasid_iotlb),
		cmocka_unit_test(pasid_cache),   cmocka_unit_test(pasid_device_tlb),
		cmocka_unit_test(page_response),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
