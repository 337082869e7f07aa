/* Pure: U02, reserved bits that the unit must find. Left out is what revisions of the manual have different uses for. */
#include "iommu/vtd_entry.h"
#include "mm/pte.h"
#include "tests/unit/rows.h"

#define ANY(id, sentence, at, from, to, why, ...)                                                 \
	{                                                                                         \
		.row = { "U02." id, sentence, UNIT_READS, NULL }, .entry = (at), .first = (from), \
		.last = (to), .reason = (why), __VA_ARGS__                                        \
	}
#define ROW(id, sentence, at, from, to, why) \
	ANY(id, sentence, at, from, to, why, .leaf = LEAF_IN_PT)
#define UNLESS_ROWS(id, at, from, to, why, cap) \
	ANY(id, "what is reserved without " #cap, at, from, to, why, .unless = (cap))
#define UNLESS_ROW(id, at, bit, why, cap) UNLESS_ROWS(id, at, bit, bit, why, cap)
#define LEAF_ROW(id, sentence, at, from, to, why, in) \
	ANY(id, sentence, at, from, to, why, .leaf = (in))
#define IGNORED 0

static const struct reserved_row reserved[] = {
	ROW("root_low", "root entry, below the table's address", UNIT_ROOT, 1, 11, 0x3a),
	ROW("root_address", "root entry, beyond physical addresses", UNIT_ROOT, UNIT_ADDRESS_BITS,
	    63, 0x3a),
	ROW("context_low", "context entry, between PRE and PDTS", UNIT_CONTEXT, 7, 8, 0x42),
	ROW("context_address", "context entry, beyond physical addresses", UNIT_CONTEXT,
	    UNIT_ADDRESS_BITS, 63, 0x42),
	ROW("context_high", "context entry, second word above RID_PRIV", UNIT_CONTEXT, 85, 127,
	    0x42),
	ROW("context_words", "context entry, third and fourth word", UNIT_CONTEXT, 128, 255, 0x42),
	UNLESS_ROW("context_dte", UNIT_CONTEXT, 2, 0x42, VTD_ECAP_DT),
	UNLESS_ROW("context_paside", UNIT_CONTEXT, 3, 0x42, VTD_ECAP_PASID),
	UNLESS_ROW("context_pre", UNIT_CONTEXT, 4, 0x42, VTD_ECAP_PRS),
	UNLESS_ROW("context_hpte", UNIT_CONTEXT, 5, 0x42, VTD_ECAP_HPTS),
	UNLESS_ROW("context_eptr", UNIT_CONTEXT, 6, 0x42, VTD_ECAP_PTRS),
	UNLESS_ROWS("context_rid_pasid", UNIT_CONTEXT, 64, 76, 0x42, VTD_ECAP_RPS),
	ANY("context_rid_pasid_beyond", "RID_PASID beyond the PASID directory (PDTS)", UNIT_CONTEXT,
	    UNIT_PDTS_BITS, 83, 0x42, .unless = VTD_ECAP_RPS, .used = 0x43),
	UNLESS_ROW("context_rid_priv", UNIT_CONTEXT, 84, 0x42, VTD_ECAP_RPRIVS),
	ROW("pasid_dir_low", "PASID directory entry, below the table's address", UNIT_PASID_DIR, 2,
	    11, 0x52),
	ROW("pasid_dir_address", "PASID directory entry, beyond physical addresses", UNIT_PASID_DIR,
	    UNIT_ADDRESS_BITS, 63, 0x52),
	ROW("pasid_low", "PASID entry, above SSADE", UNIT_PASID, 10, 11, 0x5a),
	ROW("pasid_5", "PASID entry, between AW and PGTT", UNIT_PASID, 5, 5, 0x5a),
	UNLESS_ROW("pasid_ssade", UNIT_PASID, 9, 0x5a, VTD_ECAP_SSADS),
	/* As far as every machine has physical addresses. */
	UNLESS_ROWS("pasid_ssptptr", UNIT_PASID, 12, 31, 0x5a, VTD_ECAP_SSTS),
	UNLESS_ROW("pasid_pwsnp", UNIT_PASID, 87, 0x5a, VTD_ECAP_SMPWCS),
	UNLESS_ROW("pasid_pgsnp", UNIT_PASID, 88, 0x5a, VTD_ECAP_SC),
	UNLESS_ROWS("pasid_cd_emte", UNIT_PASID, 89, 90, 0x5a, VTD_ECAP_MTS),
	UNLESS_ROWS("pasid_pat", UNIT_PASID, 96, 127, 0x5a, VTD_ECAP_MTS),
	UNLESS_ROW("pasid_sre", UNIT_PASID, 128, 0x5a, VTD_ECAP_SRS),
	UNLESS_ROW("pasid_ere", UNIT_PASID, 129, 0x5a, VTD_ECAP_ERS),
	UNLESS_ROW("pasid_eafe", UNIT_PASID, 135, 0x5a, VTD_ECAP_EAFS),
	ROW("pasid_address", "PASID entry, SSPTPTR beyond physical addresses", UNIT_PASID,
	    UNIT_ADDRESS_BITS, 63, 0x5a),
	ROW("pasid_did", "PASID entry, domain ids wider than the unit's (CAP.ND)", UNIT_PASID,
	    UNIT_DID_BITS, 79, 0x5a),
	ROW("pasid_second", "PASID entry, between the domain id and PWSNP", UNIT_PASID, 80, 86,
	    0x5a),
	ROW("pasid_second_high", "PASID entry, between EMTE and PAT", UNIT_PASID, 91, 95, 0x5a),
	ROW("pasid_third", "PASID entry, between EAFE and FSPTPTR", UNIT_PASID, 136, 139, 0x5a),
	ROW("pasid_fourth", "PASID entry, fourth word", UNIT_PASID, 192, 255, 0x5a),
	UNLESS_ROWS("pasid_hpt", UNIT_PASID, 256, 335, 0x5a, VTD_ECAP_HPTS),
	ROW("pasid_words", "PASID entry, the last three words", UNIT_PASID, 336, 511, 0x5a),
	ROW("pasid_ignored", "ignored: what was NXE of a PASID entry, and the bit above",
	    UNIT_PASID, 133, 134, IGNORED),
	ROW("pml4e_ps", "PS in a PML4 entry", UNIT_PML4E, 7, 7, 0x72),
	ROW("pml4e_address", "PML4 entry, beyond physical addresses", UNIT_PML4E, UNIT_ADDRESS_BITS,
	    51, 0x72),
	ROW("pdpte_address", "PDPT entry, beyond physical addresses", UNIT_PDPTE, UNIT_ADDRESS_BITS,
	    51, 0x72),
	ROW("pde_address", "PD entry, beyond physical addresses", UNIT_PDE, UNIT_ADDRESS_BITS, 51,
	    0x72),
	ROW("pte_address", "PT entry, beyond physical addresses", UNIT_PTE, UNIT_ADDRESS_BITS, 51,
	    0x72),
	ANY("pdpte_ps", "PS in a PDPT entry, where there are no pages of 1 GiB", UNIT_PDPTE, 7, 7,
	    0x72, .unless_pages = PG_1G),
	LEAF_ROW("large_2m_address", "leaf of 2 MiB, beyond physical addresses", UNIT_PDE,
		 UNIT_ADDRESS_BITS, 51, 0x72, LEAF_IN_PD),
	LEAF_ROW("large_1g_address", "leaf of 1 GiB, beyond physical addresses", UNIT_PDPTE,
		 UNIT_ADDRESS_BITS, 51, 0x72, LEAF_IN_PDPT),
	LEAF_ROW("large_2m", "leaf of 2 MiB, below its address", UNIT_PDE, 13, 20, 0x72,
		 LEAF_IN_PD),
	LEAF_ROW("large_1g", "leaf of 1 GiB, below its address", UNIT_PDPTE, 13, 29, 0x72,
		 LEAF_IN_PDPT),
	/* Manuals before 5.0 have the field, and do not say whether bit 63 is reserved without it. */
	{ .row = { "U02.pte_nxe", "ignored: bit 63 of a PT entry, with NXE=0", UNIT_READS,
		   "a manual that says that NXE=0 makes bit 63 reserved" },
	  .entry = UNIT_PTE,
	  .first = 63,
	  .last = 63,
	  .reason = IGNORED,
	  .nxe_0 = true },
	ROW("pte_ignored", "ignored: what software may have in a PT entry", UNIT_PTE, 52, 62,
	    IGNORED),
	ROW("pte_ignored_low", "ignored: G and bits 9 to 11 of a PT entry", UNIT_PTE, 8, 11,
	    IGNORED),
	ROW("pde_ignored", "ignored: what software may have in a PD entry", UNIT_PDE, 52, 62,
	    IGNORED),
	ROW("pde_ignored_low", "ignored: bits 8 to 11 of a PD entry", UNIT_PDE, 8, 11, IGNORED),
	ROW("pdpte_ignored", "ignored: what software may have in a PDPT entry", UNIT_PDPTE, 52, 62,
	    IGNORED),
	ROW("pdpte_ignored_low", "ignored: bits 8 to 11 of a PDPT entry", UNIT_PDPTE, 8, 11,
	    IGNORED),
	ROW("pml4e_ignored", "ignored: what software may have in a PML4 entry", UNIT_PML4E, 52, 62,
	    IGNORED),
	ROW("pml4e_ignored_low", "ignored: bits 8 to 11 of a PML4 entry", UNIT_PML4E, 8, 11,
	    IGNORED),
};
UNIT_TABLE(reserved, unit_reserved, "VT-d 9.1 to 9.8");
