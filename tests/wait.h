#pragma once
#include "kernel/time.h"
#include "tests/shootdown.h"

/*
 * A step's wait: true once `cond` holds; false at once if `blocked` does, or after the deadline of a step. Whoever waits
 * serves broadcasts. PAUSE is rare: an emulator leaves the instruction stream for it, and hand-offs get slow.
 */
enum { STEP_DEADLINE_MS = 3000, LOOKS_WITHOUT_CLOCK = 4096 };

#define WAIT_FOR(self, cond, blocked)                                                       \
	({                                                                                  \
		u64 wait_end_ = 0;                                                          \
		bool wait_ok_;                                                              \
		for (unsigned wait_n_ = 1; !(wait_ok_ = (cond)) && !(blocked); wait_n_++) { \
			shootdown_serve((self)->run, (self)->seat);                         \
			if (wait_n_ % LOOKS_WITHOUT_CLOCK)                                  \
				continue;                                                   \
			if (!wait_end_)                                                     \
				wait_end_ = now() + STEP_DEADLINE_MS * tsc_per_ms;          \
			else if (now() > wait_end_)                                         \
				break;                                                      \
		}                                                                           \
		wait_ok_;                                                                   \
	})
