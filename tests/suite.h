#pragma once
#include "kernel/cmdline.h"

/*
 * Run the cases that the options select, in the catalogue's order after those that find facts, and say
 * the verdict of each; with LIST only name them. Then soak= repeats them
 * (tests/soak.h); a selftest's fault waits for that. False if there is nothing to run. Boot CPU, after machine_start().
 */
bool suite_run(const struct options *o);
