#pragma once
#include "tests/listing.h"

/*
 * How far the agents of a scenario are, and all that an order knows of what may block: what rests on values that only a run has
 * is not known. Pure.
 */

/* No padding, as it is compared. */
struct at {
	u8 next[AGENTS];
	u8 told[AGENTS];      /* by an agent: set of agents */
	u8 holder[LOCKS];     /* agent + 1 */
	u8 masked;            /* set of CPU agents between cli and sti */
	u8 grace[CPU_AGENTS]; /* whom of those an agent's grace period waits for */
	u8 asked[CPU_AGENTS]; /* who has not answered an agent's request yet */
	u8 word[WORDS];
	u8 vague; /* set of words that a guarded step changes: of them nothing is known */
};

/* Before the first step. */
struct at at_beginning(const struct scenario *s);
/* An agent's next step, NULL at its end; and may it run? */
const struct step *at_next(const struct scenario *s, const struct at *at, unsigned agent);
bool at_enabled(const struct scenario *s, const struct at *at, unsigned agent);
/* It has run. If it is guarded it may not have happened: what it would take is free, what it would give is there. */
void at_advance(const struct scenario *s, struct at *at, unsigned agent);
/* No agent has a step left. */
bool at_finished(const struct scenario *s, const struct at *at);
