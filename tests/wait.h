#pragma once
#include "kernel/time.h"
#include "kernel/x86.h"
#include "tests/shootdown.h"
#include "tests/worker.h"

/*
 * A step's wait: true once `cond` holds; false at once if `blocked` does, or after the deadline of a step. Whoever waits
 * serves broadcasts. Step by step nothing that is waited for takes another agent's step: to be late is trouble, and not a
 * step that blocks. No PAUSE but where CPUs take turns: an emulator leaves the instruction stream for it, and
 * hand-offs get slow.
 */
enum { STEP_DEADLINE_MS = 3000, LOOKS_WITHOUT_CLOCK = 4096 };

/* Racing it is the whole round that is late, and says so. */
void wait_was_late(struct self *self);

#define WAIT_FOR(self, cond, blocked)                                                         \
	({                                                                                    \
		u64 wait_end_ = 0;                                                            \
		bool wait_ok_, wait_late_ = false;                                            \
		for (unsigned wait_n_ = 1; !(wait_ok_ = (cond)) && !wait_late_ && !(blocked); \
		     wait_n_++) {                                                             \
			shootdown_serve((self)->run, (self)->seat);                           \
			if (worker_takes_turns)                                               \
				pause();                                                      \
			if (!worker_takes_turns && wait_n_ % LOOKS_WITHOUT_CLOCK)             \
				continue;                                                     \
			if (!wait_end_)                                                       \
				wait_end_ = now() + STEP_DEADLINE_MS * tsc_per_ms;            \
			else                                                                  \
				wait_late_ = now() > wait_end_;                               \
		}                                                                             \
		if (!wait_ok_ && wait_late_)                                                  \
			wait_was_late(self);                                                  \
		wait_ok_;                                                                     \
	})
