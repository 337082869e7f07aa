/* Pure: U03, what a refused access is recorded as. */
#include "iommu/vtd_entry.h"
#include "mm/pte.h"
#include "tests/unit/rows.h"

#define ANY(id, sentence, needs, at, f, to, what, why, ...)                               \
	{                                                                                 \
		.row = { "U03." id, sentence, needs, NULL }, .entry = (at), .field = (f), \
		.value = (to), .access = (what), .reason = (why), __VA_ARGS__             \
	}
#define ROW(id, sentence, at, f, to, why) \
	ANY(id, sentence, UNIT_READS, at, f, to, VTD_READ, why, .va = 0)
#define WRITE_ROW(id, sentence, at, f, to, why) \
	ANY(id, sentence, UNIT_WRITES, at, f, to, VTD_WRITE, why, .va = 0)
#define ADDRESS_ROW(id, sentence, needs, what, address) \
	ANY(id, sentence, needs, UNIT_PTE, UNIT_NO_FIELD, 0, what, 0x80, .va = (address))
/* Far above all RAM. */
#define HOLE_ROW(id, sentence, at, f, why) ROW(id, sentence, at, f, UNIT_HOLE >> 12, why)
/* The page is not mapped. */
#define FPD_ROW(id, sentence, at, f) \
	ANY(id, sentence, UNIT_READS, at, f, 1, VTD_READ, 0, .va = UNIT_VA + 0x7000)
#define PASS_ROW(id, sentence, address, why)                                       \
	ANY(id, sentence, UNIT_WRITES | NEED_NO_RINGS, UNIT_PASID, VTD_PASID_PGTT, \
	    VTD_PASS_THROUGH, VTD_WRITE, why, .va = (address), .passes = true)
#define RESERVED_AW(id, to)                                                                        \
	ANY(id, "AW=" #to " where there is no second stage", UNIT_READS, UNIT_PASID, VTD_PASID_AW, \
	    to, VTD_READ, 0x5a, .unless = VTD_ECAP_SSTS)

/* P and FPD of an entry. */
enum {
	P_AND_FPD = FIELD(1, 0),
	FPD_ALONE = 2,
};

