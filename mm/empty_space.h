#pragma once
#include "mm/pagetable.h"

/* The root of another address space: the same kernel, and nothing in the lower half, where tests map. Any CPU may load it. */
extern struct pa empty_root;

/* Build it, once all devices are mapped: what is mapped below a new entry of the kernel's root later is not there. Boot CPU. */
void empty_space_init(void);
