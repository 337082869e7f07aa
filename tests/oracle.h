#pragma once
#include "tests/outcomes.h"
#include "tests/scenario.h"

/*
 * What the architecture allows a scenario to show, by the model (tests/model/). The hardware is held against it
 * whatever a scenario claims. Pure; one at a time.
 */
struct oracle {
	struct outcomes allowed;
	u64 states;
	const char *wrong; /* why nothing is known, or NULL */
};

/* order: one, or NULL for every order; skip_step 0: nothing is left out. */
void oracle_ask(struct oracle *o, const struct scenario *s, const char *order,
		enum agent_id skip_agent, u8 skip_step);
