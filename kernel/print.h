#pragma once
#include "kernel/types.h"

/*
 * To every console. One call is one unit: lines of two CPUs do not mix. Formats as kernel/format.h.
 * Any CPU, any context (in a panic the lock is broken). KTAP lines come from kernel/ktap.h only;
 * everything else that is printed is a note().
 */
__attribute__((format(printf, 1, 2))) void print(const char *fmt, ...);

/* A diagnostic line, "# " + text + newline; text is key=value where it can be. */
__attribute__((format(printf, 1, 2))) void note(const char *fmt, ...);
