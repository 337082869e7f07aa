#pragma once
#include "kernel/cmdline.h"

/*
 * Faults of the kernel's own, on request (selftest= on the command line): each must end as the README
 * says. Called inside the first case. Boot CPU.
 */
void selftest_in_case(const struct options *o);
