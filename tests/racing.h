#pragma once
#include "tests/run.h"

/*
 * Racing mode: agents leave one barrier together and run straight code, with small delays by chance; many rounds. Between
 * the barrier and an agent's last step it touches what its listing says and its own cache lines, nothing else. A
 * device has a CPU of its own to drive it, or, where there are too few, one that takes its steps and another agent's
 * by chance.
 */

/*
 * Rounds, until there are as many or each() returns false; it gets run->seen of every round. False if run->trouble says
 * why a round has no outcome: the step that each agent stands on. Boot CPU, after run_open() with SEATS_DEVICES_TOO.
 */
bool racing_rounds(struct run *run, u64 rounds, u64 seed, bool (*each)(void *arg), void *arg);
