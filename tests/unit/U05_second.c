/* Pure: U05, second-stage entries of each level that come and go. */
#define LEVEL_ID    "U05.second_"
#define LEVEL_BY    "by a second stage, "
#define LEVEL_ALL   "domain"
#define LEVEL_NEEDS UNIT_SECOND_READS
#include "tests/unit/U05_rows.h"

UNIT_TABLE(levels, unit_level, "VT-d 6.2.4, 6.5.2.3");
