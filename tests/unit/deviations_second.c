/* Pure: known deviations of platforms that cases of second stages show, data only. */
#include "tests/deviations.h"

enum { UNIT = DEVIATES_STEPPED };

#define SCALABLE_RUN(tests) TOLD("make run RUN=\"--iommu scalable\" ARGS=\"T=" tests "\"")
#define LEGACY_REASONS(where, tests, told)                                                                                      \
	.what = "QEMU's VT-d records legacy reasons for faults of second stages in scalable mode: " where,                      \
	.kind = PLATFORM_QEMU, .accel = ACCEL_TCG, .first = VERSION(7, 2, 0),                                                   \
	.last = VERSION(11, 1, 0), .section = TOLD("VT-d 7.1.3"),                                                               \
	.says = TOLD("reasons 1h to 1Fh are of the legacy mode; in scalable mode " told                                         \
		     " (Linux, dma_remap_sm_fault_reasons[])"),                                                                 \
	.cause = TOLD(                                                                                                          \
		"hw/i386/intel_iommu.c, vtd_iova_to_sspte() (10.0, 7.2: vtd_iova_to_slpte()): the same reasons in both modes"), \
	.shown = TOLD("7.2.22 with aw-bits=48, 10.0.13, 11.1.3: in every run"),                                                 \
	.command = SCALABLE_RUN(tests)

