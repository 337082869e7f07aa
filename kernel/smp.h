#pragma once
#include "kernel/addr.h"
#include "kernel/cpu.h"

/*
 * Start every CPU of ids[] but the caller's by INIT-SIPI-SIPI (SDM 3A 8.4.4.1), all at once. A CPU that
 * does not come is named in a note and left out. Boot CPU, once. page: below 1 MiB and mapped one to one
 * by the page tables in use; stack: gives each CPU the top of a stack of the stated number of pages.
 */
void smp_start(const u32 *ids, unsigned n, struct pa page, u64 (*stack)(unsigned pages));

/* What a CPU runs after it is up, with interrupts on: it never returns. Set before smp_start(). */
extern void (*smp_idle)(void);

/*
 * Run fn(arg) on another CPU in an interrupt (VECTOR_CALL) and wait for its end: the acknowledgement.
 * call_start and call_wait are the two halves, for callers that send several first. False after deadline_ms, with a note
 * naming the CPU. Callable from any CPU, also by several at once, with interrupts on: who calls may be called
 * meanwhile. A target with interrupts off delays the call.
 */
void smp_call_start(struct cpu *c, void (*fn)(void *arg), void *arg);
bool smp_call_wait(struct cpu *c, u64 deadline_ms);

/* This CPU leaves an interrupt's handler in the middle: whoever called it shall not wait. kernel/rescue.c */
void smp_call_cut(void);

/* Interrupt a CPU, so that it leaves HLT. Any CPU. */
void smp_wake(struct cpu *c);

/*
 * The others as firmware leaves them: waiting for a SIPI, after INIT. One that does not come out of what it does within
 * a second is a note, and gets its INIT all the same. Boot CPU; smp_start() is what may follow.
 */
void smp_send_away(void);

/* The others stop for good where they are (NMI). For the end of a run. */
void smp_stop_others(void);
