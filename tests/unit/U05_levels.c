/* Pure: U05, entries of each level that come and go. */
#define LEVEL_ID    "U05."
#define LEVEL_BY    ""
#define LEVEL_ALL   "PASID"
#define LEVEL_NEEDS UNIT_READS
#include "tests/unit/U05_rows.h"

UNIT_TABLE(levels, unit_level, "VT-d 6.2.4, 6.5.2.4, 6.5.3.3 (table 28), 6.1");
