#include "kernel/oops.h"
#include "kernel/addr.h"
#include "kernel/backtrace.h"
#include "kernel/bits.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/format.h"
#include "kernel/ktap.h"
#include "kernel/panic.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "kernel/rescue.h"
#include "kernel/smp.h"
#include "kernel/x86.h"
#include <stdarg.h>

const char *volatile running_test = "none";

/* SDM 3A table 6-1 */
static const char *const names[EXCEPTIONS] = {
	"#DE divide error",
	"#DB debug",
	"NMI",
	"#BP breakpoint",
	"#OF overflow",
	"#BR bound range",
	"#UD invalid opcode",
	"#NM no coprocessor",
	"#DF double fault",
	"coprocessor segment",
	"#TS invalid TSS",
	"#NP segment not present",
	"#SS stack segment",
	"#GP general protection",
	"#PF page fault",
	"vector 15",
	"#MF x87",
	"#AC alignment",
	"#MC machine check",
	"#XM SIMD",
	"#VE virtualization",
	"#CP control protection",
	[28] = "#HV hypervisor injection",
	"#VC VMM communication",
	"#SX security",
};

/* The first CPU that dies tells the story; the others wait to be stopped. */
static struct cpu *dying;
static bool first_to_die(void)
{
	struct cpu *nobody = NULL;

	return __atomic_compare_exchange_n(&dying, &nobody, this_cpu(), false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST) ||
	       nobody == this_cpu();
}

static __attribute__((noreturn)) void rest(void)
{
	for (;;) {
		cli();
		hlt();
	}
}

/*
 * On return this CPU tells its story alone. How often it has died is the result: telling may fault, and
 * ends with the second fault of that kind.
 */
static unsigned die(void)
{
	static unsigned deaths;

	cli();
	uncut_begin(); /* for good */
	if (!first_to_die())
		rest();
	if (++deaths > 2)
		power_end(RUN_BAILED);
	console_break_lock();
	console_release(true);
	if (deaths == 1)
		smp_stop_others();
	return deaths;
}

__attribute__((noreturn)) static void bail_out(const char *why)
{
	ktap_bail_out(&ktap, "%s (cpu=%u test=%s)", why, this_cpu()->index, running_test);
	power_end(RUN_BAILED);
}

static const char *page_fault_cause(u64 error)
{
	if (get(error, PF_RSVD))
		return "reserved bit set in a paging entry";
	if (!get(error, PF_P))
		return get(error, PF_I)   ? "fetch from a page not present"
		       : get(error, PF_W) ? "write to a page not present"
					  : "read of a page not present";
	return get(error, PF_I)   ? "fetch from a page that is not executable"
	       : get(error, PF_W) ? "write to a read-only page"
				  : "protection";
}

static const char *name_of(u64 vector) { return names[vector] ? names[vector] : "exception"; }

static void tell_exception(const struct trap_frame *f, u64 cr2)
{
	const struct cpu *c = this_cpu();

	note("exception vector=%lu %s error=%#lx cpu=%u apic=%u test=%s doing=%s", f->vector,
	     name_of(f->vector), f->error, c->index, c->apic_id, running_test,
	     c->doing ? c->doing : "-");
	if (f->vector == VECTOR_PF)
		note("page-fault cr2=%#lx cause=\"%s\"", cr2, page_fault_cause(f->error));
	/* The fault that became two: pushing to the page below a stack. */
	if (f->vector == VECTOR_DF && cr2 >= STACKS && cr2 < KERNEL)
		note("double-fault cr2=%#lx cause=\"stack overflow: the page below a stack\"", cr2);
}

static void tell_registers(const struct trap_frame *f, u64 cr2)
{
	note("regs rip=%#lx cs=%#lx rflags=%#lx rsp=%#lx ss=%#lx", f->rip, f->cs, f->rflags, f->rsp,
	     f->ss);
	note("regs rax=%#lx rbx=%#lx rcx=%#lx rdx=%#lx", f->rax, f->rbx, f->rcx, f->rdx);
	note("regs rsi=%#lx rdi=%#lx rbp=%#lx r8=%#lx", f->rsi, f->rdi, f->rbp, f->r8);
	note("regs r9=%#lx r10=%#lx r11=%#lx r12=%#lx", f->r9, f->r10, f->r11, f->r12);
	note("regs r13=%#lx r14=%#lx r15=%#lx", f->r13, f->r14, f->r15);
	note("regs cr0=%#lx cr2=%#lx cr3=%#lx cr4=%#lx", read_cr0(), cr2, read_cr3(), read_cr4());
	backtrace(f->rip, f->rbp);
}

void oops_tell(const struct trap_frame *f, char *why, size_t size)
{
	u64 cr2 = read_cr2();
	size_t n = format(why, size, "%s", name_of(f->vector));

	if (f->vector == VECTOR_PF && n < size)
		format(why + n, size - n, " (%s, cr2=%#lx)", page_fault_cause(f->error), cr2);
	tell_exception(f, cr2);
	tell_registers(f, cr2);
}

void oops(struct trap_frame *f)
{
	char why[96];
	u64 cr2 = read_cr2();

	if (f->vector == VECTOR_NMI && this_cpu()->stopped)
		rest();
	bool again = die() > 1;

	tell_exception(f, cr2);
	if (again)
		bail_out("the report of a fault faulted too");
	tell_registers(f, cr2);
	format(why, sizeof why, "%s at %s", name_of(f->vector), symbol_of(f->rip).name);
	bail_out(why);
}

void panic(const char *fmt, ...)
{
	char why[768];
	va_list ap;

	unsigned deaths = die();

	va_start(ap, fmt);
	vformat(why, sizeof why, fmt, ap);
	va_end(ap);
	if (deaths == 1)
		backtrace((u64)__builtin_return_address(0), (u64)__builtin_frame_address(0));
	bail_out(why);
}
