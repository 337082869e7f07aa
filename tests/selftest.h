#pragma once
#include "kernel/cmdline.h"
#include "tests/listing.h"

/*
 * Faults of the kernel's own, on request (selftest= on the command line): each must end as the README
 * says. Boot CPU.
 */

/* Inside the first case, outside of every step. Why that case is over, NULL if it goes on. */
const char *selftest_in_case(const struct options *o);

/* In a step: s, or once, for the first with an agent to do it, a copy with a step that hangs or faults. */
const struct scenario *selftest_scenario(const struct options *o, const struct scenario *s);
