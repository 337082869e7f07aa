#include "kernel/rescue.h"
#include "kernel/apic.h"
#include "kernel/backtrace.h"
#include "kernel/format.h"
#include "kernel/oops.h"
#include "kernel/panic.h"
#include "kernel/smp.h"
#include "kernel/time.h"
#include "kernel/x86.h"
#include <stdarg.h>

/* Longer than uncut code takes, which may wait for a UART that is stuck. */
enum { LEAVE_DEADLINE_MS = 10000 };

bool rescue_enter(struct rescue *r, void (*fn)(void *arg), void *arg);
extern const u8 rescue_exit[];
__attribute__((noreturn)) void rescue_return(struct rescue *r);

_Static_assert(offsetof(struct rescue, rsp) == 0, "kernel/rescue.S");
_Static_assert(offsetof(struct rescue, state) == 8, "kernel/rescue.S");
_Static_assert(offsetof(struct rescue, rflags) == 16, "kernel/rescue.S");

bool rescue_call(void (*fn)(void *arg), void *arg)
{
	struct rescue *r = &this_cpu()->rescue;

	if (r->state & 1)
		panic("a call that can be ended, inside another");
	r->rflags = read_rflags();
	return rescue_enter(r, fn, arg);
}

const char *rescue_reason(const struct cpu *c) { return c->rescue.reason; }

/* Why, the step if its CPU says which, and where, with what was interrupted there: for rescue_reason(). */
static void tell(u64 rip, const char *why)
{
	struct cpu *c = this_cpu();
	struct symbol at = symbol_of(rip);
	char *reason = c->rescue.reason;
	size_t size = sizeof c->rescue.reason;

	size_t n = format(reason, size, "%s%s%s, at %s+%#lx", why, c->doing ? ", in step " : "",
			  c->doing ? c->doing : "", at.name, at.offset);
	if (c->trapped && c->trapped->rip != rip && n < size) {
		at = symbol_of(c->trapped->rip);
		format(reason + n, size - n, " in an interrupt of %s+%#lx", at.name, at.offset);
	}
}

/* Outside from here on. What is interrupted, if it is a handler itself, is left too. */
static void out(struct cpu *c)
{
	__atomic_store_n(&c->rescue.state, c->rescue.state + 1, __ATOMIC_RELEASE);
	c->doing = NULL;
	c->trapped = NULL;
	smp_call_cut();
	apic_eoi_all();
}

static bool due(const struct rescue *r) { return rescue_wanted(r) && !r->uncut; }

void rescue_leave(void)
{
	struct cpu *c = this_cpu();

	if (!due(&c->rescue))
		return;
	cli();
	tell((u64)__builtin_return_address(0), c->rescue.why);
	out(c);
	rescue_return(&c->rescue);
}

static void leave_by(struct trap_frame *f)
{
	struct cpu *c = this_cpu();

	out(c);
	f->rip = (u64)rescue_exit;
	f->cs = SEL_CODE;
	f->ss = SEL_DATA;
	f->rsp = c->rescue.rsp;
	f->rflags = c->rescue.rflags;
	f->rax = false;
}

void rescue_look(struct trap_frame *f)
{
	struct rescue *r = &this_cpu()->rescue;

	if (!due(r))
		return;
	tell(f->rip, r->why);
	leave_by(f);
}

bool rescue_exception(struct trap_frame *f)
{
	struct cpu *c = this_cpu();
	char why[96];

	if (!rescue_inside(c) || c->rescue.uncut || f->vector == VECTOR_NMI ||
	    f->vector == VECTOR_DF || f->vector == VECTOR_MC)
		return false;
	/* A fault while telling is an oops. */
	uncut_begin();
	oops_tell(f, why, sizeof why);
	tell(f->rip, why);
	uncut_end_in_trap();
	leave_by(f);
	return true;
}

bool rescue_nmi(void)
{
	return __atomic_exchange_n(&this_cpu()->rescue.nmi_due, false, __ATOMIC_SEQ_CST);
}

bool rescue_end(struct cpu *c, const char *why)
{
	struct rescue *r = &c->rescue;
	u64 state = __atomic_load_n(&r->state, __ATOMIC_ACQUIRE);

	if (!(state & 1))
		return true;
	r->why = why;
	__atomic_store_n(&r->end, state + 1, __ATOMIC_SEQ_CST);
	if (c == this_cpu()) {
		rescue_leave();
		return false;
	}
	/* The flag tells its handler that this NMI has a sender; one that was sent and did not come yet will do. */
	if (!__atomic_exchange_n(&r->nmi_due, true, __ATOMIC_SEQ_CST))
		apic_send(c->apic_id, APIC_NMI, 0);
	return until(LEAVE_DEADLINE_MS, __atomic_load_n(&r->state, __ATOMIC_ACQUIRE) != state,
		     "CPU %u to leave its step", c->index);
}

void rescue_give_up(const char *fmt, ...)
{
	struct rescue *r = &this_cpu()->rescue;
	char why[96];
	va_list ap;

	va_start(ap, fmt);
	vformat(why, sizeof why, fmt, ap);
	va_end(ap);
	if (rescue_inside(this_cpu()) && !r->uncut)
		rescue_end(this_cpu(), why);
	panic("%s", why);
}
