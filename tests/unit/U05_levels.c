/* Pure: U05, entries of each level that come and go. */
#include "tests/unit/rows.h"

#define LEVEL(id, name, entry)                                                                   \
	{ { "U05.absent_" id, "a " name " cleared, a page invalidated, and it is put back",      \
	    UNIT_READS, NULL },                                                                  \
	  entry,                                                                                 \
	  false,                                                                                 \
	  BY_PAGE },                                                                             \
		{ { "U05.absent_all_" id,                                                        \
		    "a " name " cleared, the PASID invalidated, and it is put back", UNIT_READS, \
		    NULL },                                                                      \
		  entry,                                                                         \
		  false,                                                                         \
		  BY_PASID },                                                                    \
		{ { "U05.replaced_" id, "a " name " replaced, a page invalidated", UNIT_READS,   \
		    NULL },                                                                      \
		  entry,                                                                         \
		  true,                                                                          \
		  BY_PAGE },                                                                     \
	{                                                                                        \
		{ "U05.replaced_all_" id, "a " name " replaced, the PASID invalidated",          \
		  UNIT_READS, NULL },                                                            \
			entry, true, BY_PASID                                                    \
	}

static const struct level_row levels[] = {
	LEVEL("pml4e", "PML4 entry", UNIT_PML4E),
	LEVEL("pdpte", "PDPT entry", UNIT_PDPTE),
	LEVEL("pde", "PD entry", UNIT_PDE),
	LEVEL("pte", "PT entry", UNIT_PTE),
};
UNIT_TABLE(levels, unit_level, "VT-d 6.2.4, 6.5.2.4, 6.1");
