#include "kernel/smp.h"
#include "kernel/apic.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/rescue.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "kernel/x86.h"

void (*smp_idle)(void);

enum { START_DEADLINE_MS = 1000, CALL_DEADLINE_MS = 5000, INIT_US = 10000 };

/* At the end of boot/trampoline.S. */
struct trampoline_args {
	u64 cr3;
	volatile u32 *tickets;
	u64 *stack_tops;
	void (*entry)(u32 ticket);
	u64 places;
};
extern u8 trampoline[], trampoline_end[], trampoline_args[];

static u32 targets[CPUS_MAX]; /* APIC ids */
static u64 stack_tops[CPUS_MAX];
static struct cpu *made[CPUS_MAX];
static struct cpu pool[CPUS_MAX - 1];
static volatile u32 tickets, up;
static volatile bool numbered;

/* In one piece: what can be cut is the function. */
static void call_done(struct cpu *c)
{
	uncut_begin();
	c->calling = false;
	__atomic_store_n(&c->calls_done, c->calls_asked, __ATOMIC_RELEASE);
	__atomic_store_n(&c->called, false, __ATOMIC_RELEASE);
	uncut_end();
}

static void call_handler(struct trap_frame *f)
{
	struct cpu *c = this_cpu();

	(void)f;
	/* End of interrupt first: the caller may send the next as soon as it sees this one done. */
	apic_eoi();
	if (c->calls_done == __atomic_load_n(&c->calls_asked, __ATOMIC_ACQUIRE))
		return;
	c->calling = true;
	c->call((void *)c->call_arg);
	call_done(c);
}

void smp_call_cut(void)
{
	struct cpu *c = this_cpu();

	if (c->calling)
		call_done(c);
	else if (c->calls_done != c->calls_asked)
		/* It may be that its interrupt was taken and nothing done yet. */
		smp_wake(c);
}

static void ap_entry(u32 ticket)
{
	struct cpu *c = made[ticket];

	cpu_tables_load(c);
	apic_enable();
	c->apic_id = apic_id();
	c->online = true;
	__atomic_add_fetch(&up, 1, __ATOMIC_RELEASE);
	/* Numbers are given to those who came, when all have had their time. */
	while (!numbered) {
		sti_hlt();
		cli();
	}
	sti();
	smp_idle();
}

static struct cpu *cpu_make(u32 ticket, u64 (*stack)(unsigned pages))
{
	struct cpu *c = ticket ? &pool[ticket - 1] : &boot_cpu;

	c->self = c;
	c->nmi_stack_top = stack(IST_STACK_PAGES);
	c->df_stack_top = stack(IST_STACK_PAGES);
	c->mc_stack_top = stack(IST_STACK_PAGES);
	return c;
}

static void trampoline_write(struct pa page, unsigned places)
{
	struct trampoline_args args = { read_cr3(), &tickets, stack_tops, ap_entry, places };
	u8 *copy = direct(page);

	memcpy(copy, trampoline, (u64)trampoline_end - (u64)trampoline);
	memcpy(copy + ((u64)trampoline_args - (u64)trampoline), &args, sizeof args);
}

/* Those of ids[] that are to be started, each with its stacks made. */
static u32 choose(const u32 *ids, unsigned n, u64 (*stack)(unsigned pages))
{
	u32 wanted = 0;

	for (unsigned i = 0; i < n; i++) {
		const char *why = !apic_reaches(ids[i])    ? "it cannot be reached in xAPIC mode"
				  : wanted == CPUS_MAX - 1 ? "more than this kernel has room for"
							   : NULL;

		if (ids[i] == boot_cpu.apic_id)
			continue;
		if (why) {
			note("cpu apic=%u left out: %s", ids[i], why);
			continue;
		}
		made[wanted] = cpu_make(wanted + 1, stack);
		made[wanted]->stack_top = stack_tops[wanted] = stack(AP_STACK_PAGES);
		targets[wanted++] = ids[i];
	}
	return wanted;
}

static void send_all(u32 wanted, enum apic_mode mode, u8 vector)
{
	for (u32 i = 0; i < wanted; i++)
		apic_send(targets[i], mode, vector);
}

static bool came(u32 id)
{
	for (u32 i = 1; i < cpu_count; i++)
		if (cpus[i]->apic_id == id)
			return true;
	return false;
}

