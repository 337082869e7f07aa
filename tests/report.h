#pragma once
#include "tests/oracle.h"
#include "tests/run.h"

/*
 * The last execution as people draw it: one column an agent, one line a step in the order they ran, with what each
 * access saw; a step that is guarded begins with a question mark. Notes. Boot CPU.
 */
void report_drawing(const struct run *run, const char *order);

/* An order without its spaces; stays until the next call. */
const char *report_letters(const char *order);

/* Observations and frames on one line, and what they make of each agent that is judged. */
void report_seen(const struct run *run);

/* What the model allows, a line each. */
void report_allowed(const struct run *run, const struct outcomes *allowed);

/* Outcomes of a race by how often they were seen; those that show what is wanted are marked. */
void report_histogram(const struct run *run, const struct outcomes *seen,
		      const struct oracle *oracle, const struct claim *wanted, const char *mark);

/* The step that each agent is in, when an execution does not come to its end. */
void report_stands(const struct run *run);

/* Addresses of places and frames. */
void report_places(const struct run *run);
