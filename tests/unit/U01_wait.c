/* Pure: U01, how wait descriptors say that they are over. */
#include "tests/unit/rows.h"

#define ROW(id, sentence, ...)                                                             \
	{ .row = { "U01.wait_" id, sentence, UNIT_READS, NULL }, __VA_ARGS__ },            \
	{                                                                                  \
		.row = { "U01.second_wait_" id, sentence ", on a unit with second stages", \
			 UNIT_SECOND_READS, NULL },                                        \
		__VA_ARGS__                                                                \
	}

static const struct wait_row waits[] = {
	ROW("status", "wait, SW=1: its status word is written, and nothing beside it",
	    .status = true),
	ROW("interrupt", "wait, IF=1: ICS.IWC is set", .interrupt = true),
	ROW("both", "wait, SW=IF=1: the status word, and ICS.IWC", .status = true,
	    .interrupt = true),
	ROW("fence", "wait, SW=IF=0 and FN=1: it is taken, and says nothing", .fence = true),
	ROW("neither", "wait, SW=IF=FN=0: it is taken, and says nothing", .fence = false),
};
UNIT_TABLE(waits, unit_wait, "VT-d 6.5.2.9, 6.5.2.10, 11.4.9.4 (IWC)");
