#pragma once
#include "kernel/types.h"

/*
 * A diagnostic line to every console, "# " + text + newline; text is key=value where it can be. Formats as kernel/format.h.
 * One call is one unit: lines of two CPUs do not mix. Any CPU, any context (in a panic the lock is broken). KTAP lines come
 * from kernel/ktap.h only; everything else that is printed is this.
 */
__attribute__((format(printf, 1, 2))) void note(const char *fmt, ...);
