/* Pure: known deviations of platforms from the specification, data only; deviation_of.c looks them up. */
#include "tests/deviations.h"

/* A case of tests/unit/ is one execution. */
enum { BOTH = DEVIATES_STEPPED | DEVIATES_RACING, UNIT = DEVIATES_STEPPED };

DEVIATIONS(listed) = {
	{
		.what = "QEMU's own CPUs keep a TLB entry for loads when a store to its page faults",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "D11.fault_drops", BOTH, "WARM=O WROTE=fault READ=O P0:O" }),
		.section = TOLD("SDM 3A 4.10.4.1"),
		.says = TOLD(
			"a page fault invalidates all TLB entries of the current PCID for the page number of its address"),
		.cause = TOLD(
			"target/i386/tcg/system/excp_helper.c (7.2: tcg/sysemu), x86_cpu_tlb_fill(): raises the exception, and leaves the soft TLB as it is"),
		.shown = TOLD(
			"7.2.22, 10.0.13, 11.1.3: in every run; after pte_clear, and a store that faults, a load reads the old page"),
		.command = TOLD("make run ARGS=\"T=D11.fault_drops\""),
	},
	{
		.what = "QEMU's VT-d refuses a write that an IOTLB entry forbids, and records no fault",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "C14.upgrade", BOTH, "EARLY=unrecorded WROTE=landed P0:X" },
			       { "C14.not_told", BOTH, "EARLY=unrecorded WROTE=unrecorded P0:O" },
			       { "U08.pte_read", UNIT, "nothing" },
			       { "U08.pde_read", UNIT, "nothing" },
			       { "U08.second_pte_read", UNIT, "nothing" },
			       { "U08.second_pde_read", UNIT, "nothing" }),
		.section = TOLD("VT-d 7.1.3, table 30 (SGN.6, 85h); 7.2.1"),
		.says = TOLD(
			"a write without write permission is a non-recoverable fault; it is recorded unless FPD or PFO is set, a fault of the same device is pending, which may stand for it, or no fault recording register is free"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_do_iommu_translate(): after a hit of vtd_lookup_iotlb() nobody compares the entry's rights with the access; "
			"system/physmem.c (7.2: softmmu/physmem.c), address_space_translate_iommu(), then refuses it, and knows of no fault log"),
		.shown = TOLD(
			"7.2.22, 10.0.13, 11.1.3: in every run; a read through an entry with R/W=0, then a write: an error for the device, and FSTS is 0"),
		.command = TOLD("make run ARGS=\"T=C14.*\""),
	},
	{
		.what = "QEMU's VT-d does not set D where A is set already, nor A where D is",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "C16.accessed", BOTH, "WROTE=landed DIRTY=no P0:X P1:O" },
			       { "C16.clean", BOTH,
				 "FIRST=landed WROTE=landed DIRTY=no P0:X P1:O" },
			       { "C16.snapshot", BOTH, "WROTE=landed DIRTY=no P0:X P1:O" },
			       { "U09.write_4k_a1d0", UNIT, "old A=1 D=0, tables A=1" },
			       { "U09.write_2m_a1d0", UNIT, "old A=1 D=0, tables A=1" },
			       { "U09.write_1g_a1d0", UNIT, "old A=1 D=0, tables A=1" },
			       { "U09.write_4k_a0d1", UNIT, "old A=0 D=1, tables A=1" },
			       { "U09.write_2m_a0d1", UNIT, "old A=0 D=1, tables A=1" },
			       { "U09.write_1g_a0d1", UNIT, "old A=0 D=1, tables A=1" }),
		.section = TOLD("VT-d 3.6.2"),
		.says = TOLD(
			"whenever an entry is used A is set in it, and whenever there is a write D of the leaf and A with it, if they are not set already (a unit whose walks do not snoop blocks the request instead, which QEMU never does)"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_set_flag_in_pte(): nothing to do if any of the wanted flags is set (mended in its "
			"maintainer's git after 11.1: \"Always write all the flags passed to vtd_set_flag_in_pte\")"),
		.shown = TOLD(
			"10.0.13, 11.1.3: in every run and order; the low bits of the leaf are 027h before the write and after it"),
		.command = TOLD("make run ARGS=\"T=C16.*\""),
	},
	{
		.what = "QEMU's VT-d does not set D by a write that hits an IOTLB entry which a read brought",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "C16.read_before", BOTH,
				 "FIRST=O WROTE=landed DIRTY=no P0:X P1:O" },
			       { "U09.write_after_read", UNIT, "old A=1 D=0, tables A=1" }),
		.section = TOLD("VT-d 3.6.2, 6.2.4"),
		.says = TOLD(
			"whenever there is a write D of the leaf is set, if it is not set already; an IOTLB entry has the dirty flag of its leaf, so that a hit tells (a unit whose walks do not snoop blocks the request instead, which QEMU never does)"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_do_iommu_translate(): what vtd_lookup_iotlb() finds has rights and no dirty flag, and "
			"nothing is walked"),
		.shown = TOLD(
			"10.0.13, 11.1.3: in every run; the low bits of the leaf are 027h after the read and after the write"),
		.command = TOLD("make run ARGS=\"T=C16.read_before\""),
	},
	{
		.what = "QEMU's VT-d goes by a PASID entry that is not present while it has the context entry cached",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "C09.teardown", BOTH, "EARLY=landed LATE=landed P0:X Q1:S" },
			       { "U06.absent", UNIT, "new" }),
		.section = TOLD("VT-d 6.5.3.3, table 28; 7.1.3, table 30 (SPT.2, 59h)"),
		.says = TOLD(
			"once P of a PASID entry is 0, and PASID cache and IOTLB are invalidated as table 28 asks, requests by that PASID are blocked with reason 59h"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_iova_pgtbl_base(): does not look at what vtd_ce_get_pasid_entry() (10.0: vtd_ce_get_rid2pasid_entry()) returns, "
			"which has read the entry by then; only vtd_dev_to_context_entry() makes a fault of it, for a context entry that is not in the context cache"),
		.shown = TOLD(
			"10.0.13, 11.1.3: U06.absent in every run; C09, by iommu-testdev, in every order with an access between the IOTLB's invalidation and the wiping of the entry"),
		.command = TOLD("make run ARGS=\"T=C09.teardown\""),
	},
	{
		.what = "QEMU's VT-d brings back an entry that a CPU clears while it is walked",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "C15.write", DEVIATES_RACING,
				 "FIRST=landed LATE=landed READ=X ENTRY=P0 P0:X" },
			       { "C15.read", DEVIATES_RACING,
				 "FIRST=O LATE=S READ=S ENTRY=P0 P0:S" },
			       { "C16.exchange", DEVIATES_RACING,
				 "WROTE=landed LATE=landed DIRTY=no P0:S" },
			       { "C16.exchange", DEVIATES_RACING,
				 "WROTE=landed LATE=landed DIRTY=no P0:X" },
			       { "C16.read_and_store", DEVIATES_RACING,
				 "WROTE=landed LATE=landed DIRTY=no P0:X" },
			       { "C16.protect", DEVIATES_RACING,
				 "WROTE=landed LATE=landed DIRTY=yes P0:X" },
			       { "C16.protect_by_store", DEVIATES_RACING,
				 "WROTE=landed LATE=landed WAS_DIRTY=no DIRTY=yes P0:X" }),
		.section = TOLD("VT-d 3.6.2"),
		.says = TOLD(
			"A and D are set atomically: in the entry as it is then, so that one that was cleared since it was read stays cleared"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_iova_to_fspte() (10.0: vtd_iova_to_flpte()): vtd_get_pte() reads the entry, then "
			"vtd_set_flag_in_pte() stores all 64 bits of it again, whatever is there by then"),
		.shown = TOLD(
			"C15.write, 11.1.3, iommu-testdev: 777 times in 47751 rounds of 3 s; 10.0.13, xhci: 83 in 25222; never with A and D set before; C16, 11.1.3: "
			"each of them, 1 to 49 times in 20000 rounds"),
		.command = TOLD("make run ARGS=\"T=C15.* MODE=race ROUNDS=100000\""),
	},
};
