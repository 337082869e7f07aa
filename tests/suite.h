#pragma once
#include "kernel/cmdline.h"
#include "tests/hand_over.h"

/*
 * Run the cases that the options select, in the catalogue's order after those that find facts, and say
 * the verdict of each; with LIST only name them. Then soak= repeats them
 * (tests/soak.h), and after each hand-over of handover= they are run once, quietly (tests/hand_over.h); a selftest's fault
 * waits for either. False if there is nothing to run. Boot CPU, after machine_start().
 */
bool suite_run(const struct options *o);
extern struct hand_over hand_over;

/* The page that sums it up, on the screen; nothing if no test was run. good: of the whole run. Boot CPU, after ktap_close(). */
void suite_page(bool good);
