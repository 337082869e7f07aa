/* Pure: U01, ranges of pages, told as blocks: every page is read. Two of them at a time, and what the model says: C06. */
#include "tests/unit/rows.h"

#define ROW(id, sentence, needs, pages, first, last, order, order_of_last)           \
	{                                                                            \
		{ "U01." id "_" #first "_" #last,                                    \
		  "pages " #first " to " #last ", told as " sentence, needs, NULL }, \
			pages, first, last, order, order_of_last                     \
	}
#define BOTH_STAGES(id, sentence, ...)              \
	ROW(id, sentence, UNIT_READS, __VA_ARGS__), \
		ROW("second_" id, sentence ", for a second stage", UNIT_SECOND_READS, __VA_ARGS__)
#define BLOCK(pages, first, last, order)                                                    \
	BOTH_STAGES("range", "the smallest block that has both", pages, first, last, order, \
		    ONE_BLOCK)
#define PIECES(first, last, order, order_of_last) \
	BOTH_STAGES("pieces", "two blocks", 16, first, last, order, order_of_last)

static const struct range_row ranges[] = {
	BLOCK(16, 0, 0, 0), BLOCK(16, 0, 1, 1), BLOCK(16, 1, 2, 2),  BLOCK(16, 1, 3, 2),
	BLOCK(16, 3, 7, 3), BLOCK(16, 7, 8, 4), BLOCK(16, 0, 15, 4), BLOCK(512, 0, 511, 9),
	PIECES(1, 2, 0, 0), PIECES(7, 8, 0, 0), PIECES(1, 3, 0, 1),  PIECES(3, 7, 0, 2),
};
UNIT_TABLE(ranges, unit_range, "VT-d 6.5.2.4, 6.5.2.3, AM and ADDR");
