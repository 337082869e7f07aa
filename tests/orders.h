#pragma once
#include "tests/scenario.h"

/*
 * Every order of a scenario: all sequences of the agents' steps that keep each agent's own sequence and in
 * which no step runs that would block (a heed before its tell, a lock that is held). Pure.
 */
enum { ORDER_MAX = AGENTS * STEPS_MAX };

struct orders {
	u64 complete; /* given to each() */
	u64 stuck;    /* ended with every agent blocked: a dead-lock of the scenario; not given */
};

/*
 * Calls each() with every order, as a string of AGENT_LETTERS, in lexical order of the letters; stops
 * when it returns false. Returns how many there were.
 */
struct orders orders_each(const struct scenario *s, bool (*each)(void *arg, const char *order),
			  void *arg);
