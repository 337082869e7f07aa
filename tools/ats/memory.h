#pragma once
#include "tools/ats/wire.h"

/* The guest's memory, as this process has it. */
struct memory {
	unsigned regions;
	struct wire_region region[WIRE_REGIONS];
	u8 *base[WIRE_REGIONS]; /* of the mapping, which begins where the file does */
};

/* Maps what the message tells, in place of what was mapped, and takes its file descriptors. */
void memory_set(struct memory *m, struct wire *table);
/* Where `size` bytes at QEMU's address `user` are here, and their physical address; NULL if they are not in one region. */
void *memory_at(const struct memory *m, u64 user, u64 size, u64 *physical);
