/* Pure: U02, reserved bits of second-stage entries. */
#include "iommu/vtd_regs.h"
#include "mm/pte.h"
#include "tests/unit/rows.h"

#define ROW(id, sentence, at, from, to, ...)                                                   \
	{                                                                                      \
		.row = { "U02.second_" id, sentence, UNIT_SECOND_READS, NULL }, .entry = (at), \
		.first = (from), .last = (to), __VA_ARGS__                                     \
	}
#define RESERVED .reason = 0x7a
#define IGNORED  .reason = 0
/*
 * Bit 2 was Execute where ECAP has ERS, and is ignored. Bit 62 was Transient Mapping in leaves of a unit with ECAP.DT before
 * revision 3.2, and is I/O Write since 5.0, where that is enabled (9.8).
 */
#define BIT_2(id, name, at, ...)                                                             \
	ROW("ignored_x_" id, "ignored without ERS: bit 2 of a second-stage " name, at, 2, 2, \
	    IGNORED, .unless = VTD_ECAP_ERS, __VA_ARGS__)
#define BIT_62(id, name, at, ...) \
	ROW("62_" id, "bit 62 of a second-stage " name, at, 62, 62, RESERVED, __VA_ARGS__)

#define SNP(id, name, at, in)                                                             \
	ROW(id "_snp", "SNP of a second-stage " name, at, 11, 11, RESERVED, .leaf = (in), \
	    .unless = VTD_ECAP_SC)
#define WITHOUT_FIRST(id, sentence, from, to)                                                   \
	ROW("pasid_" id, sentence " of a PASID entry, without a first stage", UNIT_PASID, from, \
	    to, .reason = 0x5a, .unless = VTD_ECAP_FSTS)

static const struct reserved_row second_reserved[] = {
	ROW("pml4e_ps", "PS in a second-stage PML4 entry", UNIT_PML4E, 7, 7, RESERVED),
	ROW("pml4e_snp", "bit 11 of a second-stage PML4 entry", UNIT_PML4E, 11, 11, RESERVED),
	ROW("pdpte_snp", "bit 11 of a second-stage PDPT entry", UNIT_PDPTE, 11, 11, RESERVED),
	ROW("pde_snp", "bit 11 of a second-stage PD entry", UNIT_PDE, 11, 11, RESERVED),
	SNP("pte", "PT entry", UNIT_PTE, LEAF_IN_PT),
	SNP("2m", "leaf of 2 MiB", UNIT_PDE, LEAF_IN_PD),
	SNP("1g", "leaf of 1 GiB", UNIT_PDPTE, LEAF_IN_PDPT),
	ROW("pml4e_address", "second-stage PML4 entry, beyond physical addresses", UNIT_PML4E,
	    UNIT_ADDRESS_BITS, 51, RESERVED),
	ROW("pdpte_address", "second-stage PDPT entry, beyond physical addresses", UNIT_PDPTE,
	    UNIT_ADDRESS_BITS, 51, RESERVED),
	ROW("pde_address", "second-stage PD entry, beyond physical addresses", UNIT_PDE,
	    UNIT_ADDRESS_BITS, 51, RESERVED),
	ROW("pte_address", "second-stage PT entry, beyond physical addresses", UNIT_PTE,
	    UNIT_ADDRESS_BITS, 51, RESERVED),
	ROW("large_2m_address", "second-stage leaf of 2 MiB, beyond physical addresses", UNIT_PDE,
	    UNIT_ADDRESS_BITS, 51, RESERVED, .leaf = LEAF_IN_PD),
	ROW("large_1g_address", "second-stage leaf of 1 GiB, beyond physical addresses", UNIT_PDPTE,
	    UNIT_ADDRESS_BITS, 51, RESERVED, .leaf = LEAF_IN_PDPT),
	ROW("pde_ps", "PS in a second-stage PD entry, where there are no pages of 2 MiB", UNIT_PDE,
	    7, 7, RESERVED, .unless_pages = PG_2M),
	ROW("pdpte_ps", "PS in a second-stage PDPT entry, where there are no pages of 1 GiB",
	    UNIT_PDPTE, 7, 7, RESERVED, .unless_pages = PG_1G),
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
	WITHOUT_FIRST("fspm", "FSPM", 130, 131),
	WITHOUT_FIRST("wpe", "WPE", 132, 132),
	/* As far as every machine has physical addresses. */
	WITHOUT_FIRST("fsptptr", "FSPTPTR", 140, 159),
	BIT_2("pml4e", "PML4 entry", UNIT_PML4E, .leaf = LEAF_IN_PT),
	BIT_2("pdpte", "PDPT entry", UNIT_PDPTE, .leaf = LEAF_IN_PT),
	BIT_2("pde", "PD entry", UNIT_PDE, .leaf = LEAF_IN_PT),
	BIT_2("pte", "PT entry", UNIT_PTE, .leaf = LEAF_IN_PT),
	BIT_2("2m", "leaf of 2 MiB", UNIT_PDE, .leaf = LEAF_IN_PD),
	BIT_2("1g", "leaf of 1 GiB", UNIT_PDPTE, .leaf = LEAF_IN_PDPT),
	BIT_62("pml4e", "PML4 entry", UNIT_PML4E, .unless = 0),
	BIT_62("pdpte", "PDPT entry", UNIT_PDPTE, .unless = 0),
	BIT_62("pde", "PD entry", UNIT_PDE, .unless = 0),
	BIT_62("pte", "PT entry", UNIT_PTE, .unless = VTD_ECAP_DT),
	BIT_62("2m", "leaf of 2 MiB", UNIT_PDE, .leaf = LEAF_IN_PD, .unless = VTD_ECAP_DT),
	BIT_62("1g", "leaf of 1 GiB", UNIT_PDPTE, .leaf = LEAF_IN_PDPT, .unless = VTD_ECAP_DT),
	ROW("ignored_pde", "ignored: what software may have in a second-stage PD entry", UNIT_PDE,
	    52, 61, IGNORED),
};
UNIT_TABLE(second_reserved, unit_reserved, "VT-d 9.8: second-stage paging entries; 7.1.3 (7Ah)");
