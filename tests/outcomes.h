#pragma once
#include "tests/scenario.h"

/* How many different outcomes there were: what was seen and what frames hold, whatever the order. Pure. */
enum { OUTCOMES_MAX = 256 };

struct outcomes {
	unsigned count; /* stays at OUTCOMES_MAX when there are more */
	struct {
		u8 saw[OBSERVATIONS], holds[FRAMES];
	} seen[OUTCOMES_MAX];
};

bool outcomes_has(const struct outcomes *o, const struct outcome *seen);
void outcomes_add(struct outcomes *o, const struct outcome *seen);
