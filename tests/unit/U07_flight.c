/* Pure: U07, DMA in flight when an invalidation is over. */
#include "tests/unit/rows.h"

#define ROW(id, sentence, all)                                              \
	{                                                                   \
		{ "U07." id, sentence, NEED_BEGIN | NEED_MARKS, NULL }, all \
	}

static const struct flight_row flights[] = {
	ROW("page",
	    "a write is translated, its page invalidated: afterwards it reaches the old frame no more",
	    false),
	ROW("pasid", "the same by an invalidation of the PASID", true),
};
UNIT_TABLE(flights, unit_flight, "VT-d 6.5.4 (drain), 6.5.2.4");
