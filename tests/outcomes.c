/* Pure: a set of outcomes. */
#include "tests/outcomes.h"
#include "kernel/string.h"

struct counted *outcomes_find(struct outcomes *o, const struct outcome *seen)
{
	for (unsigned i = 0; i < o->count; i++)
		if (!memcmp(o->seen[i].saw, seen->saw, sizeof seen->saw) &&
		    !memcmp(o->seen[i].holds, seen->holds, sizeof seen->holds))
			return &o->seen[i];
	return NULL;
}

struct counted *outcomes_add(struct outcomes *o, const struct outcome *seen)
{
	struct counted *c = outcomes_find(o, seen);

	if (!c) {
		if (o->count == OUTCOMES_MAX)
			return NULL;
		c = &o->seen[o->count++];
		memcpy(c->saw, seen->saw, sizeof seen->saw);
		memcpy(c->holds, seen->holds, sizeof seen->holds);
		c->times = 0;
	}
	c->times++;
	return c;
}
