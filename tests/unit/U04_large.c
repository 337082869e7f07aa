/* Pure: U04, pages of every size, at their ends, beside them, and around the addresses that mean interrupts. */
#define LARGE_ID     "U04."
#define LARGE_BY     ""
#define LARGE_READS  UNIT_READS
#define LARGE_WRITES UNIT_WRITES
#define LARGE_ABSENT 0x71
#include "tests/unit/U04_rows.h"

static const struct large_row larges[] = {
	LARGE_ROWS,
	BESIDE("4k", "4 KiB", PG_4K),
	AT("upper_half", "of an address whose bits 63 to 47 are 1", PG_4K, IN_UPPER_HALF, 0),
};
UNIT_TABLE(larges, unit_large, "VT-d 3.6, 3.15, 7.1.3 (87h)");
