/* Pure: a set of outcomes. */
#include "tests/outcomes.h"
#include "kernel/string.h"

bool outcome_same(const struct outcome *a, const struct outcome *b)
{
	return memcmp(a->saw, b->saw, sizeof a->saw) == 0 &&
	       memcmp(a->holds, b->holds, sizeof a->holds) == 0;
}

static unsigned index_of(const struct outcomes *o, const struct outcome *seen)
{
	unsigned i = 0;

	while (i < o->count && (memcmp(o->seen[i].saw, seen->saw, sizeof seen->saw) != 0 ||
				memcmp(o->seen[i].holds, seen->holds, sizeof seen->holds) != 0))
		i++;
	return i;
}

const struct counted *outcomes_find(const struct outcomes *o, const struct outcome *seen)
{
	unsigned i = index_of(o, seen);

	return i < o->count ? &o->seen[i] : NULL;
}

struct counted *outcomes_add(struct outcomes *o, const struct outcome *seen)
{
	unsigned i = index_of(o, seen);

	if (i == OUTCOMES_MAX)
		return NULL;
	struct counted *c = &o->seen[i];
	if (i == o->count) {
		o->count++;
		memcpy(c->saw, seen->saw, sizeof seen->saw);
		memcpy(c->holds, seen->holds, sizeof seen->holds);
		c->times = 0;
	}
	c->times++;
	return c;
}
