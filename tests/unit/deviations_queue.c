/* Pure: known deviations of platforms that cases of invalidation descriptors show, data only. */
#include "tests/deviations.h"

enum { UNIT = DEVIATES_STEPPED };

DEVIATIONS(queue) = {
	{
		.what = "QEMU's VT-d takes any PASID-cache descriptor",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(10, 0, 0),
		.shows = SHOWN({ "U01.refused_pc_2", UNIT, "taken" },
			       { "U01.refused_pc_g", UNIT, "taken: 6-8" },
			       { "U01.refused_pc_low", UNIT, "taken: 12-15" },
			       { "U01.refused_pc_high", UNIT, "taken: 52-63" },
			       { "U01.refused_pc_second", UNIT, "taken: 64-71" },
			       { "U01.refused_pc_words", UNIT, "taken: 188-195" },
			       { "U01.narrow_pc", UNIT, "taken" }),
		.section = TOLD("VT-d 6.5.2.2, 6.5.2.11, 11.4.9.9 (IQEI)"),
		.says = TOLD(
			"a descriptor with a reserved granularity, or a reserved bit set, or 128 bits of one that has 256, is an error of the queue: FSTS.IQE, and the head "
			"stays"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_process_inv_desc(): nothing is done for VTD_INV_DESC_PC, nor looked at; 11.1 does"),
		.shown = TOLD("10.0.13: in every run; 11.1.3 refuses all of them"),
		.command = TOLD("make run QEMU=stable ARGS=\"T=U01.refused_pc*,U01.narrow_pc\""),
	},
	{
		.what = "QEMU's VT-d refuses PASID-based IOTLB descriptors for more pages than CAP.MAMV says",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 13),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U01.taken_piotlb_am", UNIT, "refused" }),
		.section = TOLD("VT-d 11.4.2 (MAMV)"),
		.says = TOLD(
			"MAMV is the largest AM of IOTLB descriptors; independent of it a unit with ECAP.SMTS supports PASID-based IOTLB descriptors with any defined address mask"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_process_piotlb_desc(): AM above VTD_MAMV is an error of the descriptor"),
		.shown = TOLD(
			"10.0.13, 11.1.3: in every run; AM=19: FSTS.IQE; 10.0 before 10.0.13 has no such test"),
		.command = TOLD("make run ARGS=\"T=U01.taken*\""),
	},
	{
		.what = "QEMU's VT-d takes descriptors of 128 bits in scalable mode",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U01.narrow_cc", UNIT, "taken" }),
		.section = TOLD("VT-d 6.5.2, 6.5.2.11 (table 26), 11.4.9.9 (IQEI 5)"),
		.says = TOLD(
			"where RTADDR.TTM is 01b no descriptor of 128 bits (IQA.DW=0) is valid: an error of the queue, FSTS.IQE, and the head stays"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_mem_write(), DMAR_IQA_REG: DW is taken as it comes, and held against RTADDR nowhere"),
		.shown = TOLD("10.0.13, 11.1.3: in every run"),
		.command = TOLD("make run ARGS=\"T=U01.narrow_cc\""),
	},
	{
		.what = "QEMU's VT-d takes PASID-based descriptors in legacy mode",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U06.legacy_pc", UNIT, "taken" },
			       { "U06.legacy_piotlb", UNIT, "taken" },
			       { "U06.second_legacy_pc", UNIT, "taken" },
			       { "U06.second_legacy_piotlb", UNIT, "taken" }),
		.section = TOLD("VT-d 6.5.2.11 (table 26), 11.4.9.9 (IQEI 3)"),
		.says = TOLD(
			"where RTADDR.TTM is 00b descriptors of types 1 to 5 are valid, and any other is an error of the queue: FSTS.IQE, and the head stays"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_process_inv_desc(): goes by what the unit can (scalable_mode), if by anything, and not by RTADDR (root_scalable)"),
		.shown = TOLD("10.0.13, 11.1.3, and 7.2.22 with aw-bits=48: in every run"),
		.command = TOLD("make run ARGS=\"T=U06.legacy_p*\""),
	},
	{
		.what = "QEMU's VT-d refuses a wait descriptor that is to say nothing",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U01.wait_neither", UNIT, "refused, status kept, IWC=0" },
			       { "U01.second_wait_neither", UNIT, "refused, status kept, IWC=0" }),
		.section = TOLD("VT-d 6.5.2.9 (SW, IF), 11.4.9.9 (IQEI)"),
		.says = TOLD(
			"with SW=1 the status word is written, with IF=1 ICS.IWC set; neither is demanded, and no IQEI is for a descriptor that asks for neither"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_process_wait_desc(): without SW, IF and FN the descriptor is an \"unknown type\""),
		.shown = TOLD("7.2.22 with aw-bits=48, 10.0.13, 11.1.3: in every run, FSTS.IQE"),
		.command = TOLD("make run ARGS=\"T=U01.wait*\""),
	},
	{
		.what = "QEMU's VT-d refuses a wait descriptor that is a fence alone",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(10, 0, 0),
		.shows = SHOWN({ "U01.wait_fence", UNIT, "refused, status kept, IWC=0" },
			       { "U01.second_wait_fence", UNIT, "refused, status kept, IWC=0" }),
		.section = TOLD("VT-d 6.5.2.9 (FN), 6.5.2.12"),
		.says = TOLD(
			"with FN=1 what follows is executed after the wait is complete, whether or not it writes a status word"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_process_wait_desc(): without SW and IF the descriptor is an \"unknown type\"; later versions look at FN too"),
		.shown = TOLD("7.2.22 with aw-bits=48, 10.0.13: in every run; 11.1.3 takes it"),
		.command = TOLD("make run QEMU=stable ARGS=\"T=U01.wait*\""),
	},
};
