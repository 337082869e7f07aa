#include "kernel/smp.h"
#include "kernel/apic.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "kernel/x86.h"

void (*smp_idle)(void);

enum { AP_STACK_PAGES = 4, IST_STACK_PAGES = 2, START_DEADLINE_MS = 1000 };

/* At the end of boot/trampoline.S. */
struct trampoline_args {
	u64 cr3;
	volatile u32 *tickets;
	u64 *stack_tops;
	void (*entry)(u32 ticket);
	u64 places;
};
extern u8 trampoline[], trampoline_end[], trampoline_args[];

static u64 stack_tops[CPUS_MAX];
static struct cpu *made[CPUS_MAX];
static struct cpu pool[CPUS_MAX - 1];
static volatile u32 tickets, up;
static volatile bool numbered;

static void call_handler(struct trap_frame *f)
{
	struct cpu *c = this_cpu();

	(void)f;
	/* End of interrupt first: the caller may send the next as soon as it sees this one done. */
	apic_eoi();
	if (c->calls_done != c->calls_asked) {
		c->call((void *)c->call_arg);
		__atomic_store_n(&c->calls_done, c->calls_asked, __ATOMIC_RELEASE);
	}
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

void smp_start(const u32 *ids, unsigned n, struct pa page, u64 (*stack)(unsigned pages))
{
	u32 self = apic_id(), wanted = 0;

	trap_handler(VECTOR_CALL, call_handler);
	boot_cpu.apic_id = self;
	cpu_make(0, stack);
	cpu_tables_load(&boot_cpu);
	for (unsigned i = 0; i < n; i++) {
		if (ids[i] == self)
			continue;
		if (wanted == CPUS_MAX - 1) {
			note("cpus listed=%u used=%u: more than this kernel has room for", n,
			     CPUS_MAX);
			break;
		}
		made[wanted] = cpu_make(wanted + 1, stack);
		made[wanted]->stack_top = stack_tops[wanted] = stack(AP_STACK_PAGES);
		wanted++;
	}
	if (!wanted)
		return;
	trampoline_write(page, wanted);

	unsigned sent = 0;
	for (unsigned i = 0; i < n && sent < wanted; i++)
		if (ids[i] != self && ++sent)
			apic_send(ids[i], APIC_INIT, 0);
	delay_us(10000);
	for (unsigned sipi = 0; sipi < 2 && up != wanted; sipi++) {
		sent = 0;
		for (unsigned i = 0; i < n && sent < wanted; i++)
			if (ids[i] != self && ++sent)
				apic_send(ids[i], APIC_STARTUP, (u8)(page.v >> PAGE_SHIFT));
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
	numbered = true;
	for (u32 i = 1; i < cpu_count; i++)
		smp_wake(cpus[i]);
}

void smp_call_start(struct cpu *c, void (*fn)(void *arg), void *arg)
{
	c->call = fn;
	c->call_arg = arg;
	__atomic_store_n(&c->calls_asked, c->calls_asked + 1, __ATOMIC_RELEASE);
	apic_send(c->apic_id, APIC_FIXED, VECTOR_CALL);
}

bool smp_call_wait(struct cpu *c, u64 deadline_ms)
{
	return until(deadline_ms, c->calls_done == c->calls_asked, "CPU %u to acknowledge an IPI",
		     c->index);
}

/* The handler finds no call, and that is all right. */
void smp_wake(struct cpu *c) { apic_send(c->apic_id, APIC_FIXED, VECTOR_CALL); }

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
