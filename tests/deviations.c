/* Pure: known deviations of platforms from the specification, data only; deviation_of.c looks them up. */
#include "tests/deviations.h"

/* A case of tests/unit/ is one execution. */
enum { BOTH = DEVIATES_STEPPED | DEVIATES_RACING, UNIT = DEVIATES_STEPPED };

const struct deviation deviations[] = {
	{
		.what = "QEMU's own CPUs keep a TLB entry for loads when a store to its page faults",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "D11.fault_drops", BOTH, "WARM=O WROTE=fault READ=O P0:O" } },
		.section = "SDM 3A 4.10.4.1",
		.says = "a page fault invalidates all TLB entries of the current PCID for the page number of its address",
		.cause =
			"target/i386/tcg/system/excp_helper.c (7.2: tcg/sysemu), x86_cpu_tlb_fill(): raises the exception, and leaves the soft TLB as it is",
		.shown =
			"7.2.22, 10.0.13, 11.1.3: in every run; after pte_clear, and a store that faults, a load reads the old page",
		.command = "make run ARGS=\"T=D11.fault_drops\"",
	},
	{
		.what = "QEMU's VT-d does not set D where A is set already, nor A where D is",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "C16.accessed", BOTH, "WROTE=landed DIRTY=no P0:X P1:O" },
			   { "C16.clean", BOTH, "FIRST=landed WROTE=landed DIRTY=no P0:X P1:O" },
			   { "C16.snapshot", BOTH, "WROTE=landed DIRTY=no P0:X P1:O" },
			   { "U09.write_4k_a1d0", UNIT, "old A=1 D=0, tables A=1" },
			   { "U09.write_2m_a1d0", UNIT, "old A=1 D=0, tables A=1" },
			   { "U09.write_1g_a1d0", UNIT, "old A=1 D=0, tables A=1" },
			   { "U09.write_4k_a0d1", UNIT, "old A=0 D=1, tables A=1" },
			   { "U09.write_2m_a0d1", UNIT, "old A=0 D=1, tables A=1" },
			   { "U09.write_1g_a0d1", UNIT, "old A=0 D=1, tables A=1" } },
		.section = "VT-d 5.10, 3.6.2",
		.says = "whenever there is a write, D of the leaf is set, atomically, if it is not already set",
		.cause =
			"hw/i386/intel_iommu.c, vtd_set_flag_in_pte(): nothing to do if any of the wanted flags is set (mended in its "
			"git after 11.1: \"Always write all the flags passed to vtd_set_flag_in_pte\")",
		.shown =
			"10.0.13, 11.1.3: in every run and order; entry ...027 before the write and after it",
		.command = "make run ARGS=\"T=C16.*\"",
	},
	{
		.what = "QEMU's VT-d does not set D by a write that hits an IOTLB entry which a read brought",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "C16.read_before", BOTH, "FIRST=O WROTE=landed DIRTY=no P0:X P1:O" },
			   { "U09.write_after_read", UNIT, "old A=1 D=0, tables A=1" } },
		.section = "VT-d 5.10, 3.6.2, 6.2.4",
		.says = "an IOTLB entry has the dirty flag of its leaf; whenever there is a write, D is set if it is not already set",
		.cause =
			"hw/i386/intel_iommu.c, vtd_do_iommu_translate(): what vtd_lookup_iotlb() finds has rights and no dirty flag, and "
			"nothing is walked",
		.shown =
			"10.0.13, 11.1.3: in every run; entry ...027 after the read and after the write",
		.command = "make run ARGS=\"T=C16.read_before\"",
	},
	{
		.what = "QEMU's VT-d brings back an entry that a CPU clears while it is walked",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "C15.write", DEVIATES_RACING,
			     "FIRST=landed LATE=landed ENTRY=P0 P0:X" },
			   { "C15.read", DEVIATES_RACING, "FIRST=O LATE=S ENTRY=P0 P0:S" } },
		.section = "VT-d 5.10, 3.6.2",
		.says = "A and D are set atomically",
		.cause =
			"hw/i386/intel_iommu.c, vtd_iova_to_fspte() (10.0: vtd_iova_to_flpte()): vtd_get_pte() reads the entry, then "
			"vtd_set_flag_in_pte() stores all of it, whatever is there by then",
		.shown =
			"11.1.3, iommu-testdev: 777 times in 47751 rounds of 3 s; 10.0.13, xhci: 83 in 25222; never with A set before",
		.command = "make run ARGS=\"T=C15.* MODE=race ROUNDS=100000\"",
	},
	{
		.what = "QEMU's VT-d sets A and D by walks that do not snoop",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U09.read_no_snoop", UNIT, "old A=1 D=0, tables A=1" },
			   { "U09.write_no_snoop", UNIT, "old A=1 D=0, tables A=1" } },
		.section = "VT-d 3.6.2, 7.1.3 (90h), 9.6 (PWSNP)",
		.says = "where A or D of a first-stage entry is to be set and the PASID entry has PWSNP=0, which ECAP.SMPWCS=0 demands, "
			"the request is blocked with fault reason 90h",
		.cause =
			"hw/i386/intel_iommu.c, vtd_iova_to_fspte() (10.0: vtd_iova_to_flpte()): sets them whatever PWSNP is; ECAP has SMPWCS=0",
		.shown =
			"10.0.13, 11.1.3: in every run; a driver that relies on it faults on a machine whose walks do not snoop",
		.command = "make run ARGS=\"T=U09.*_no_snoop\"",
	},
	{
		.what = "QEMU's VT-d records legacy reasons for faults of root and context entries in scalable mode",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U03.root_absent", UNIT, "reason=0x01" },
			   { "U03.context_absent", UNIT, "reason=0x02" },
			   { "U02.root_low", UNIT, "reason=0x0a: 1-11" },
			   { "U02.root_address", UNIT, "reason=0x0a: 48-63" },
			   { "U02.context_low", UNIT, "reason=0x0b: 7-8" },
			   { "U02.context_address", UNIT, "reason=0x0b: 48-63" },
			   { "U02.context_high", UNIT, "reason=0x0b: 96-127" },
			   { "U02.context_words", UNIT, "reason=0x0b: 128-255" } },
		.section = "VT-d 7.1.3",
		.says = "in scalable mode a root entry that is not present is 39h, one with a reserved bit set 3Ah; of context entries 41h and 42h",
		.cause =
			"hw/i386/intel_iommu.c, vtd_dev_to_context_entry(), vtd_root_entry_rsvd_bits_check(), "
			"vtd_context_entry_rsvd_bits_check(): 1, 2, 0Ah and 0Bh in both modes",
		.shown = "10.0.13, 11.1.3: in every run",
		.command = "make run ARGS=\"T=U03.*_absent,U02.root*,U02.context*\"",
	},
	{
		.what = "QEMU's VT-d accepts fields of a context entry that are reserved without their capability",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U02.context_dte", UNIT, "old: 2" },
			   { "U02.context_paside", UNIT, "old: 3" },
			   { "U02.context_pre", UNIT, "old: 4" },
			   { "U02.context_rid_priv", UNIT, "old: 84" } },
		.section = "VT-d 9.3, 7.1.3 (42h)",
		.says = "DTE is reserved where ECAP.DT=0, PASIDE where ECAP.PASID=0, PRE where ECAP.PRS=0, RID_PRIV where ECAP.RPRIVS=0; a "
			"reserved bit that is set blocks the request with 42h",
		.cause =
			"hw/i386/intel_iommu_internal.h, VTD_SM_CONTEXT_ENTRY_RSVD_VAL0 and VTD_SM_CONTEXT_ENTRY_RSVD_VAL1: the same bits whatever "
			"the unit can",
		.shown = "10.0.13, 11.1.3: in every run",
		.command = "make run ARGS=\"T=U02.context*\"",
	},
	{
		.what = "QEMU's VT-d does not look at reserved bits of a PASID directory entry",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U02.pasid_dir_low", UNIT, "old: 2-11" },
			   { "U02.pasid_dir_address", UNIT, "reason=0x58: 48-63" } },
		.section = "VT-d 9.5, 7.1.3 (52h)",
		.says = "a reserved bit that is set in a present PASID directory entry blocks the request with 52h",
		.cause =
			"hw/i386/intel_iommu.c, vtd_get_pe_from_pasid_table(): tests P alone, and reads the table at whatever address is there",
		.shown = "10.0.13, 11.1.3: in every run",
		.command = "make run ARGS=\"T=U02.pasid_dir*\"",
	},
	{
		.what = "QEMU's VT-d does not look at reserved bits of a PASID entry",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U02.pasid_low", UNIT, "old: 10-11" },
			   { "U02.pasid_words", UNIT, "old: 256-511" } },
		.section = "VT-d 9.6, 7.1.3 (5Ah)",
		.says = "a reserved bit that is set in a present PASID entry blocks the request with 5Ah",
		.cause =
			"hw/i386/intel_iommu.c, vtd_get_pe_in_pasid_leaf_table(): tests P, PGTT and the address width alone",
		.shown = "10.0.13, 11.1.3: in every run",
		.command = "make run ARGS=\"T=U02.pasid_low,U02.pasid_words\"",
	},
	{
		.what = "QEMU's VT-d accepts fields of a PASID entry that are reserved without their capability",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = { { "U02.pasid_ssade", UNIT, "old: 9" },
			   { "U02.pasid_pwsnp", UNIT, "old: 87" },
			   { "U02.pasid_pgsnp", UNIT, "old: 88" },
			   { "U02.pasid_sre", UNIT, "old: 128" },
			   { "U02.pasid_ere", UNIT, "old: 129" },
			   { "U02.pasid_eafe", UNIT, "old: 135" } },
		.section = "VT-d 9.6, 7.1.3 (5Ah)",
		.says = "SSADE, PWSNP, PGSNP, SRE, ERE and EAFE are reserved where ECAP has not SSADS, SMPWCS, SC, SRS, ERS or EAFS; real units "
			"record 5Ah for SRE=1 without SRS (Linux, \"Set SRE bit only when hardware has SRS cap\")",
		.cause =
			"hw/i386/intel_iommu.c, vtd_get_pe_in_pasid_leaf_table(): no field is held against ECAP",
		.shown = "10.0.13, 11.1.3: in every run",
		.command = "make run ARGS=\"T=U02.pasid_*\"",
	},
};
const unsigned deviations_count = ARRAY_SIZE(deviations);

const struct platform deviations_modelled = {
	.kind = PLATFORM_QEMU,
	.accel = ACCEL_TCG,
	.version = VERSION(11, 1, 0),
};
