/* Pure: U06, PASID entries that come, go and change. */
#include "tests/unit/rows.h"

#define ROW(id, sentence, from, to, other, in_place)                                           \
	{                                                                                      \
		{ "U06." id, sentence, UNIT_READS, NULL }, from, to, other, in_place, VTD_READ \
	}
/* Where addresses are not translated, no rings would be found. */
#define PASS_ROW(id, sentence, from, to, other, in_place)                                    \
	{                                                                                    \
		{ "U06." id, sentence, UNIT_WRITES | NEED_NO_RINGS, NULL }, from, to, other, \
			in_place, VTD_WRITE                                                  \
	}

static const struct type_row types[] = {
	ROW("absent", "P cleared", BY_TABLES, BY_NOTHING, false, true),
	ROW("tables", "P cleared, then other tables", BY_TABLES, BY_OTHER_TABLES, false, false),
	ROW("tables_did", "P cleared, then other tables and another domain id", BY_TABLES,
	    BY_OTHER_TABLES, true, false),
	ROW("tables_in_place", "other tables while present", BY_TABLES, BY_OTHER_TABLES, false,
	    true),
	ROW("did_in_place", "other tables and another domain id while present", BY_TABLES,
	    BY_OTHER_TABLES, true, true),
	PASS_ROW("to_pass_through", "first stage, P cleared, then pass-through", BY_TABLES,
		 PASSED_THROUGH, false, false),
	PASS_ROW("to_pass_through_did", "the same, and another domain id", BY_TABLES,
		 PASSED_THROUGH, true, false),
	PASS_ROW("to_pass_through_in_place", "first stage to pass-through while present", BY_TABLES,
		 PASSED_THROUGH, false, true),
	PASS_ROW("from_pass_through", "pass-through, P cleared, then first stage", PASSED_THROUGH,
		 BY_TABLES, false, false),
	PASS_ROW("from_pass_through_did", "the same, and another domain id", PASSED_THROUGH,
		 BY_TABLES, true, false),
	PASS_ROW("from_pass_through_in_place", "pass-through to first stage while present",
		 PASSED_THROUGH, BY_TABLES, false, true),
	PASS_ROW("pass_through_absent", "pass-through, P cleared", PASSED_THROUGH, BY_NOTHING,
		 false, true),
};
UNIT_TABLE(types, unit_type, "VT-d 6.5.3.3, 9.6");
