#pragma once

/*
 * The end of a run that cannot go on: the sentence, a backtrace, the running test, the other CPUs
 * stopped, "Bail out!" as the last line, and the exit code that says so. Any CPU, any context.
 */
__attribute__((noreturn, format(printf, 1, 2))) void panic(const char *fmt, ...);
