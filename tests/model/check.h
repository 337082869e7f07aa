#pragma once
#include "tests/model/model.h"

/*
 * Is a scenario right, as far as a model can tell? In one order, or (NULL) in every one and in a race: no FORBID can be
 * seen, nobody waits for ever; the hazard, the fact, each ALLOW, and each control with its change made, can be. What
 * QEMU's profile does the architecture allows, but for what QEMU is known to do wrong; and it does one thing in an
 * order, unless a CPU is interrupted. Pure.
 */
struct model_report {
	u64 runs, states, largest; /* largest: states of one run */
	u64 outcomes,
		racing; /* of the scenario as it is, by the architecture: step by step, and free */
	u32 shown, on_qemu; /* by the architecture, by QEMU too: bits of enum model_shown */
	bool departs;       /* QEMU has outcomes that the architecture does not allow */
	char wrong[160];    /* a sentence; empty: nothing */
};
enum model_shown { SHOWN_HAZARD = 1, SHOWN_FACT = 2, SHOWN_CONTROL = 4 /* and so on */ };

/* Two memories: one keeps what the architecture allows while the other is worked in. */
struct model_report model_check(const struct scenario *s, const char *order,
				struct model_memory memory[2]);
