#pragma once
#include "tests/ops.h"

/*
 * An operation that the .pml files state, in fields of its line in known.c: letters of its arguments
 * (place, frame, observation to be made, observation made before (b), symbol, rights, tag, word, value, lock,
 * agent); plain stores and descriptors that it makes room for. For chance: themes (translation, marks
 * of entries (A and D), references, stores and locks, interrupts, queue, device TLBs), and how often a
 * CPU and how often a device takes it.
 */
struct known {
	const char *name, *arguments;
	u8 op, stores, slots;
	const char *themes;
	u8 cpu, device;
};

/* By place in the table; NULL: there are no more. */
const struct known *known_at(unsigned i);
/* By enum op; NULL: Promela does not have it. */
const struct known *known_op(unsigned op);
