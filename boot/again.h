#pragma once
#include "boot/told.h"

/*
 * The kernel enters itself as its loader did: 32-bit mode, paging off, the loader's own information, data as in the file and
 * the rest zero, but for what is KEPT (kernel/kept.h). To see what bring-up makes of a machine that was left running.
 */

/* Remembers how we were entered, the first time. Boot CPU, before anything with an initial value is changed. */
void again_remember(enum protocol protocol, u32 info);

/* Boot CPU; the others wait for a SIPI, and no NMI is on its way. Devices, IOMMU and APIC stay as they are. */
__attribute__((noreturn)) void again(void);
