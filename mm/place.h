#pragma once
#include "kernel/addr.h"

/*
 * Map a frame at a page of the lower half for CPUs and devices: U/S=1 at every level, A set in the tables.
 * Overwrites what was mapped there; what caches hold of that is the caller's matter. The tables it needs
 * stay. flags: enum page_flags, PAGE_USER implied. Returns the address of the leaf entry. Panics on a
 * page outside the lower half, page 0, and where a large page is mapped. Any CPU, one at a time.
 */
struct pa place_map(struct va va, struct pa frame, u32 flags);
