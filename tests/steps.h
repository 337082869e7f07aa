#pragma once
#include "tests/listing.h"

/*
 * What the code of a listing calls: do_<op>(self, a, b, c) executes a step, false if it would block (in racing mode:
 * for longer than a step may). A host build has no machine: there it only records what it is asked for, and a
 * test compares that with the data (tests/host/test_listings.c).
 */

#ifdef HOST

void step_record(struct self *self, u8 no, unsigned op, u64 a, u64 b, u64 c);
u8 saw_before(struct self *self, unsigned observation);

static inline bool begin_step(struct self *self, u8 no)
{
	step_record(self, no, OP_COUNT, 0, 0, 0);
	return true;
}
#define DO_RECORD(name, to, kind)                                            \
	static inline bool do_##name(struct self *self, u64 a, u64 b, u64 c) \
	{                                                                    \
		step_record(self, 0, OP_##name, a, b, c);                    \
		return true;                                                 \
	}
OPS(DO_RECORD)
#undef DO_RECORD

#else

#include "tests/do.h"

#endif
