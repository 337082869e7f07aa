#pragma once

/*
 * The accesses by which this folder touches the machine. On the host a test plays the unit: it sees
 * each access to registers, and each store to memory that a unit reads, in order.
 */
#ifdef HOST
#include "kernel/addr.h"

u32 mmio_read32(const volatile void *p);
u64 mmio_read64(const volatile void *p);
void mmio_write32(volatile void *p, u32 v);
void mmio_write64(volatile void *p, u64 v);
void *device_map(struct pa base, u64 size);
void clflush(const volatile void *p);
static inline void mfence(void) {}
static inline void pause(void) {}
#else
#include "kernel/mmio.h"
#include "kernel/x86.h"
#endif
