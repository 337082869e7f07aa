/* Pure: what steps are called, and a claim that every scenario may name. */
#include "kernel/string.h"
#include "tests/listing.h"

/* The runner looks for it itself: where it happens there is no outcome. */
static bool deadlock(const struct outcome *seen)
{
	(void)seen;
	return false;
}

const struct claim deadlock_claim = { deadlock, "deadlock", "agents wait for each other" };

#define OP_NAME(name, to, kind) #name "\0"

const char *step_name(const struct step *s)
{
	const char *name = OPS(OP_NAME);

	if (s->op >= OP_COUNT)
		return "?";
	for (unsigned op = 0; op < s->op; op++)
		name += strlen(name) + 1;
	return name;
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
