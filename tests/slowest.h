#pragma once
#include "kernel/types.h"

/* The tests that took longest, for the end of a log. Boot CPU. */
void slowest_add(const char *name, u64 ticks);
void slowest_note(void);
