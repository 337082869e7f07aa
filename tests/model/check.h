#pragma once
#include "tests/model/model.h"

/*
 * Is a scenario right, as far as a model can tell? In one order, or (NULL) in every one: no FORBID can be seen; the
 * hazard, the fact, and each control with its step left out, can be. QEMU's profile has one outcome in an order, which
 * the architecture allows and no FORBID forbids. Pure.
 */
struct model_report {
	u64 runs, states;
	u32 on_qemu;     /* what QEMU shows too: bits of enum model_shown */
	u32 shown;       /* what the architecture lets see */
	char wrong[160]; /* a sentence; empty: nothing */
};
enum model_shown { SHOWN_HAZARD = 1, SHOWN_FACT = 2, SHOWN_CONTROL = 4 /* and so on */ };

struct model_report model_check(const struct scenario *s, const char *order,
				struct model_memory *m);
