#pragma once
#include "kernel/cpu.h"

/*
 * The other CPUs between and during scenarios: they wait for work, for a short while without leaving the
 * instruction stream, because within a scenario a hand-off must be fast, and then asleep. Where CPUs take turns they are asleep at once.
 */

/* smp_idle: what a started CPU does for ever. */
void worker_loop(void);

/*
 * Run fn(arg) on another CPU, with interrupts on, and wait for its end. False if it was ended from outside
 * (kernel/rescue.h), as it is after the deadline, with a note: rescue_reason() says why. Boot CPU: its timer ends a sleep
 * that nothing else does.
 */
void worker_start(struct cpu *c, void (*fn)(void *arg), void *arg);
bool worker_wait(struct cpu *c, u64 deadline_ms);
/* Has it nothing to do: ended, or was ended from outside? */
bool worker_is_done(struct cpu *c);

/* Both; on the calling CPU itself a call, without a deadline of its own. */
bool worker_do(struct cpu *c, void (*fn)(void *arg), void *arg, u64 deadline_ms);

/*
 * Until there(arg), for a short while (none where CPUs take turns) without leaving the instruction stream and then asleep, unless
 * interrupts are off or the CPU is needed awake. False after the deadline (0: none; the boot CPU's timer ends a sleep that nothing else does).
 * Whoever makes it true calls worker_wake() after. Any CPU.
 */
enum await { AWAIT_AWAKE, AWAIT_ASLEEP };
bool worker_await(bool (*there)(void *arg), void *arg, u64 deadline_ms, enum await await);
void worker_wake(struct cpu *c);

/* How many CPUs really run at once, by trial: the processors of the host, where CPUs are an emulator's threads. Boot CPU. */
unsigned worker_room(void);
/* It is one, and always was while we tried: CPUs take turns, and who waits gives way at once. */
extern bool worker_takes_turns;
/* So many are going to wait for each other: true, and they do not wait long without sleeping, if that is too many. */
bool worker_crowd(unsigned seats);
