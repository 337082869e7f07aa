#pragma once
#include "kernel/cpu.h"

struct trap_frame;

/*
 * A call that can be ended from outside: what runs in it may hang, with interrupts on or off, or take an
 * exception, and the CPU comes back. It is ended by an IRET: of an interrupt, NMI or exception on its CPU, whose
 * frame is made to go on behind the call. What the function had begun stays begun: whoever
 * ends a call puts back what its steps may have touched (tables, control registers, engines).
 */

/*
 * Run fn(arg) on this CPU. True: it returned. False: it was ended, the stack and the interrupt flag are as
 * at the call, no interrupt is in service, and rescue_reason() says why. One at a time on a CPU: panics
 * inside another. Any CPU, no lock held.
 */
bool rescue_call(void (*fn)(void *arg), void *arg);

/* Why the last call that did not return on c was ended, with its step and where it was: a sentence. */
const char *rescue_reason(const struct cpu *c);

/* Is c in a call? */
static inline bool rescue_inside(const struct cpu *c) { return c->rescue.state & 1; }
/* Is it to be ended? */
static inline bool rescue_wanted(const struct rescue *r) { return r->end == r->state + 1; }

/*
 * End the call that c is in, and wait until it is left: another CPU's by NMI, this one's without coming
 * back. why: a string that stays. True: c is in no call, or in another one by now. False, with a
 * note: it did not leave, or this CPU is in uncut code and will leave with its end. Any CPU, any context, one
 * caller at a time for a CPU.
 */
bool rescue_end(struct cpu *c, const char *why);

/* If somebody wanted to end the call of this CPU, and it can be cut: end it now. */
void rescue_leave(void);

/* What cannot go on: ends this CPU's call with a sentence, or the run if there is no call or it cannot be cut. */
__attribute__((noreturn, format(printf, 1, 2))) void rescue_give_up(const char *fmt, ...);

/*
 * Code that must not be cut, because nobody could put back what it leaves behind: who holds a lock, or has half
 * filled what others read. May be nested, and holds no wait. An exception in it is an oops; an interrupt whose
 * handler hangs in it, too, so that interrupts are best off. Any CPU, any context.
 */
static inline void uncut_begin(void)
{
	__asm__ volatile("incl %%gs:%c0" : : "i"(offsetof(struct cpu, rescue.uncut)) : "memory");
}
/* In a trap, whose end looks whether somebody wanted to end the call meanwhile. */
static inline void uncut_end_in_trap(void)
{
	__asm__ volatile("decl %%gs:%c0" : : "i"(offsetof(struct cpu, rescue.uncut)) : "memory");
}
/* May not come back. */
static inline void uncut_end(void)
{
	const struct rescue *r = &this_cpu()->rescue;

	uncut_end_in_trap();
	if (__builtin_expect(rescue_wanted(r), 0))
		rescue_leave();
}

/* For kernel/trap.c: at the end of every trap; an exception that nobody expected, true if it ended a call. */
void rescue_look(struct trap_frame *f);
bool rescue_exception(struct trap_frame *f);

/* Was this NMI sent by rescue_end()? For the handler of NMIs, kernel/watchdog.c. */
bool rescue_nmi(void);
