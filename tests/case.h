#pragma once
#include "tests/scenario.h"
#include "tests/verdict.h"

/*
 * Run a scenario and its controls in one order, or in every order (NULL), say in notes what was seen, and
 * collect the evidence. A replay is one order that somebody asked for: it is drawn, nothing forbidden may be
 * seen, and no hazard need be. Quiet when the case only finds a fact. Boot CPU.
 */
void case_run(const struct scenario *s, const char *order, bool replay, const char *name, bool loud,
	      struct evidence *e);

/* Once before the first case: what the cases share and never give back. */
void run_prepare(void);
