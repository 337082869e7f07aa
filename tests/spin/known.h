#pragma once
#include "tests/ops.h"

/* An operation that the .pml files state, and how many plain stores and descriptors it makes room for. */
struct known {
	u8 op, stores, slots;
};

/* By enum op; NULL: Promela does not have it. */
const struct known *known_op(unsigned op);
