#pragma once
#include "kernel/trap.h"

/* What is running, for reports: set by the runner, read by a CPU that dies. A string that stays. */
extern const char *volatile running_test;

/* An exception nobody expected: the other CPUs stopped, the whole story, "Bail out!". Any CPU. */
__attribute__((noreturn)) void oops(struct trap_frame *f);
