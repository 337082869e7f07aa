#pragma once
#include "kernel/types.h"

/* Ticks of the time stamp counter, and how many make a millisecond and a microsecond. */
u64 now(void);
extern u64 tsc_per_ms, tsc_per_us;

/* Busy-wait. Only where the hardware's manual states a delay; an event is waited for with until(). */
void delay_us(u64 us);

/*
 * until(10, cond, "QIE to show in GSTS, unit %u", n): true once cond holds. If it does not within
 * the deadline (in ms): false, and a note "timeout after 10 ms waiting for QIE to show ...".
 * Every wait of the kernel for hardware is one of these; steps have tests/wait.h. Any CPU, any context.
 */
#define until(deadline_ms, cond, ...)                                              \
	({                                                                         \
		u64 until_end_ = 0;                                                \
		bool until_ok_, until_last_;                                       \
		for (;;) {                                                         \
			/* A first look without a clock, and one after the end. */ \
			until_last_ = until_end_ && now() >= until_end_;           \
			until_ok_ = (cond);                                        \
			if (until_ok_ || until_last_)                              \
				break;                                             \
			if (!until_end_)                                           \
				until_end_ = now() + tsc_per_ms * (deadline_ms);   \
			__builtin_ia32_pause();                                    \
		}                                                                  \
		if (!until_ok_)                                                    \
			until_expired(deadline_ms, __VA_ARGS__);                   \
		until_ok_;                                                         \
	})
__attribute__((format(printf, 2, 3))) void until_expired(u64 deadline_ms, const char *fmt, ...);
