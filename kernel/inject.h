#pragma once
#include "kernel/cmdline.h"

/*
 * Faults on request in the machinery that tests rely on: inject= on the command line, in builds with INJECT=1. A default
 * run must catch each. They begin with the tests, after a bring-up without fault. In other builds the conditions are
 * false for the compiler, and nothing is left of what they guard. Any CPU.
 */
#ifdef INJECT
extern unsigned injected; /* enum inject */
#define INJECTED(what)      (injected == INJECT_##what)
#define INJECTED_ONCE(what) inject_once(INJECT_##what)
bool inject_once(enum inject what);

/* From now on. Boot CPU. */
void inject_begin(enum inject what);
#else
#define INJECTED(what)      false
#define INJECTED_ONCE(what) false
static inline void inject_begin(enum inject what) { (void)what; }
#endif
