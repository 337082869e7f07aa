#pragma once
#include "kernel/cpu.h"

/*
 * The other CPUs between and during scenarios: they sleep until a scenario needs them, then wait for
 * work without leaving the instruction stream, because a hand-off must be fast.
 */

/* smp_idle: what a started CPU does for ever. */
void worker_loop(void);

/* From asleep to awake and back. Boot CPU. False with a note if the CPU does not answer. */
bool worker_wake(struct cpu *c);
void worker_rest(struct cpu *c);

/* fn(arg) on an awake CPU, waited for. On the calling CPU itself: a call. False after the deadline. */
bool worker_do(struct cpu *c, void (*fn)(void *arg), void *arg, u64 deadline_ms);
