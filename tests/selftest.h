#pragma once
#include "kernel/cmdline.h"

/*
 * Faults of the kernel's own, on request (selftest= on the command line): each must end as the README
 * says. Called inside the first case; why that one is over, NULL if it goes on. Boot CPU.
 */
const char *selftest_in_case(const struct options *o);
