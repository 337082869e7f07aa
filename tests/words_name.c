/* Pure: symbols in the words of a report. */
#include "tests/listing.h"
#include "tests/words.h"

const char *words_name(unsigned symbol)
{
	static const struct {
		u8 symbol;
		char name[11];
	} names[] = {
		{ NOTHING, "nothing" },
		{ O, "O" },
		{ N, "N" },
		{ X, "X" },
		{ Y, "Y" },
		{ S, "S" },
		{ MARK(P0), "P0" },
		{ MARK(P1), "P1" },
		{ MARK(K), "K" },
		{ MARK(Q0), "Q0" },
		{ MARK(Q1), "Q1" },
		{ BLOCKED, "fault" },
		{ LANDED, "landed" },
		{ OTHER, "garbage" },
		{ YES, "yes" },
		{ NO, "no" },
		{ EMPTY, "empty" },
		{ MIGRATION, "migration" },
		{ SWAP, "swap" },
		{ SPECIAL, "special" },
		{ UNRECORDED, "unrecorded" },
		{ TABLE(T0), "T0" },
		{ TABLE(LARGE), "large" },
		{ TABLE(T1), "T1" },
		{ COUNT(0), "0" },
		{ COUNT(1), "1" },
		{ COUNT(2), "2" },
		{ COUNT(3), "3" },
		{ COUNT(4), "4" },
		{ COUNT(5), "5" },
		{ COUNT(6), "6" },
		{ COUNT(7), "7" },
		{ COUNT(8), "8" },
		{ COUNT(9), "9" },
		{ COUNT(10), "10" },
		{ COUNT(11), "11" },
		{ COUNT(12), "12" },
		{ COUNT(13), "13" },
		{ COUNT(14), "14" },
		{ COUNT(15), "15" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].symbol == symbol)
			return names[i].name;
	return "?";
}
