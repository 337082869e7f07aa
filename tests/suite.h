#pragma once
#include "kernel/cmdline.h"

/*
 * Run the cases that the options select, in the catalogue's order after those that find facts, and say
 * the verdict of each; with LIST only name them. Then soak= repeats them
 * (tests/soak.h); a selftest's fault waits for that. False if there is nothing to run. Boot CPU, after machine_start().
 */
bool suite_run(const struct options *o);

/* The page that sums it up, on the screen; nothing if no test was run. good: of the whole run. Boot CPU, after ktap_close(). */
void suite_page(bool good);
