/* Pure: a set of outcomes. */
#include "tests/outcomes.h"
#include "kernel/string.h"

bool outcomes_has(const struct outcomes *o, const struct outcome *seen)
{
	for (unsigned i = 0; i < o->count; i++)
		if (!memcmp(o->seen[i].saw, seen->saw, sizeof seen->saw) &&
		    !memcmp(o->seen[i].holds, seen->holds, sizeof seen->holds))
			return true;
	return false;
}

void outcomes_add(struct outcomes *o, const struct outcome *seen)
{
	if (o->count == OUTCOMES_MAX || outcomes_has(o, seen))
		return;
	memcpy(o->seen[o->count].saw, seen->saw, sizeof seen->saw);
	memcpy(o->seen[o->count++].holds, seen->holds, sizeof seen->holds);
}
