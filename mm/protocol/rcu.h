#pragma once

/* 2 steps: every walker that had interrupts off when it began has ended. May wait: no locks that a walker takes. kernel/rcu. */
#define synchronize_rcu(step, n) \
	step(n, rcu_start)       \
	step((n) + 1, rcu_wait)
