#pragma once
#include "tests/model/judge.h"

/* A program in one mode: as the architecture has it, as QEMU does it, and as QEMU would if it were mended. */
struct program {
	struct judge arch, qemu, mended;
	bool departs;             /* it may meet what QEMU does wrong */
	bool one;                 /* QEMU should have one outcome in an order */
	struct model_result last; /* of all orders, by the architecture */
};

/* Two memories: one keeps what the architecture allows while the other is worked in. */
struct program program(const struct scenario *s, unsigned control, enum model_mode mode,
		       struct model_memory memory[2], struct model_report *report);

/* In this order; or (NULL) in all, each alone where positions count, or if that is wanted. */
void program_run(struct program *p, const char *order, bool each);
