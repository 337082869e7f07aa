#pragma once
#include "tests/listing.h"

/*
 * What the code of a listing calls: do_<op>(self, a, b, c) executes a step, false if it would block (in racing mode:
 * for longer than a step may). A host build has no machine: there it only records what it is asked for, and a
 * test compares that with the data and says what blocks (tests/host/test_listings.c).
 */

#ifdef HOST

bool step_record(struct self *self, u8 no, unsigned op, u64 a, u64 b, u64 c);
u8 saw_before(struct self *self, unsigned observation);

static inline bool begin_step(struct self *self, u8 no)
{
	return step_record(self, no, OP_COUNT, 0, 0, 0);
}
#define DO_RECORD(name, to, kind)                                            \
	static inline bool do_##name(struct self *self, u64 a, u64 b, u64 c) \
	{                                                                    \
		return step_record(self, 0, OP_##name, a, b, c);             \
	}
OPS(DO_RECORD)
#undef DO_RECORD

#else

#include "tests/do.h"

#endif
