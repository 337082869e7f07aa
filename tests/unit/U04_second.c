/* Pure: U04, second-stage pages of every size, at their ends, beside them, and around the addresses that mean interrupts. */
#define LARGE_ID     "U04.second_"
#define LARGE_BY     "by a second stage, "
#define LARGE_READS  UNIT_SECOND_READS
#define LARGE_WRITES UNIT_SECOND_WRITES
#define LARGE_ABSENT NO_RIGHTS
#include "tests/unit/U04_rows.h"

static const struct large_row larges[] = { LARGE_ROWS };
UNIT_TABLE(larges, unit_large, "VT-d 3.7, 3.15, 7.1.3 (79h, 87h)");
