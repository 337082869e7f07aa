/* Pure: U03, the PASID of a request that has none. */
#include "tests/unit/rows.h"

static const struct unit_row untagged[] = {
	{ "U03.untagged", "a request without PASID is recorded with PP=0", UNIT_READS, NULL },
};
UNIT_TABLE(untagged, unit_untagged, "VT-d 11.4 Fault Recording (PP)");
