/* Pure: what every claim may name. */
#include "tests/listing.h"

const char deadlock_text[] = "agents wait for each other";

/* The runner looks for it itself: where it happens there is no outcome. */
bool deadlock(const struct outcome *seen)
{
	(void)seen;
	return false;
}

#ifdef HOST
#include "tests/steps.h"

/* Unless a test wants to know. */
__attribute__((weak)) bool step_record(struct self *self, u8 no, unsigned op, u64 a, u64 b, u64 c)
{
	(void)self;
	(void)no;
	(void)op;
	(void)a;
	(void)b;
	(void)c;
	return true;
}

__attribute__((weak)) u8 saw_before(struct self *self, unsigned observation)
{
	(void)self;
	(void)observation;
	return NOTHING;
}
#endif
