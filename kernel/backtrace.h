#pragma once
#include "kernel/types.h"

/* "function+0x12", from the table that the build puts into the image. Any context. */
struct symbol {
	char name[40];
	u64 offset;
};
struct symbol symbol_of(u64 address);

/* Notes for rip and every return address from rbp up, while frames lie in stacks of this CPU. Any context. */
void backtrace(u64 rip, u64 rbp);
