/* Pure: U08, pages that may not be written, through every engine that there is. */
#include "tests/unit/rows.h"

#define SECOND_ROW(id, sentence, entry, read)                                                \
	{                                                                                    \
		{ "U08.second_" id, "W=0 in the second-stage " sentence, UNIT_SECOND_WRITES, \
		  NULL },                                                                    \
			entry, read                                                          \
	}
#define ROW(id, sentence, entry, read)                                  \
	{                                                               \
		{ "U08." id, sentence, UNIT_WRITES, NULL }, entry, read \
	}

static const struct read_only_row read_only[] = {
	ROW("pml4e", "R/W=0 in the PML4 entry", UNIT_PML4E, false),
	ROW("pdpte", "R/W=0 in the PDPT entry", UNIT_PDPTE, false),
	ROW("pde", "R/W=0 in the PD entry", UNIT_PDE, false),
	ROW("pte", "R/W=0 in the PT entry", UNIT_PTE, false),
	ROW("pte_read", "R/W=0 in the PT entry, and the IOTLB has it by a read", UNIT_PTE, true),
	ROW("pde_read", "R/W=0 in the PD entry, and the IOTLB has it by a read", UNIT_PDE, true),
	SECOND_ROW("pml4e", "PML4 entry", UNIT_PML4E, false),
	SECOND_ROW("pdpte", "PDPT entry", UNIT_PDPTE, false),
	SECOND_ROW("pde", "PD entry", UNIT_PDE, false),
	SECOND_ROW("pte", "PT entry", UNIT_PTE, false),
	SECOND_ROW("pte_read", "PT entry, and the IOTLB has it by a read", UNIT_PTE, true),
	SECOND_ROW("pde_read", "PD entry, and the IOTLB has it by a read", UNIT_PDE, true),
};
UNIT_TABLE(read_only, unit_read_only, "VT-d 3.6.1, 3.7.1, 7.1.3 (85h)");
