/* Pure: known deviations of platforms that cases of this folder show, data only. */
#include "tests/deviations.h"

enum { UNIT = DEVIATES_STEPPED };

DEVIATIONS(listed) = {
	{
		.what = "QEMU's VT-d sets A and D by walks that do not snoop",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U09.read_no_snoop", UNIT, "old A=1 D=0, tables A=1" },
			       { "U09.write_no_snoop", UNIT, "old A=1 D=0, tables A=1" }),
		.section = TOLD("VT-d 3.6.2, 9.6 (PWSNP); 7.1.3, table 30 (SFS.9, 90h)"),
		.says = TOLD(
			"where walks do not snoop (ECAP.SMPWCS=0, or PWSNP=0 in the PASID entry) a request for which A or D of a first-stage entry "
			"would have to be set is blocked with reason 90h"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_iova_to_fspte() (10.0: vtd_iova_to_flpte()): sets them whatever PWSNP is, and ECAP has SMPWCS=0"),
		.shown = TOLD(
			"10.0.13, 11.1.3: in every run; a driver that relies on it gets faults from a unit whose walks do not snoop"),
		.command = TOLD("make run ARGS=\"T=U09.*_no_snoop\""),
	},
	{
		.what = "QEMU's VT-d records legacy reasons for faults of root and context entries in scalable mode",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U03.root_absent", UNIT, "reason=0x01" },
			       { "U03.context_absent", UNIT, "reason=0x02" },
			       { "U02.root_low", UNIT, "reason=0x0a: 1-11" },
			       { "U02.root_address", UNIT, "reason=0x0a: 48-63" },
			       { "U02.context_low", UNIT, "reason=0x0b: 7-8" },
			       { "U02.context_address", UNIT, "reason=0x0b: 48-63" },
			       { "U02.context_hpte", UNIT, "reason=0x0b: 5" },
			       { "U02.context_eptr", UNIT, "reason=0x0b: 6" },
			       { "U02.context_high", UNIT, "reason=0x0b: 85-127" },
			       { "U02.context_words", UNIT, "reason=0x0b: 128-255" },
			       { "U03.context_unreachable", UNIT, "reason=0x09" },
			       { "U03.context_eptr_alone", UNIT, "reason=0x0b" },
			       { "U05.absent_root", UNIT,
				 "reason=0x01, unread reason=0x01, read reason=0x01, then old" },
			       { "U05.absent_context", UNIT,
				 "reason=0x02, unread reason=0x02, read reason=0x02, then old" },
			       { "U05.second_absent_root", UNIT,
				 "reason=0x01, unread reason=0x01, read reason=0x01, then old" },
			       { "U05.second_absent_context", UNIT,
				 "reason=0x02, unread reason=0x02, read reason=0x02, then old" },
			       { "U06.root_unreachable", UNIT, "reason=0x08" },
			       { "U06.second_root_unreachable", UNIT, "reason=0x08" }),
		.section = TOLD("VT-d 7.1.3, table 30 (SRT.1, SRT.2, SRT.3, SCT.1, SCT.2, SCT.3)"),
		.says = TOLD(
			"in scalable mode a root entry that cannot be read is reason 38h, one that is not present 39h, one with a reserved bit set 3Ah; a context entry that cannot be read "
			"40h, one that is not present 41h, one with a reserved bit set 42h"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_root_entry(), vtd_dev_to_context_entry(), vtd_root_entry_rsvd_bits_check(), vtd_get_context_entry_from_root(), "
			"vtd_context_entry_rsvd_bits_check(): 1h, 2h, 8h, 9h, Ah and Bh in both modes"),
		.shown = TOLD(
			"10.0.13, 11.1.3, and by second stages 7.2.22 with aw-bits=48: in every run"),
		.command = TOLD("make run ARGS=\"T=U03.*_absent,U02.root*,U02.context*\""),
	},
	{
		.what = "QEMU's VT-d accepts fields of a context entry that are reserved without their capability",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U02.context_dte", UNIT, "old: 2" },
			       { "U02.context_paside", UNIT, "old: 3" },
			       { "U02.context_pre", UNIT, "old: 4" },
			       { "U02.context_rid_priv", UNIT, "old: 84" }),
		.section = TOLD("VT-d 9.4; 7.1.3, table 30 (SCT.3, 42h)"),
		.says = TOLD(
			"DTE is reserved where ECAP.DT=0, PASIDE where ECAP.PASID=0, PRE where ECAP.PRS=0, RID_PRIV where ECAP.RPRIVS=0; a "
			"request by a present context entry with a reserved bit set is blocked with reason 42h"),
		.cause = TOLD(
			"hw/i386/intel_iommu_internal.h, VTD_SM_CONTEXT_ENTRY_RSVD_VAL0 and VTD_SM_CONTEXT_ENTRY_RSVD_VAL1: the same bits whatever "
			"the unit can"),
		.shown = TOLD("10.0.13, 11.1.3: in every run"),
		.command = TOLD("make run ARGS=\"T=U02.context*\""),
	},
	{
		.what = "QEMU's VT-d accepts a RID_PASID, which is reserved without ECAP.RPS",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(11, 1, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U02.context_rid_pasid", UNIT, "old: 64-76" },
			       { "U02.context_rid_pasid_beyond", UNIT, "old: 77-83" }),
		.section = TOLD("VT-d 9.4; 7.1.3, table 30 (SCT.3, 42h)"),
		.says = TOLD(
			"RID_PASID is reserved where ECAP.RPS=0; a request by a present context entry with a reserved bit set is blocked with reason 42h"),
		.cause = TOLD(
			"hw/i386/intel_iommu_internal.h, VTD_SM_CONTEXT_ENTRY_RSVD_VAL1: bits 85 to 127 whatever the unit can"),
		.shown = TOLD("11.1.3: in every run; 10.0.13 goes by RID_PASID"),
		.command = TOLD("make run ARGS=\"T=U02.context_rid_pasid*\""),
	},
	{
		.what = "QEMU's VT-d takes the width of a first stage's addresses from AW, which is the second stage's",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(11, 1, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U03.pasid_aw_0", UNIT, "reason=0x80" }),
		.section = TOLD("VT-d 9.6 (AW); 7.1.3, table 30 (SGN.1, 80h)"),
		.says = TOLD(
			"AW is reserved where ECAP.SSTS=0, and ignored where PGTT=001b elsewhere; by tables of four levels an address is canonical if its bits 63 "
			"to 47 are the same"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_iova_agaw(), for vtd_iova_fs_check_canonical(): AW of the PASID entry, whatever PGTT is"),
		.shown = TOLD(
			"11.1.3, iommu-testdev: in every run; a driver that leaves AW 0, as ECAP.SSTS=0 demands, gets addresses of 30 bits; 10.0 has the same code, and no device that could show it"),
		.command = TOLD("make run ARGS=\"T=U03.pasid_aw_0\""),
	},
	{
		.what = "QEMU's VT-d accepts a context entry with PRE=1 and DTE=0",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U03.context_pre_alone", UNIT, "old" }),
		.section = TOLD("VT-d 7.1.3, table 30 (SCT.4.1, 43h)"),
		.says = TOLD(
			"DTE=0 with PRE=1 is an illegal combination, and any request is blocked with reason 43h; where ECAP.PRS=0 PRE is reserved, and the reason "
			"42h"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_context_entry_rsvd_bits_check(): neither field is looked at, alone or with the other"),
		.shown = TOLD("10.0.13, 11.1.3: in every run"),
		.command = TOLD("make run ARGS=\"T=U03.context_pre*\""),
	},
	{
		.what = "QEMU's VT-d does not look at reserved bits of a PASID directory entry",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U02.pasid_dir_low", UNIT, "old: 2-11" },
			       { "U02.pasid_dir_address", UNIT, "reason=0x58: 48-63" }),
		.section = TOLD("VT-d 9.5; 7.1.3, table 30 (SPD.3, 52h)"),
		.says = TOLD(
			"a request by a present PASID directory entry with a reserved bit set is blocked with reason 52h"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_pe_from_pasid_table(): tests P alone, and reads the table at whatever address is there"),
		.shown = TOLD("10.0.13, 11.1.3: in every run"),
		.command = TOLD("make run ARGS=\"T=U02.pasid_dir*\""),
	},
	{
		.what = "QEMU's VT-d does not look at reserved bits of a PASID entry",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U02.pasid_5", UNIT, "old: 5" },
			       { "U02.pasid_low", UNIT, "old: 10-11" },
			       { "U02.pasid_address", UNIT, "old: 48-63" },
			       { "U02.pasid_second", UNIT, "old: 80-86" },
			       { "U02.pasid_second_high", UNIT, "old: 91-95" },
			       { "U02.pasid_third", UNIT, "old: 136-139" },
			       { "U02.pasid_fourth", UNIT, "old: 192-255" },
			       { "U02.pasid_words", UNIT, "old: 336-511" }),
		.section = TOLD("VT-d 9.6; 7.1.3, table 30 (SPT.3, 5Ah)"),
		.says = TOLD(
			"a request by a present PASID entry with a reserved bit set is blocked with reason 5Ah"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_pe_in_pasid_leaf_table(): tests PGTT, and FSPM of a first stage or AW of a second one, alone; vtd_get_pe_from_pasid_table() then tests P"),
		.shown = TOLD("10.0.13, 11.1.3: in every run"),
		.command = TOLD("make run ARGS=\"T=U02.pasid_*\""),
	},
	{
		.what = "QEMU's VT-d accepts fields of a PASID entry that are reserved without their capability",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U02.pasid_ssade", UNIT, "old: 9" },
			       { "U02.pasid_pwsnp", UNIT, "old: 87" },
			       { "U02.pasid_pgsnp", UNIT, "old: 88" },
			       { "U02.pasid_sre", UNIT, "old: 128" },
			       { "U02.pasid_ere", UNIT, "old: 129" },
			       { "U02.pasid_eafe", UNIT, "old: 135" },
			       { "U02.pasid_ssptptr", UNIT, "old: 12-31" },
			       { "U02.pasid_cd_emte", UNIT, "old: 89-90" },
			       { "U02.pasid_pat", UNIT, "old: 96-127" },
			       { "U02.pasid_hpt", UNIT, "old: 256-335" },
			       { "U03.pasid_aw_2", UNIT, "old" },
			       { "U03.pasid_aw_3", UNIT, "old" }),
		.section = TOLD("VT-d 9.6; 7.1.3, table 30 (SPT.3, 5Ah)"),
		.says = TOLD(
			"fields are reserved, so that the reason is 5Ah, without what ECAP must have for them: SSADE without SSADS, PWSNP without SMPWCS, PGSNP without SC, "
			"SRE without SRS, EAFE without EAFS, SSPTPTR and AW without SSTS, CD, EMTE and PAT without MTS, bits 256 to 335 without HPTS; bit 129 always (older "
			"revisions: ERE, without ERS); real units record 5Ah for SRE=1 without SRS (Linux, \"Set SRE bit only when hardware has SRS cap\")"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_pe_in_pasid_leaf_table(): no field but PGTT is held against ECAP"),
		.shown = TOLD("10.0.13, 11.1.3: in every run"),
		.command = TOLD("make run ARGS=\"T=U02.pasid_*,U03.pasid_aw*\""),
	},
	{
		.what = "QEMU's VT-d refuses all of a large page that includes interrupt addresses",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U04.result_2m_behind", UNIT, "reason=0x87" },
			       { "U04.result_1g_before", UNIT, "reason=0x87" },
			       { "U04.result_1g_behind", UNIT, "reason=0x87" }),
		.section = TOLD("VT-d 3.15; 7.1.3, table 30 (SGN.8.1, 87h)"),
		.says = TOLD(
			"an untranslated request is blocked with reason 87h if its own output address is from FEE00000h to FEEFFFFFh; what else its page has counts for translation "
			"requests alone (SGN.8.2)"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_do_iommu_translate(): holds the whole page that the entry maps against the range"),
		.shown = TOLD(
			"10.0.13, 11.1.3: in every run; by leaves of 4 KiB the same addresses are not refused, and with memory there it is read, U04.result_4k_*"),
		.command = TOLD("make run ARGS=\"T=U04.result*\""),
	},
	{
		.what = "QEMU's VT-d goes by RID_PASID and says that it does not",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(10, 0, 0),
		.shows = SHOWN({ "U06.rid_pasid", UNIT, "new" },
			       { "U02.context_rid_pasid", UNIT,
				 "reason=0x5b: 64-69; reason=0x51: 70-76" }),
		.section = TOLD("VT-d 9.4 (RID_PASID), 11.4.3 (RPS)"),
		.says = TOLD(
			"where ECAP.RPS=0 a request without PASID is translated by PASID 0, and RID_PASID is reserved"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_ce_get_rid2pasid_entry(), vtd_do_iommu_translate(): PCI_NO_PASID becomes VTD_CE_GET_RID2PASID(), and ECAP has RPS=0"),
		.shown = TOLD("10.0.13: in every run; 11.1.3 goes by PASID 0"),
		.command = TOLD("make run QEMU=stable ARGS=\"T=U06.rid_pasid\""),
	},
	{
		.what = "QEMU's VT-d reads PASID directory entries beyond the directory's size",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(10, 0, 0),
		.shows = SHOWN({ "U02.context_rid_pasid_beyond", UNIT, "new: 77-83" }),
		.section = TOLD(
			"VT-d 9.4 (PDTS, RID_PASID); 7.1.3, table 30 (SCT.3, 42h; SCT.4.2, 43h)"),
		.says = TOLD(
			"where ECAP.RPS=0 RID_PASID is reserved, and the reason 42h; elsewhere one that is larger than PDTS supports is reason 43h"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_pdire_from_pdir_table(): the PASID's upper 14 bits are the index, and PDTS is looked at nowhere"),
		.shown = TOLD(
			"10.0.13: in every run; PDTS=0, which is a directory of 1 KiB, and what lies behind it in memory is taken for PASID directory entries"),
		.command = TOLD("make run QEMU=stable ARGS=\"T=U02.context_rid_pasid_beyond\""),
	},
	{
		.what = "QEMU's VT-d records a PASID for requests that have none",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(10, 0, 0),
		.shows = SHOWN({ "U03.untagged", UNIT, "PP=1" }),
		.section = TOLD("VT-d 11.4.7.6 (PP, PV)"),
		.says = TOLD(
			"PP says that the request that faulted had a PASID; a request by RID_PASID has none"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_do_iommu_translate(): pasid is RID_PASID by then, and vtd_report_fault() is told that there is one, whichever it is"),
		.shown = TOLD("10.0.13, RID_PASID 42: in every run; 11.1.3: PP=0"),
		.command = TOLD("make run QEMU=stable ARGS=\"T=U03.untagged\""),
	},
	{
		.what = "QEMU's VT-d completes an invalidation while writes by the old translation are under way",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U07.page", UNIT, "the old frame is written afterwards" },
			       { "U07.pasid", UNIT, "the old frame is written afterwards" }),
		.section = TOLD("VT-d 6.5.4, last rule of draining"),
		.says = TOLD(
			"every PASID-based IOTLB invalidation drains reads and writes of untranslated requests, before the next wait descriptor is complete; a write is drained "
			"when CPUs see it"),
		.cause = TOLD(
			"hw/nvme/ctrl.c, nvme_map_prp() with dma_blk_read(), and system/physmem.c, address_space_map(): host addresses are looked up when a command is "
			"submitted, and used until the medium has answered; vtd_process_inv_desc() in hw/i386/intel_iommu.c neither takes them back nor waits"),
		.shown = TOLD(
			"10.0.13, 11.1.3, nvme with a medium of 20 operations a second: each time; A of the leaf set, leaf changed, wait descriptor "
			"confirmed, and tens of milliseconds later the old page is written"),
		.command = TOLD("make run RUN=\"--engine-devices nvme,late\" ARGS=\"T=U07.*\""),
	},
	{
		.what = "QEMU's VT-d takes reserved translation table modes for the others",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(7, 2, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U06.ttm_2", UNIT, "new" }, { "U06.ttm_3", UNIT, "new" },
			       { "U06.second_ttm_2", UNIT, "new" },
			       { "U06.second_ttm_3", UNIT, "new" }),
		.section = TOLD("VT-d 11.4.5 (TTM); 7.1.3, table 30 (RTA.1.1, RTA.1.2, 30h)"),
		.says = TOLD(
			"TTM 10b is reserved, and 11b, the abort-DMA mode, is invalid where ECAP.ADMS=0: all requests are blocked with reason 30h"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_update_scalable_state(): of TTM bit 10 alone counts, so that 10b is the legacy mode and 11b the scalable one"),
		.shown = TOLD(
			"10.0.13, 11.1.3, and 7.2.22 with aw-bits=48: in every run; reads get through where none may"),
		.command = TOLD("make run ARGS=\"T=U06.ttm*\""),
	},
	{
		.what = "QEMU's VT-d records a reason of the scalable mode for a result in the interrupt address range in legacy mode",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U06.legacy_interrupt_range", UNIT, "reason=0x87" }),
		.section = TOLD("VT-d 7.1.3, table 30 (LGN.4, Eh; SGN.8.1, 87h)"),
		.says = TOLD(
			"where RTADDR.TTM is 00b an output address from FEE00000h to FEEFFFFFh is reason Eh; 87h is of the scalable mode"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_do_iommu_translate(): goes by what the unit can (scalable_mode) and not by RTADDR (root_scalable)"),
		.shown = TOLD("10.0.13, 11.1.3: in every run"),
		.command = TOLD("make run ARGS=\"T=U06.legacy_interrupt_range\""),
	},
	{
		.what = "QEMU's VT-d looks at PGTT of a PASID entry that is not present",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U05.absent_pasid", UNIT,
				 "reason=0x5b, unread reason=0x5b, read reason=0x5b, then old" },
			       { "U05.second_absent_pasid", UNIT,
				 "reason=0x5b, unread reason=0x5b, read reason=0x5b, then old" }),
		.section = TOLD("VT-d 9.6 (P); 7.1.3, table 30 (SPT.2, 59h)"),
		.says = TOLD(
			"where P is 0 hardware ignores all other fields but FPD, and the reason is 59h; 5Bh is of entries that are present"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_get_pe_in_pasid_leaf_table(): tests the type; P is tested behind it, in vtd_get_pe_from_pasid_table()"),
		.shown = TOLD(
			"10.0.13, 11.1.3: in every run, by an entry whose first word is 0; one of which P alone is cleared is 59h, U03.pasid_absent"),
		.command = TOLD("make run ARGS=\"T=U05.absent_pasid\""),
	},
	{
		.what = "QEMU's VT-d does not look at the width of an address that passes through",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(11, 1, 0),
		.last = VERSION(11, 1, 0),
		.shows = SHOWN({ "U03.pass_through_too_wide", UNIT, "nothing" }),
		.section = TOLD("VT-d 7.1.3, table 30 (SGN.4.2, 83h)"),
		.says = TOLD(
			"an untranslated request by a PASID entry with PGTT 100b whose address is above the host address width is blocked with reason 83h"),
		.cause = TOLD(
			"hw/i386/intel_iommu.c, vtd_do_iommu_translate(): by vtd_dev_pt_enabled() the address is its own translation, without a look at it; "
			"vtd_pt_enable_fast_path() then takes the device off its IOMMU"),
		.shown = TOLD(
			"11.1.3, iommu-testdev, HAW 48: in every run a write to 8008080604000h, and FSTS is 0; 10.0 has no device that could show it"),
		.command = TOLD("make run ARGS=\"T=U03.pass*\""),
	},
};
