/* Pure: U02, reserved bits that the unit must find. Left out is what revisions of the manual have different uses for. */
#include "iommu/vtd_entry.h"
#include "tests/unit/rows.h"

#define ROW(id, sentence, entry, first, last, why)                                                 \
	{                                                                                          \
		{ "U02." id, sentence, UNIT_READS, NULL }, entry, first, last, why, 0, LEAF_IN_PT, \
			false                                                                      \
	}
#define UNLESS_ROWS(id, entry, first, last, why, cap)                                            \
	{                                                                                        \
		{ "U02." id, "what is reserved without " #cap, UNIT_READS, NULL }, entry, first, \
			last, why, cap, LEAF_IN_PT, false                                        \
	}
#define UNLESS_ROW(id, entry, bit, why, cap) UNLESS_ROWS(id, entry, bit, bit, why, cap)
#define LEAF_ROW(id, sentence, entry, first, last, why, leaf)                                      \
	{                                                                                          \
		{ "U02." id, sentence, UNIT_READS, NULL }, entry, first, last, why, 0, leaf, false \
	}

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
	/* Those above lead beyond the PASID directory where RID_PASID counts all the same. */
	UNLESS_ROWS("context_rid_pasid", UNIT_CONTEXT, 64, 76, 0x42, VTD_ECAP_RPS),
	UNLESS_ROW("context_rid_priv", UNIT_CONTEXT, 84, 0x42, VTD_ECAP_RPRIVS),
	ROW("pasid_dir_low", "PASID directory entry, below the table's address", UNIT_PASID_DIR, 2,
	    11, 0x52),
	ROW("pasid_dir_address", "PASID directory entry, beyond physical addresses", UNIT_PASID_DIR,
	    UNIT_ADDRESS_BITS, 63, 0x52),
	ROW("pasid_low", "PASID entry, above SSADE", UNIT_PASID, 10, 11, 0x5a),
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
	ROW("pasid_second", "PASID entry, between the domain id and PWSNP", UNIT_PASID, 80, 86,
	    0x5a),
	ROW("pasid_second_high", "PASID entry, between EMTE and PAT", UNIT_PASID, 91, 95, 0x5a),
	ROW("pasid_third", "PASID entry, between EAFE and FSPTPTR", UNIT_PASID, 136, 139, 0x5a),
	ROW("pasid_fourth", "PASID entry, fourth word", UNIT_PASID, 192, 255, 0x5a),
	UNLESS_ROWS("pasid_hpt", UNIT_PASID, 256, 335, 0x5a, VTD_ECAP_HPTS),
	ROW("pasid_words", "PASID entry, the last three words", UNIT_PASID, 336, 511, 0x5a),
	ROW("pml4e_ps", "PS in a PML4 entry", UNIT_PML4E, 7, 7, 0x72),
	ROW("pml4e_address", "PML4 entry, beyond physical addresses", UNIT_PML4E, UNIT_ADDRESS_BITS,
	    51, 0x72),
	ROW("pdpte_address", "PDPT entry, beyond physical addresses", UNIT_PDPTE, UNIT_ADDRESS_BITS,
	    51, 0x72),
	ROW("pde_address", "PD entry, beyond physical addresses", UNIT_PDE, UNIT_ADDRESS_BITS, 51,
	    0x72),
	ROW("pte_address", "PT entry, beyond physical addresses", UNIT_PTE, UNIT_ADDRESS_BITS, 51,
	    0x72),
	LEAF_ROW("large_2m", "leaf of 2 MiB, below its address", UNIT_PDE, 13, 20, 0x72,
		 LEAF_IN_PD),
	LEAF_ROW("large_1g", "leaf of 1 GiB, below its address", UNIT_PDPTE, 13, 29, 0x72,
		 LEAF_IN_PDPT),
	{ { "U02.pte_nxe", "bit 63 of a PT entry, with NXE=0", UNIT_READS,
	    "a manual that says that NXE=0 makes bit 63 reserved" },
	  UNIT_PTE,
	  63,
	  63,
	  0x72,
	  0,
	  LEAF_IN_PT,
	  true },
	ROW("pte_ignored", "ignored: what software may have in a PT entry", UNIT_PTE, 52, 62, 0),
	ROW("pte_ignored_low", "ignored: G and bits 9 to 11 of a PT entry", UNIT_PTE, 8, 11, 0),
	ROW("pde_ignored", "ignored: what software may have in a PD entry", UNIT_PDE, 52, 62, 0),
};
UNIT_TABLE(reserved, unit_reserved, "VT-d 9.1 to 9.8");
