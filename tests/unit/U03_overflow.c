/* Pure: U03, more faults than there are records. */
#include "tests/unit/rows.h"

static const struct unit_row overflow[] = {
	{ "U03.overflow",
	  "PFO: a fault without a record, and none is recorded until PFO is cleared",
	  UNIT_WRITES | NEED_TWO, NULL },
	{ "U03.second_overflow", "the same, on a unit with second stages",
	  UNIT_SECOND_WRITES | NEED_TWO, NULL },
};
/* A unit may take a fault for the same as one of its requester that nobody has cleared. */
static const struct unit_row compressed[] = {
	{ "U03.compressed",
	  "two faults of one requester: the first is kept, and once it is cleared the next is recorded",
	  UNIT_WRITES, NULL },
	{ "U03.second_compressed", "the same, on a unit with second stages", UNIT_SECOND_WRITES,
	  NULL },
};
UNIT_TABLE(compressed, unit_compressed, "VT-d 7.2.1");
UNIT_TABLE(overflow, unit_overflow, "VT-d 7.2.1, 11.4 Fault Status (PFO, PPF, FRI)");
