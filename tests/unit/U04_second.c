/* Pure: U04, second-stage pages of every size, at their ends and beside them. */
#include "mm/pte.h"
#include "tests/unit/rows.h"

#define AT(id, sentence, size, place, ...)                                               \
	{ .row = { "U04.second_read_" id, "by a second stage, a read " sentence,         \
		   UNIT_SECOND_READS, NULL },                                            \
	  .level = (size),                                                               \
	  .where = (place),                                                              \
	  .access = VTD_READ,                                                            \
	  __VA_ARGS__.other = NO_READ },                                                 \
	{                                                                                \
		.row = { "U04.second_write_" id, "by a second stage, a write " sentence, \
			 UNIT_SECOND_WRITES, NULL },                                     \
		.level = (size), .where = (place), .access = VTD_WRITE,                  \
		__VA_ARGS__.other = NO_WRITE                                             \
	}
#define BESIDE(id, size, level)                                                   \
	AT("before_" id, "before a page of " size, level, IN_PAGE_BEFORE,         \
	   .reason = SECOND_REFUSES, ),                                           \
		AT("behind_" id, "behind a page of " size, level, IN_PAGE_BEHIND, \
		   .reason = SECOND_REFUSES, )
#define LARGE(id, size, level)                                                             \
	AT("first_" id, "at the begin of 2 MiB in a page of " size, level, IN_FIRST_PAGE), \
		AT("middle_" id, "in the middle of 2 MiB in a page of " size, level,       \
		   IN_MIDDLE_PAGE),                                                        \
		AT("last_" id, "at the end of 2 MiB in a page of " size, level, IN_LAST_PAGE)

static const struct large_row second_larges[] = {
	AT("4k", "of a page of 4 KiB", PG_4K, IN_FIRST_PAGE),
	LARGE("2m", "2 MiB", PG_2M),
	BESIDE("2m", "2 MiB", PG_2M),
	LARGE("1g", "1 GiB", PG_1G),
	BESIDE("1g", "1 GiB", PG_1G),
};
UNIT_TABLE(second_larges, unit_large, "VT-d 3.7, 7.1.3");
