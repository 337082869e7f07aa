#pragma once
#include "kernel/types.h"

/*
 * A new stack of zeroed frames; returns its top. The page below it is never mapped: an overflow faults
 * instead of writing to something else. Panics when no frame is left. Boot CPU, after kmap_init().
 */
u64 stack_map(unsigned pages);

/* How many there are. */
extern unsigned stacks_mapped;
