#pragma once
#include "kernel/types.h"

/* Three kinds of address, and the compiler knows. */
struct pa {
	u64 v;
};
struct va {
	u64 v;
};
struct iova {
	u64 v;
};

#define PAGE_SHIFT 12
#define PAGE_SIZE  4096ull

/*
 * The address space (4 levels, 48 bits):
 *   0 .. 0x7fff_ffff_ffff          places of the tests and the engines' arena, U/S=1; page 0 unmapped
 *   DIRECT_MAP + pa                all RAM, and device registers once device_map() was called
 *   STACKS                         every stack with an unmapped page below it
 *   KERNEL                         the image, W^X
 */
#define DIRECT_MAP 0xffff800000000000ull
#define STACKS     0xffffff0000000000ull
#define KERNEL     0xffffffff80000000ull

static inline void *direct(struct pa pa) { return (void *)(DIRECT_MAP + pa.v); }
static inline struct pa direct_pa(const void *p) { return (struct pa){ (u64)p - DIRECT_MAP }; }
