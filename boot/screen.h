#pragma once
#include "kernel/boot_info.h"

/* Is the screen that a loader describes one that can be written to without leaving it? Pure. */
bool screen_usable(const struct boot_info *boot);
