/* Pure: symbols in the words of a report. */
#include "tests/scenario.h"
#include "tests/words.h"

const char *words_name(unsigned symbol)
{
	static const char *const names[] = {
		[NOTHING] = "nothing",
		[O] = "O",
		[N] = "N",
		[X] = "X",
		[Y] = "Y",
		[S] = "S",
		[MARK(P0)] = "P0",
		[MARK(P1)] = "P1",
		[MARK(K)] = "K",
		[MARK(Q0)] = "Q0",
		[MARK(Q1)] = "Q1",
		[BLOCKED] = "fault",
		[LANDED] = "landed",
		[OTHER] = "garbage",
	};

	return symbol < ARRAY_SIZE(names) && names[symbol] ? names[symbol] : "?";
}
