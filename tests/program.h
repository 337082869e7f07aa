#pragma once
#include "tests/oracle.h"
#include "tests/orders.h"
#include "tests/run.h"
#include "tests/verdict.h"

/*
 * One program, a scenario as it is or with one change, executed in one mode: every execution is held against the model and, if it is
 * the scenario as it is, against its claims. Forbidden and impossible outcomes end the case with a report.
 */
struct program {
	const struct scenario *scenario; /* the listing to execute */
	const char *name;                /* of the case */
	const char *order;               /* only this one; NULL: every order */
	const char *change;              /* in words; NULL: the scenario as it is */
	const struct claim *wanted;      /* to be shown, or NULL */
	bool until_shown;                /* nothing else is of interest */
	bool draw;                       /* the first order that shows it */
	bool quiet;                      /* of what is listed as known nothing is told */
	u64 seed;
	bool asked;   /* for so many rounds, however long they take */
	bool patient; /* what is listed as known is looked for longer than a race lasts */
	struct evidence *e;
	/* Results. */
	struct outcomes outcomes;
	struct orders orders;
	u64 shown;
	bool stepped; /* the model was asked about that last, or about its race */
	bool broken;  /* the case is over: the evidence says why */
};

/* Both: boot CPU; the run is the caller's, with engine and name set. */

/* Every order (or the one), again with other placements until what is wanted is shown, at most `tries` times. */
void program_step(struct program *p, struct run *run, unsigned tries);

/* So many rounds, fewer if what is wanted is all that is of interest. */
void program_race(struct program *p, struct run *run, u64 rounds);

/* The model's answer for the program that was executed last. */
const struct oracle *program_oracle(void);
