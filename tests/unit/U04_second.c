/* Pure: U04, second-stage pages of every size, at their ends, beside them, and around the addresses that mean interrupts. */
#include "mm/pte.h"
#include "tests/unit/rows.h"

#define ONE(id, sentence, needs, ...)                                                     \
	{                                                                                 \
		.row = { "U04.second_" id, "by a second stage, " sentence, needs, NULL }, \
		__VA_ARGS__                                                               \
	}
#define AT(id, sentence, size, place, why)                                                        \
	ONE("read_" id, "a read " sentence, UNIT_SECOND_READS, .level = (size), .where = (place), \
	    .access = VTD_READ, .reason = (why)),                                                 \
		ONE("write_" id, "a write " sentence, UNIT_SECOND_WRITES, .level = (size),        \
		    .where = (place), .access = VTD_WRITE, .reason = (why))
#define BESIDE(id, size, level)                                                       \
	AT("before_" id, "before a page of " size, level, IN_PAGE_BEFORE, NO_RIGHTS), \
		AT("behind_" id, "behind a page of " size, level, IN_PAGE_BEHIND, NO_RIGHTS)
#define LARGE(id, size, level)                                                                \
	AT("first_" id, "at the begin of 2 MiB in a page of " size, level, IN_FIRST_PAGE, 0), \
		AT("middle_" id, "in the middle of 2 MiB in a page of " size, level,          \
		   IN_MIDDLE_PAGE, 0),                                                        \
		AT("last_" id, "at the end of 2 MiB in a page of " size, level, IN_LAST_PAGE, 0)

#define RESULT(id, sentence, size, at, why)                                                 \
	ONE("result_" id, sentence, UNIT_SECOND_READS, .level = (size), .where = RESULT_AT, \
	    .access = VTD_READ, .address = (at), .reason = (why))
#define REQUEST(id, sentence, size, at)                                                       \
	ONE("request_" id, sentence, UNIT_SECOND_READS, .level = (size), .where = REQUEST_AT, \
	    .access = VTD_READ, .address = (at))

static const struct large_row second_larges[] = {
	AT("4k", "of a page of 4 KiB", PG_4K, IN_FIRST_PAGE, 0),
	LARGE("2m", "2 MiB", PG_2M),
	BESIDE("2m", "2 MiB", PG_2M),
	LARGE("1g", "1 GiB", PG_1G),
	BESIDE("1g", "1 GiB", PG_1G),
	RESULT("4k_before", "a page whose result is before interrupts", PG_4K, 0xfedff000, 0),
	RESULT("4k_first", "the first of interrupts", PG_4K, 0xfee00000, 0x87),
	RESULT("4k_last", "the last of interrupts", PG_4K, 0xfeeff000, 0x87),
	RESULT("4k_behind", "a page whose result is behind interrupts", PG_4K, 0xfef00000, 0),
	RESULT("2m_before", "the end of a leaf of 2 MiB before interrupts", PG_2M, 0xfedff000, 0),
	RESULT("2m_first", "the first interrupts in a leaf of 2 MiB", PG_2M, 0xfee00000, 0x87),
	RESULT("2m_last", "the last interrupts in a leaf of 2 MiB", PG_2M, 0xfeeff000, 0x87),
	RESULT("2m_behind", "behind interrupts in a leaf of 2 MiB", PG_2M, 0xfef00000, 0),
	RESULT("1g_before", "before interrupts in a leaf of 1 GiB", PG_1G, 0xfedff000, 0),
	RESULT("1g_first", "the first interrupts in a leaf of 1 GiB", PG_1G, 0xfee00000, 0x87),
	RESULT("1g_last", "the last interrupts in a leaf of 1 GiB", PG_1G, 0xfeeff000, 0x87),
	RESULT("1g_behind", "behind interrupts in a leaf of 1 GiB", PG_1G, 0xfef00000, 0),
	REQUEST("4k_before", "a request before interrupts", PG_4K, 0xfedff000),
	REQUEST("4k_behind", "a request behind interrupts", PG_4K, 0xfef00000),
	REQUEST("2m_behind", "a request behind interrupts, by a leaf of 2 MiB", PG_2M, 0xfef00000),
};
UNIT_TABLE(second_larges, unit_large, "VT-d 3.7, 3.15, 7.1.3 (79h, 87h)");
