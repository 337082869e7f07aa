#pragma once
#include "mm/pte.h"
#include "tests/unit/rows.h"

/*
 * U04, pages of every size, at their ends, beside them, and around the addresses that mean interrupts. Before it is included:
 * LARGE_ID, what all names begin with, LARGE_BY, sentences, LARGE_READS and LARGE_WRITES, needs, and LARGE_ABSENT, the reason
 * where no page is.
 */
#define ONE(id, sentence, needs, ...)                                               \
	{                                                                           \
		.row = { LARGE_ID id, LARGE_BY sentence, needs, NULL }, __VA_ARGS__ \
	}
#define AT(id, sentence, size, place, why)                                                  \
	ONE("read_" id, "a read " sentence, LARGE_READS, .level = (size), .where = (place), \
	    .access = VTD_READ, .reason = (why)),                                           \
		ONE("write_" id, "a write " sentence, LARGE_WRITES, .level = (size),        \
		    .where = (place), .access = VTD_WRITE, .reason = (why))
#define BESIDE(id, size, level)                                                          \
	AT("before_" id, "before a page of " size, level, IN_PAGE_BEFORE, LARGE_ABSENT), \
		AT("behind_" id, "behind a page of " size, level, IN_PAGE_BEHIND, LARGE_ABSENT)
#define LARGE(id, size, level)                                                                \
	AT("first_" id, "at the begin of 2 MiB in a page of " size, level, IN_FIRST_PAGE, 0), \
		AT("middle_" id, "in the middle of 2 MiB in a page of " size, level,          \
		   IN_MIDDLE_PAGE, 0),                                                        \
		AT("last_" id, "at the end of 2 MiB in a page of " size, level, IN_LAST_PAGE, 0)
#define RESULT(id, sentence, size, at, why)                                           \
	ONE("result_" id, sentence, LARGE_READS, .level = (size), .where = RESULT_AT, \
	    .access = VTD_READ, .address = (at), .reason = (why))
#define REQUEST(id, sentence, size, at)                                                 \
	ONE("request_" id, sentence, LARGE_READS, .level = (size), .where = REQUEST_AT, \
	    .access = VTD_READ, .address = (at))

/* Of either stage; the others are in the files that include this. */
#define LARGE_ROWS                                                                                 \
	AT("4k", "of a page of 4 KiB", PG_4K, IN_FIRST_PAGE, 0), LARGE("2m", "2 MiB", PG_2M),      \
		BESIDE("2m", "2 MiB", PG_2M), LARGE("1g", "1 GiB", PG_1G),                         \
		BESIDE("1g", "1 GiB", PG_1G),                                                      \
		RESULT("4k_before", "a page whose result is before interrupts", PG_4K, 0xfedff000, \
		       0),                                                                         \
		RESULT("4k_first", "a page whose result is the first of interrupts", PG_4K,        \
		       0xfee00000, 0x87),                                                          \
		RESULT("4k_last", "a page whose result is the last of interrupts", PG_4K,          \
		       0xfeeff000, 0x87),                                                          \
		RESULT("4k_behind", "a page whose result is behind interrupts", PG_4K, 0xfef00000, \
		       0),                                                                         \
		RESULT("2m_before", "the end of a leaf of 2 MiB before interrupts", PG_2M,         \
		       0xfedff000, 0),                                                             \
		RESULT("2m_first", "the first interrupts in a leaf of 2 MiB", PG_2M, 0xfee00000,   \
		       0x87),                                                                      \
		RESULT("2m_last", "the last interrupts in a leaf of 2 MiB", PG_2M, 0xfeeff000,     \
		       0x87),                                                                      \
		RESULT("2m_behind", "behind interrupts in a leaf of 2 MiB that has them", PG_2M,   \
		       0xfef00000, 0),                                                             \
		RESULT("1g_before", "before interrupts in a leaf of 1 GiB that has them", PG_1G,   \
		       0xfedff000, 0),                                                             \
		RESULT("1g_first", "the first interrupts in a leaf of 1 GiB", PG_1G, 0xfee00000,   \
		       0x87),                                                                      \
		RESULT("1g_last", "the last interrupts in a leaf of 1 GiB", PG_1G, 0xfeeff000,     \
		       0x87),                                                                      \
		RESULT("1g_behind", "behind interrupts in a leaf of 1 GiB that has them", PG_1G,   \
		       0xfef00000, 0),                                                             \
		REQUEST("4k_before", "a request before interrupts", PG_4K, 0xfedff000),            \
		REQUEST("4k_behind", "a request behind interrupts", PG_4K, 0xfef00000),            \
		REQUEST("2m_behind",                                                               \
			"a request behind interrupts, by a leaf of 2 MiB that has them", PG_2M,    \
			0xfef00000)
