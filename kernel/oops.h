#pragma once
#include "kernel/trap.h"

/* What is running, for reports: set by the runner, read by a CPU that dies. A string that stays. */
extern const char *volatile running_test;

/* An exception nobody expected: the other CPUs stopped, the whole story, "Bail out!". Any CPU. */
__attribute__((noreturn)) void oops(struct trap_frame *f);

/* The same story as notes, of an exception that does not end the run; its name, and where a page fault was, go to why. */
void oops_tell(const struct trap_frame *f, char *why, size_t size);