void smp_start(const u32 *ids, unsigned n, struct pa page, u64 (*stack)(unsigned pages))
{
	trap_handler(VECTOR_CALL, call_handler);
	boot_cpu.apic_id = apic_id();
	cpu_make(0, stack);
	cpu_tables_load(&boot_cpu);

	u32 wanted = choose(ids, n, stack);
	if (!wanted)
		return;
	trampoline_write(page, wanted);
	send_all(wanted, APIC_INIT, 0);
	delay_us(INIT_US);
	for (unsigned sipi = 0; sipi < 2 && up != wanted; sipi++) {
		send_all(wanted, APIC_STARTUP, (u8)(page.v >> PAGE_SHIFT));
		/* The manual's 200 us before the second; a CPU that runs already ignores it. */
		for (u64 end = now() + 200 * tsc_per_us; up != wanted && now() < end;)
			pause();
	}
	until(START_DEADLINE_MS, up == wanted, "%u of %u CPUs to start", wanted - up, wanted);
	for (u32 i = 0; i < wanted; i++) {
		if (!made[i]->online)
			continue;
		made[i]->index = cpu_count;
		cpus[cpu_count++] = made[i];
	}
	/* One that came now would find its start-up code unmapped, and a triple fault resets the machine. */
	for (u32 i = 0; cpu_count <= wanted && i < wanted; i++) {
		if (came(targets[i]))
			continue;
		note("cpu apic=%u left out: it did not start", targets[i]);
		apic_send(targets[i], APIC_INIT, 0);
	}
	numbered = true;
	for (u32 i = 1; i < cpu_count; i++)
		smp_wake(cpus[i]);
}

/*
 * True, and until the call is sent nobody ends or interrupts us: a CPU that is claimed and not called would stay
 * claimed.
 */
static bool claimed(struct cpu *c, u64 flags)
{
	cli();
	uncut_begin();
	if (!__atomic_exchange_n(&c->called, true, __ATOMIC_ACQUIRE))
		return true;
	uncut_end();
	sti_if(flags);
	return false;
}

void smp_call_start(struct cpu *c, void (*fn)(void *arg), void *arg)
{
	u64 flags = read_rflags();

	/* The target gives it back: nobody waits here for another caller, and one that gave up is no harm. */
	if (!until(CALL_DEADLINE_MS, claimed(c, flags), "CPU %u to end a call", c->index))
		rescue_give_up("CPU %u cannot be called: it does not end the call before",
			       c->index);
	c->call = fn;
	c->call_arg = arg;
	__atomic_store_n(&c->calls_asked, c->calls_asked + 1, __ATOMIC_RELEASE);
	apic_send(c->apic_id, APIC_FIXED, VECTOR_CALL);
	uncut_end();
	sti_if(flags);
}

bool smp_call_wait(struct cpu *c, u64 deadline_ms)
{
	/* Ours, or that of a caller who came after it: calls are done in turn. */
	u32 asked = __atomic_load_n(&c->calls_asked, __ATOMIC_ACQUIRE);

	return until(deadline_ms,
		     __atomic_load_n(&c->calls_done, __ATOMIC_ACQUIRE) - asked < 1u << 31,
		     "CPU %u to acknowledge an IPI", c->index);
}

/* The handler finds no call, and that is all right. */
void smp_wake(struct cpu *c) { apic_send(c->apic_id, APIC_FIXED, VECTOR_CALL); }

static volatile u32 away;

/* Not in the middle of a store when INIT comes, however late that is. */
static void go_away(void *unused)
{
	(void)unused;
	cli();
	__atomic_add_fetch(&away, 1, __ATOMIC_RELEASE);
	for (;;)
		hlt();
}

void smp_send_away(void)
{
	for (u32 i = 1; i < cpu_count; i++)
		smp_call_start(cpus[i], go_away, NULL);
	until(START_DEADLINE_MS, away == cpu_count - 1, "%u CPUs to be sent away", cpu_count - 1);
	for (u32 i = 1; i < cpu_count; i++)
		apic_send(cpus[i]->apic_id, APIC_INIT, 0);
	delay_us(INIT_US);
}

void smp_stop_others(void)
{
	for (u32 i = 0; i < cpu_count; i++) {
		struct cpu *c = cpus[i];

		if (c == this_cpu() || c->stopped)
			continue;
		c->stopped = true;
		apic_send(c->apic_id, APIC_NMI, 0);
	}
}
