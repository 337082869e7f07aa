/* Pure: U03, what a second stage refuses, and PASID entries for it that are wrong. */
#include "iommu/vtd_entry.h"
#include "iommu/vtd_second.h"
#include "mm/pte.h"
#include "tests/unit/rows.h"

#define READ(id, sentence, at, f, to, why, ...)                                                \
	{                                                                                      \
		.row = { "U03.second_" id, sentence, UNIT_SECOND_READS, NULL }, .entry = (at), \
		.field = (f), .value = (to), .access = VTD_READ, .reason = (why), __VA_ARGS__  \
	}
#define WRITE(id, sentence, at, f, to, why, ...)                                                \
	{                                                                                       \
		.row = { "U03.second_" id, sentence, UNIT_SECOND_WRITES, NULL }, .entry = (at), \
		.field = (f), .value = (to), .access = VTD_WRITE, .reason = (why), __VA_ARGS__  \
	}
/* R and W. */
enum { RIGHTS = FIELD(1, 0) };
#define LEVEL(id, name, at)                                                                        \
	READ(id "_absent", "R=W=0 in a second-stage " name, at, RIGHTS, 0, NO_RIGHTS, .va = 0),    \
		READ(id "_no_read", "R=0 in a second-stage " name ", for a read", at, VTD_SS_R, 0, \
		     NO_READ, .va = 0),                                                            \
		WRITE(id "_no_write", "W=0 in a second-stage " name ", for a write", at, VTD_SS_W, \
		      0, NO_WRITE, .va = 0),                                                       \
		READ(id "_read_only", "W=0 in a second-stage " name ", for a read", at, VTD_SS_W,  \
		     0, 0, .lands = true),                                                         \
		WRITE(id "_write_only", "R=0 in a second-stage " name ", for a write", at,         \
		      VTD_SS_R, 0, 0, .lands = true)
#define HOLE(id, sentence, at, f, why) READ(id, sentence, at, f, UNIT_HOLE >> 12, why, .va = 0)

static const struct fault_row second_faults[] = {
	LEVEL("pml4e", "PML4 entry", UNIT_PML4E),
	LEVEL("pdpte", "PDPT entry", UNIT_PDPTE),
	LEVEL("pde", "PD entry", UNIT_PDE),
	LEVEL("pte", "PT entry", UNIT_PTE),
	READ("pte_zero", "a second-stage PT entry of 0", UNIT_PTE, FIELD(63, 0), 0, NO_RIGHTS,
	     .va = 0),
	/* Reserved bits of an entry that is not present are no fault of their own. */
	READ("pte_all_but_rights", "a second-stage PT entry with every bit but R, W and X",
	     UNIT_PTE, FIELD(63, 0), ~7ull, NO_RIGHTS, .va = 0),
	READ("too_wide", "an address of 49 bits, by tables of four levels", UNIT_PTE, UNIT_NO_FIELD,
	     0, 0x84, .va = UNIT_VA | 1ull << 48),
	WRITE("too_wide_write", "a write to an address of 49 bits, by tables of four levels",
	      UNIT_PTE, UNIT_NO_FIELD, 0, 0x84, .va = UNIT_VA | 1ull << 48),
	READ("interrupt_range", "the result by a second stage is in the interrupt address range",
	     UNIT_PTE, PTE_ADDRESS, 0xfee00, 0x87, .va = 0),
	HOLE("pml4_unreachable", "a second-stage PML4 table where no memory is", UNIT_PASID,
	     VTD_PASID_SSPTPTR, 0x7b),
	HOLE("pdpt_unreachable", "a second-stage PDPT where no memory is", UNIT_PML4E, PTE_ADDRESS,
	     0x78),
	HOLE("pd_unreachable", "a second-stage page directory where no memory is", UNIT_PDPTE,
	     PTE_ADDRESS, 0x78),
	HOLE("pt_unreachable", "a second-stage page table where no memory is", UNIT_PDE,
	     PTE_ADDRESS, 0x78),
	READ("aw_0", "AW 0: two levels, which no unit has", UNIT_PASID, VTD_PASID_AW, 0, 0x5b,
	     .va = 0),
	READ("aw_7", "AW 7 is reserved", UNIT_PASID, VTD_PASID_AW, 7, 0x5b, .va = 0),
	READ("type_0", "PGTT 0 is reserved, where there is a second stage", UNIT_PASID,
	     VTD_PASID_PGTT, 0, 0x5b, .va = 0),
	READ("type_first", "PGTT 1 without first-stage translation", UNIT_PASID, VTD_PASID_PGTT,
	     VTD_FIRST_STAGE, 0x5b, .unless = VTD_ECAP_FSTS),
	READ("type_nested", "PGTT 3 without nested translation", UNIT_PASID, VTD_PASID_PGTT,
	     VTD_NESTED, 0x5b, .unless = VTD_ECAP_NEST),
	READ("type_7", "PGTT 7 is reserved, where there is a second stage", UNIT_PASID,
	     VTD_PASID_PGTT, 7, 0x5b, .va = 0),
	READ("fpd", "no second-stage PT entry, and FPD=1 in the PASID entry", UNIT_PASID,
	     VTD_PASID_FPD, 1, 0, .va = UNIT_VA + 0x7000),
};
UNIT_TABLE(second_faults, unit_fault, "VT-d 3.7, 7.1.3, 9.6");
