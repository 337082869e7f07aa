#pragma once
#include "tests/listing.h"

/* How many different outcomes there were: what was seen and what frames hold, whatever the order. Pure. */
enum { OUTCOMES_MAX = 256 };

struct outcomes {
	unsigned count; /* stays at OUTCOMES_MAX when there are more */
	struct counted {
		u8 saw[OBSERVATIONS], holds[FRAMES];
		u64 times;
	} seen[OUTCOMES_MAX];
};

/* The same was seen, and frames hold the same. */
bool outcome_same(const struct outcome *a, const struct outcome *b);

/* The one that is the same, or NULL. */
const struct counted *outcomes_find(const struct outcomes *o, const struct outcome *seen);

/* Count it; NULL if there is no room for a new one. */
struct counted *outcomes_add(struct outcomes *o, const struct outcome *seen);
