#pragma once
#include "tests/run.h"

/*
 * The last execution as people draw it: one column an agent, one line a step in the order they ran, with what each
 * access saw; the step left out is struck. Notes. Boot CPU.
 */
void report_drawing(const struct run *run, const char *order, enum agent_id skip_agent,
		    u8 skip_step);

/* Observations and frames on one line, and what they make of each agent that is judged. */
void report_seen(const struct run *run);

/* Addresses of places and frames. */
void report_places(const struct run *run);
