/* Pure: U02, reserved bits of second-stage entries. Left out is bit 2, Execute, which has had more than one meaning. */
#include "iommu/vtd_regs.h"
#include "tests/unit/rows.h"

#define ROW(id, sentence, at, from, to, ...)                                                   \
	{                                                                                      \
		.row = { "U02.second_" id, sentence, UNIT_SECOND_READS, NULL }, .entry = (at), \
		.first = (from), .last = (to), __VA_ARGS__                                     \
	}
#define RESERVED .reason = 0x7a
#define IGNORED  .reason = 0

static const struct reserved_row second_reserved[] = {
	ROW("pml4e_ps", "PS in a second-stage PML4 entry", UNIT_PML4E, 7, 7, RESERVED),
	ROW("pml4e_snp", "bit 11 of a second-stage PML4 entry", UNIT_PML4E, 11, 11, RESERVED),
	ROW("pdpte_snp", "bit 11 of a second-stage PDPT entry", UNIT_PDPTE, 11, 11, RESERVED),
	ROW("pde_snp", "bit 11 of a second-stage PD entry", UNIT_PDE, 11, 11, RESERVED),
	{ .row = { "U02.second_pte_snp",
		   "SNP of a second-stage PT entry, which snooping by PASID entries has made nobody's",
		   UNIT_SECOND_READS,
		   "a manual that says what SNP is in scalable mode without ECAP.SC" },
	  .entry = UNIT_PTE,
	  .first = 11,
	  .last = 11,
	  IGNORED },
	ROW("pml4e_address", "second-stage PML4 entry, beyond physical addresses", UNIT_PML4E,
	    UNIT_ADDRESS_BITS, 51, RESERVED),
	ROW("pdpte_address", "second-stage PDPT entry, beyond physical addresses", UNIT_PDPTE,
	    UNIT_ADDRESS_BITS, 51, RESERVED),
	ROW("pde_address", "second-stage PD entry, beyond physical addresses", UNIT_PDE,
	    UNIT_ADDRESS_BITS, 51, RESERVED),
	ROW("pte_address", "second-stage PT entry, beyond physical addresses", UNIT_PTE,
	    UNIT_ADDRESS_BITS, 51, RESERVED),
	ROW("large_2m", "second-stage leaf of 2 MiB, below its address", UNIT_PDE, 12, 20, RESERVED,
	    .leaf = LEAF_IN_PD),
	ROW("large_1g", "second-stage leaf of 1 GiB, below its address", UNIT_PDPTE, 12, 29,
	    RESERVED, .leaf = LEAF_IN_PDPT),
	ROW("ignored", "ignored: what software may have in a second-stage PT entry", UNIT_PTE, 52,
	    61, IGNORED),
	ROW("ignored_top", "ignored: bit 63 of a second-stage PT entry", UNIT_PTE, 63, 63, IGNORED),
	ROW("ignored_low",
	    "ignored without SSADE and MTS: memory type, A and D of a second-stage PT entry",
	    UNIT_PTE, 3, 10, IGNORED),
	ROW("ignored_pde", "ignored: what software may have in a second-stage PD entry", UNIT_PDE,
	    52, 61, IGNORED),
};
UNIT_TABLE(second_reserved, unit_reserved,
	   "VT-d 9.7, 9.8: second-stage paging entries; 7.1.3 (7Ah)");