static const struct fault_row faults[] = {
	ROW("root_absent", "no context table for this half of the bus", UNIT_ROOT, VTD_ROOT_LP, 0,
	    0x39),
	ROW("context_absent", "no context entry", UNIT_CONTEXT, VTD_CTX_P, 0, 0x41),
	ROW("pasid_dir_absent", "no PASID table", UNIT_PASID_DIR, VTD_PDIR_P, 0, 0x51),
	ROW("pasid_absent", "no PASID entry", UNIT_PASID, VTD_PASID_P, 0, 0x59),
	ROW("pasid_type_0", "PGTT 0 is reserved", UNIT_PASID, VTD_PASID_PGTT, 0, 0x5b),
	ROW("pasid_type_5", "PGTT 5 is reserved", UNIT_PASID, VTD_PASID_PGTT, 5, 0x5b),
	ROW("pasid_type_7", "PGTT 7 is reserved", UNIT_PASID, VTD_PASID_PGTT, 7, 0x5b),
	ANY("pasid_aw_0", "AW=0 with a first stage alone: it is the second stage's",
	    UNIT_WRITES | NEED_NO_RINGS, UNIT_PASID, VTD_PASID_AW, 0, VTD_WRITE, 0, .lands = true),
	ROW("pasid_fspm_2", "FSPM 2 is reserved", UNIT_PASID, VTD_PASID_FSPM, 2, 0x5b),
	ROW("pasid_fspm_3", "FSPM 3 is reserved", UNIT_PASID, VTD_PASID_FSPM, 3, 0x5b),
	/* Without page requests at all PRE is a reserved bit. */
	ANY("context_pre_alone", "PRE=1 where DTE=0", UNIT_READS, UNIT_CONTEXT, VTD_CTX_PRE, 1,
	    VTD_READ, 0x43, .other = 0x42),
	/* Without PASIDs in translated requests at all EPTR is a reserved bit. */
	ANY("context_eptr_alone", "EPTR=1 where PASIDE=0", UNIT_READS, UNIT_CONTEXT, FIELD(6, 6), 1,
	    VTD_READ, 0x43, .other = 0x42),
	RESERVED_AW("pasid_aw_2", 2),
	RESERVED_AW("pasid_aw_3", 3),
	ROW("pml4e_absent", "no PML4 entry", UNIT_PML4E, PTE_P, 0, 0x71),
	ROW("pdpte_absent", "no PDPT entry", UNIT_PDPTE, PTE_P, 0, 0x71),
	ROW("pde_absent", "no PD entry", UNIT_PDE, PTE_P, 0, 0x71),
	ROW("pte_absent", "no PT entry", UNIT_PTE, PTE_P, 0, 0x71),
	ROW("pte_zero", "a PT entry of 0", UNIT_PTE, FIELD(63, 0), 0, 0x71),
	ROW("pte_all_but_p", "a PT entry with every bit but P", UNIT_PTE, FIELD(63, 0), ~1ull,
	    0x71),
	WRITE_ROW("pte_absent_write", "no PT entry, for a write", UNIT_PTE, PTE_P, 0, 0x71),
	ROW("pml4e_supervisor", "U/S=0 in the PML4 entry", UNIT_PML4E, PTE_US, 0, 0x81),
	ROW("pdpte_supervisor", "U/S=0 in the PDPT entry", UNIT_PDPTE, PTE_US, 0, 0x81),
	ROW("pde_supervisor", "U/S=0 in the PD entry", UNIT_PDE, PTE_US, 0, 0x81),
	ROW("pte_supervisor", "U/S=0 in the PT entry", UNIT_PTE, PTE_US, 0, 0x81),
	WRITE_ROW("pte_supervisor_write", "U/S=0 in the PT entry, for a write", UNIT_PTE, PTE_US, 0,
		  0x81),
	WRITE_ROW("pml4e_read_only", "R/W=0 in the PML4 entry", UNIT_PML4E, PTE_RW, 0, 0x85),
	WRITE_ROW("pdpte_read_only", "R/W=0 in the PDPT entry", UNIT_PDPTE, PTE_RW, 0, 0x85),
	WRITE_ROW("pde_read_only", "R/W=0 in the PD entry", UNIT_PDE, PTE_RW, 0, 0x85),
	WRITE_ROW("pte_read_only", "R/W=0 in the PT entry", UNIT_PTE, PTE_RW, 0, 0x85),
	ADDRESS_ROW("not_canonical", "bit 63 of an address is not bit 47", UNIT_READS, VTD_READ,
		    UNIT_VA | 1ull << 63),
	ADDRESS_ROW("not_canonical_47", "bit 47 of an address is not those above it", UNIT_READS,
		    VTD_READ, UNIT_VA | 1ull << 47),
	ADDRESS_ROW("not_canonical_write", "a write to an address that is not canonical",
		    UNIT_WRITES, VTD_WRITE, UNIT_VA | 1ull << 63),
	PASS_ROW("pass_through_too_wide", "an address of 52 bits, passed through",
		 UNIT_VA | 1ull << 51, 0x83),
	ROW("interrupt_range", "the result is in the interrupt address range", UNIT_PTE,
	    PTE_ADDRESS, 0xfee00, 0x87),
	WRITE_ROW("interrupt_range_write",
		  "the result of a write is in the interrupt address range", UNIT_PTE, PTE_ADDRESS,
		  0xfee00, 0x87),
	HOLE_ROW("context_unreachable", "a context table where no memory is", UNIT_ROOT,
		 VTD_ROOT_LCTP, 0x40),
	HOLE_ROW("pasid_dir_unreachable", "a PASID directory where no memory is", UNIT_CONTEXT,
		 VTD_CTX_PASIDDIRPTR, 0x50),
	HOLE_ROW("pasid_unreachable", "a PASID table where no memory is", UNIT_PASID_DIR,
		 VTD_PDIR_SMPTBLPTR, 0x58),
	HOLE_ROW("pml4_unreachable", "a PML4 table where no memory is", UNIT_PASID,
		 VTD_PASID_FSPTPTR, 0x73),
	HOLE_ROW("pdpt_unreachable", "a PDPT where no memory is", UNIT_PML4E, PTE_ADDRESS, 0x70),
	HOLE_ROW("pd_unreachable", "a page directory where no memory is", UNIT_PDPTE, PTE_ADDRESS,
		 0x70),
	HOLE_ROW("pt_unreachable", "a page table where no memory is", UNIT_PDE, PTE_ADDRESS, 0x70),
	ROW("context_absent_fpd", "no context entry, and it has FPD=1: nothing is recorded",
	    UNIT_CONTEXT, P_AND_FPD, FPD_ALONE, 0),
	FPD_ROW("context_fpd", "no PT entry, and FPD=1 in the context entry", UNIT_CONTEXT,
		VTD_CTX_FPD),
	FPD_ROW("pasid_dir_fpd", "no PT entry, and FPD=1 in the PASID directory entry",
		UNIT_PASID_DIR, VTD_PDIR_FPD),
	FPD_ROW("pasid_fpd", "no PT entry, and FPD=1 in the PASID entry", UNIT_PASID,
		VTD_PASID_FPD),
};
UNIT_TABLE(faults, unit_fault, "VT-d 7.1.3, 11.4 Fault Recording");
