#pragma once
#include "tests/orders.h"
#include "tests/run.h"

/*
 * Stepped mode: one order, one step at a time, each on its own agent's CPU. All CPUs of the run know the order; a baton goes from the
 * one that has ended its steps to the one whose turn is next, and nobody leaves the instruction stream meanwhile.
 * A device's step is executed by whoever has the baton.
 */

/* The CPUs of the run wait for the baton, until stepped_end(). Boot CPU, after run_open(). */
void stepped_begin(struct run *run);
/* False if run->trouble says which did not come back. */
bool stepped_end(struct run *run);

/*
 * Execute one order, of AGENT_LETTERS: memory and caches as the scenario starts, the warm-up, the steps; run->seen is what was
 * seen. ORDER_RAN; the position of a step that blocked; or ORDERS_STOP if run->trouble says why there is no outcome.
 * Boot CPU, between stepped_begin() and stepped_end().
 */
int stepped_order(struct run *run, const char *order);
