#pragma once
#include "kernel/cpu.h"

/*
 * The other CPUs between and during scenarios: they wait for work, for a short while without leaving the
 * instruction stream, because within a scenario a hand-off must be fast, and then asleep.
 */

/* smp_idle: what a started CPU does for ever. */
void worker_loop(void);

/*
 * fn(arg) on another CPU, waited for. On the calling CPU itself: a call. False after the deadline. Boot
 * CPU: its timer ends a sleep that nothing else does.
 */
bool worker_do(struct cpu *c, void (*fn)(void *arg), void *arg, u64 deadline_ms);
