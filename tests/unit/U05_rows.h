#pragma once
#include "tests/unit/rows.h"

/*
 * U05, entries of each level that come and go. Before it is included: LEVEL_ID, what all names begin with, LEVEL_BY, sentences,
 * LEVEL_NEEDS, and LEVEL_ALL, what is invalidated as a whole.
 */
#define ONE(id, name, at, what, is, by)                                                            \
	{                                                                                          \
		.row = { LEVEL_ID id, LEVEL_BY "a " name what, LEVEL_NEEDS, NULL }, .entry = (at), \
		.replaced = (is), .how = (by)                                                      \
	}
#define LEVEL(id, name, at)                                                                    \
	ONE("absent_" id, name, at, " cleared, a page invalidated, and it is put back", false, \
	    BY_PAGE),                                                                          \
		ONE("absent_all_" id, name, at,                                                \
		    " cleared, the " LEVEL_ALL " invalidated, and it is put back", false,      \
		    BY_PASID),                                                                 \
		ONE("replaced_" id, name, at, " replaced, a page invalidated", true, BY_PAGE), \
		ONE("replaced_all_" id, name, at, " replaced, the " LEVEL_ALL " invalidated",  \
		    true, BY_PASID)
/* U06 has other PASID entries, which the first of their words does not tell. */
#define ABOVE(id, name, at)                                                                        \
	ONE("absent_" id, name, at, " cleared, all that it leads to invalidated", false,           \
	    BY_TABLE_28),                                                                          \
		ONE("replaced_" id, name, at, " replaced, all that it leads to invalidated", true, \
		    BY_TABLE_28)

static const struct level_row levels[] = {
	ABOVE("root", "root entry", UNIT_ROOT),
	ABOVE("context", "context entry", UNIT_CONTEXT),
	ABOVE("pasid_dir", "PASID directory entry", UNIT_PASID_DIR),
	ONE("absent_pasid", "PASID entry", UNIT_PASID, " cleared, and it is put back", false,
	    BY_TABLE_28),
	LEVEL("pml4e", "PML4 entry", UNIT_PML4E),
	LEVEL("pdpte", "PDPT entry", UNIT_PDPTE),
	LEVEL("pde", "PD entry", UNIT_PDE),
	LEVEL("pte", "PT entry", UNIT_PTE),
};
