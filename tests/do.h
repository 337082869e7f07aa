#pragma once
#include "tests/scenario.h"

#define DO(name, to, kind) bool do_##name(struct self *self, u64 a, u64 b, u64 c);
OPS(DO)
bool begin_step(struct self *self, u8 no);
u8 saw_before(struct self *self, unsigned observation);
#undef DO
