#pragma once
#include "kernel/mmio.h"

/* As device_map() of kernel/mmio.h, but write combining: for a framebuffer, where order does not matter. */
void *device_map_wc(struct pa base, u64 size);