DEVIATIONS(second_stage) = {
	{
		LEGACY_REASONS(
			"reserved bits", "U02.second*",
			"a reserved bit that is set in a second-stage entry that is present is 7Ah"),
		.shows = { { "U02.second_large_1g", UNIT, "reason=0x0c: 12-29" },
			   { "U02.second_large_1g_address", UNIT, "reason=0x0c: 48-51" },
			   { "U02.second_large_2m", UNIT, "reason=0x0c: 12-20" },
			   { "U02.second_large_2m_address", UNIT, "reason=0x0c: 48-51" },
			   { "U02.second_pde_address", UNIT, "reason=0x0c: 48-51" },
			   { "U02.second_pde_snp", UNIT, "reason=0x0c: 11" },
			   { "U02.second_pdpte_address", UNIT, "reason=0x0c: 48-51" },
			   { "U02.second_pdpte_snp", UNIT, "reason=0x0c: 11" },
			   { "U02.second_pml4e_address", UNIT, "reason=0x0c: 48-51" },
			   { "U02.second_pml4e_ps", UNIT, "reason=0x0c: 7" },
			   { "U02.second_pml4e_snp", UNIT, "reason=0x0c: 11" },
			   { "U02.second_pte_address", UNIT, "reason=0x0c: 48-51" } },
	},
	{
		LEGACY_REASONS(
			"bit 62", "U02.second_62*",
			"a reserved bit that is set in a second-stage entry that is present is 7Ah"),
		.shows = { { "U02.second_62_1g", UNIT, "reason=0x0c: 62" },
			   { "U02.second_62_2m", UNIT, "reason=0x0c: 62" },
			   { "U02.second_62_pde", UNIT, "reason=0x0c: 62" },
			   { "U02.second_62_pdpte", UNIT, "reason=0x0c: 62" },
			   { "U02.second_62_pml4e", UNIT, "reason=0x0c: 62" },
			   { "U02.second_62_pte", UNIT, "reason=0x0c: 62" } },
	},
	{
		LEGACY_REASONS(
			"entries that may not be read", "U03.second*",
			"an entry without any right is 79h, one without the right to read 86h"),
		.shows = { { "U03.second_pde_absent", UNIT, "reason=0x06" },
			   { "U03.second_pde_no_read", UNIT, "reason=0x06" },
			   { "U03.second_pdpte_absent", UNIT, "reason=0x06" },
			   { "U03.second_pdpte_no_read", UNIT, "reason=0x06" },
			   { "U03.second_pml4e_absent", UNIT, "reason=0x06" },
			   { "U03.second_pml4e_no_read", UNIT, "reason=0x06" },
			   { "U03.second_pte_absent", UNIT, "reason=0x06" },
			   { "U03.second_pte_all_but_rights", UNIT, "reason=0x06" },
			   { "U03.second_pte_no_read", UNIT, "reason=0x06" },
			   { "U03.second_pte_zero", UNIT, "reason=0x06" } },
	},
	{
		LEGACY_REASONS(
			"entries that may not be written, are out of reach or too narrow",
			"U03.second*",
			"a write to what may be read alone is 85h; an address that is too wide is 84h, a table that cannot be read 78h, or 7Bh by SSPTPTR"),
		.shows = { { "U03.second_pd_unreachable", UNIT, "reason=0x07" },
			   { "U03.second_pde_no_write", UNIT, "reason=0x05" },
			   { "U03.second_pdpt_unreachable", UNIT, "reason=0x07" },
			   { "U03.second_pdpte_no_write", UNIT, "reason=0x05" },
			   { "U03.second_pml4_unreachable", UNIT, "reason=0x03" },
			   { "U03.second_pml4e_no_write", UNIT, "reason=0x05" },
			   { "U03.second_pt_unreachable", UNIT, "reason=0x07" },
			   { "U03.second_pte_no_write", UNIT, "reason=0x05" },
			   { "U03.second_too_wide", UNIT, "reason=0x04" },
			   { "U03.second_too_wide_write", UNIT, "reason=0x04" } },
	},
	{
		LEGACY_REASONS("beside large pages", "U04.second*",
			       "an entry without any right is 79h"),
		.shows = { { "U04.second_read_before_1g", UNIT, "reason=0x06" },
			   { "U04.second_read_before_2m", UNIT, "reason=0x06" },
			   { "U04.second_read_behind_1g", UNIT, "reason=0x06" },
			   { "U04.second_read_behind_2m", UNIT, "reason=0x06" },
			   { "U04.second_write_before_1g", UNIT, "reason=0x05" },
			   { "U04.second_write_before_2m", UNIT, "reason=0x05" },
			   { "U04.second_write_behind_1g", UNIT, "reason=0x05" },
			   { "U04.second_write_behind_2m", UNIT, "reason=0x05" } },
	},
	{
		LEGACY_REASONS("entries that come and go", "U05.second*",
			       "an entry without any right is 79h"),
		.shows = { { "U05.second_absent_all_pde", UNIT,
			     "reason=0x06, unread reason=0x06, read reason=0x06, then old" },
			   { "U05.second_absent_all_pdpte", UNIT,
			     "reason=0x06, unread reason=0x06, read reason=0x06, then old" },
			   { "U05.second_absent_all_pml4e", UNIT,
			     "reason=0x06, unread reason=0x06, read reason=0x06, then old" },
			   { "U05.second_absent_all_pte", UNIT, "reason=0x06, then old" },
			   { "U05.second_absent_pde", UNIT,
			     "reason=0x06, unread reason=0x06, then old" },
			   { "U05.second_absent_pdpte", UNIT,
			     "reason=0x06, unread reason=0x06, then old" },
			   { "U05.second_absent_pml4e", UNIT,
			     "reason=0x06, unread reason=0x06, then old" },
			   { "U05.second_absent_pte", UNIT, "reason=0x06, then old" } },
	},
	{
		.what = "QEMU's VT-d accepts SNP in second-stage entries, which is reserved without ECAP.SC",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U02.second_1g_snp", UNIT, "old: 11" },
			   { "U02.second_2m_snp", UNIT, "old: 11" },
			   { "U02.second_pte_snp", UNIT, "old: 11" } },
		.section = TOLD("VT-d 9.8, tables 43, 45 and 47 (SNP), 7.1.3 (7Ah)"),
		.says = TOLD(
			"bit 11 of a leaf is reserved where ECAP.SC=0; a reserved bit that is set blocks the request with 7Ah"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_init() (vtd_spte_rsvd[], vtd_spte_rsvd_large[]): SNP is taken out of the reserved bits wherever there is "
			"scalable mode, and ECAP has SC with snoop-control=on alone"),
		.shown = TOLD("7.2.22 with aw-bits=48, 10.0.13, 11.1.3: in every run"),
		.command = SCALABLE_RUN("U02.second*snp"),
	},
	{
		.what = "QEMU's VT-d accepts fields of a PASID entry that are reserved without a first stage",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U02.second_pasid_fspm", UNIT, "old: 130-131" },
			   { "U02.second_pasid_wpe", UNIT, "old: 132" },
			   { "U02.second_pasid_fsptptr", UNIT, "old: 140-159" } },
		.section = TOLD("VT-d 9.6, 7.1.3 (5Ah)"),
		.says = TOLD(
			"FSPM, WPE and FSPTPTR are reserved where ECAP.FSTS=0; a reserved bit that is set blocks the request with 5Ah"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_pe_in_pasid_leaf_table(): tests P, PGTT and the address width alone"),
		.shown = TOLD("7.2.22 with aw-bits=48, 10.0.13, 11.1.3: in every run"),
		.command = SCALABLE_RUN("U02.second_pasid*"),
	},
	{
		.what = "QEMU's VT-d refuses all of a large page of a second stage that has addresses of interrupts",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U04.second_result_2m_behind", UNIT, "reason=0x87" },
			   { "U04.second_result_1g_before", UNIT, "reason=0x87" },
			   { "U04.second_result_1g_behind", UNIT, "reason=0x87" } },
		.section = TOLD("VT-d 3.15, 7.1.3 (87h)"),
		.says = TOLD(
			"a request is blocked with 87h if the address that it translates to is from FEE00000h to FEEFFFFFh"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_do_iommu_translate() (7.2: vtd_iova_to_slpte()): holds the whole page that the entry maps against the range"),
		.shown = TOLD("7.2.22 with aw-bits=48, 10.0.13, 11.1.3: in every run"),
		.command = SCALABLE_RUN("U04.second_result*"),
	},
	{
		.what = "QEMU's VT-d has one reason for whatever is wrong with a PASID entry",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(7, 2, 0),
		.shows = { { "U03.second_aw_0", UNIT, "reason=0x58" },
			   { "U03.second_aw_7", UNIT, "reason=0x58" },
			   { "U03.second_type_0", UNIT, "reason=0x58" },
			   { "U03.second_type_7", UNIT, "reason=0x58" } },
		.section = TOLD("VT-d 7.1.3 (5Bh)"),
		.says = TOLD(
			"a PASID entry with a reserved PGTT, or with an AW that CAP.SAGAW does not have, is 5Bh; 58h is one that cannot be read"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_pe_in_pasid_leaf_table(): VTD_FR_PASID_TABLE_INV for all of it"),
		.shown = TOLD("7.2.22 with aw-bits=48: in every run; later versions record 5Bh"),
		.command = TOLD(
			"make run QEMU=oldstable RUN=\"-- -global intel-iommu.aw-bits=48\" ARGS=\"T=U03.second_*\""),
	},
	{
		.what = "QEMU's VT-d takes first-stage and nested translation, which it does not have, for a second stage",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(7, 2, 0),
		.shows = { { "U03.second_type_first", UNIT, "old" },
			   { "U03.second_type_nested", UNIT, "old" } },
		.section = TOLD("VT-d 9.6 (PGTT), 7.1.3 (5Bh)"),
		.says = TOLD(
			"PGTT=1 without ECAP.FSTS, and PGTT=3 without ECAP.NEST, block the request with 5Bh"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_pe_type_check(): both are let through, and vtd_iova_to_slpte() walks SSPTPTR"),
		.shown = TOLD("7.2.22 with aw-bits=48: in every run; later versions record 5Bh"),
		.command = TOLD(
			"make run QEMU=oldstable RUN=\"-- -global intel-iommu.aw-bits=48\" ARGS=\"T=U03.second_type*\""),
	},
	{
		.what = "QEMU's VT-d takes PASID-based IOTLB descriptors, and does nothing",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(7, 2, 0),
		.shows = { { "U01.second_piotlb_all", UNIT, "gone:" } },
		.section = TOLD("VT-d 6.5.2.4, table 24"),
		.says = TOLD(
			"all of a PASID and domain id is what a second stage brought too; only pages are of first stages alone"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_process_inv_desc(): VTD_INV_DESC_PIOTLB is accepted and left for later"),
		.shown = TOLD("7.2.22 with aw-bits=48: in every run; later versions drop it"),
		.command = TOLD(
			"make run QEMU=oldstable RUN=\"-- -global intel-iommu.aw-bits=48\" ARGS=\"T=U01.second_piotlb*\""),
	},
};
