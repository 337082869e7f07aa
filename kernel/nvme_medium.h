#pragma once
#include "kernel/nvme.h"

/* What of a controller is read, again and again, and never written. */
struct nvme_medium {
	u32 namespace_id;
	u32 blocks;         /* that make three pages: those from block 0 on are read */
	bool has_word;      /* the log of commands and their effects has `wanted`: */
	u32 effects_offset; /* there */
};

/* The largest read is this long: a page more than PRP1 and PRP2 can name, so that PRP2 is a list's address. */
enum { NVME_READ_BYTES = 3 * NVME_PAGE };

/*
 * Find a namespace that can be read; false, with a note, if there is none. And 64 bits of value `wanted` in the log of
 * commands and their effects; a note if there are none. Uses nvme_memory.data.
 */
bool nvme_find_medium(struct nvme *n, u64 wanted, struct nvme_medium *m);
