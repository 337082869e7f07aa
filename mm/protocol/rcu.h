#pragma once

/*
 * RCU (kernel/rcu) with walkers that have interrupts off for readers. 1 step and 1: from here a grace period runs, whoever calls goes
 * on; every walker that was inside when it began has ended, and what was asked for is done. Who frees calls the first under any
 * locks, the second is called back without.
 */
#define call_rcu(step, n)     step(n, rcu_start)
#define rcu_callback(step, n) step(n, rcu_wait)

/* 2 steps: the same, waited for. Without locks that a walker could take. */
#define synchronize_rcu(step, n) \
	call_rcu(step, n)        \
	rcu_callback(step, (n) + 1)
