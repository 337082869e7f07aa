#include "tests/storm.h"
#include "kernel/apic.h"
#include "kernel/console.h"
#include "kernel/format.h"
#include "kernel/print.h"
#include "kernel/rescue.h"
#include "kernel/smp.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "kernel/watchdog.h"
#include "kernel/x86.h"
#include "tests/machine.h"
#include "tests/worker.h"

enum {
	ROUNDS = 300,
	DAWDLE_US = 20,
	DELAY_US = 40,
	CONSOLE_MS = 1000,
	DEADLINE_MS = 2000,
	NOWHERE = 0x7000
};

static volatile bool started[CPUS_MAX];
static volatile u64 sum;

static void spin(void) { sum++; }
static void halt(void) { sti_hlt(); }
static void halt_deaf(void)
{
	cli();
	hlt();
}
static void fault(void)
{
	u64 word;
	u32 error;

	fixup_load((volatile u64 *)NOWHERE, &word, &error);
}
static void user(void)
{
	u32 error;

	fixup_fetch((const volatile u8 *)NOWHERE, &error);
}
static void write(void) { console_write("", 0); }
static void wait_in_vain(void)
{
	/* A note that nobody reads is no loss: it never comes to that. */
	(void)until(100000, false, "nothing");
}

/* What others run in their interrupt's handler, and are ended in as well. */
static volatile bool over;
static void dawdle(void *unused)
{
	(void)unused;
	for (u64 end = now() + DAWDLE_US * tsc_per_us; !over && now() < end;)
		sum++;
}
static void call(void)
{
	/* One that has its interrupts on. */
	smp_call_start(cpus[0], dawdle, NULL);
	smp_call_wait(cpus[0], DEADLINE_MS);
}

/* A handler that does not come to the end of the interrupt; it may come late, when the call is over. */
static void never(struct trap_frame *f)
{
	(void)f;
	while (rescue_inside(this_cpu()))
		sum++;
	apic_eoi();
}
static void interrupt(void)
{
	apic_send(this_cpu()->apic_id, APIC_FIXED, VECTOR_BENCH);
	wait_in_vain();
}

/* Many CPUs at once, who wait for each other too. */
static void queue(void)
{
	if (machine.unit)
		machine_queue_wait();
}
static void give_up(void)
{
	if (++sum % 64 == 0)
		rescue_give_up("enough");
}

static void (*const acts[])(void) = { spin,         halt, halt_deaf, fault,     user,   write,
				      wait_in_vain, call, queue,     interrupt, give_up };

static void act(void *number)
{
	started[this_cpu()->index] = true;
	for (;;)
		acts[(u64)number]();
}

/* Comes back, just when it is to be ended, or not. */
static void come_back(void *unused)
{
	(void)unused;
	started[this_cpu()->index] = true;
	for (unsigned i = 0; i < 2000; i++)
		sum++;
}

static u32 draw(u32 below)
{
	static u32 x = 2463534242;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x % below;
}

/* In a step of its own. */
static void look(void *as_ever)
{
	*(bool *)as_ever = get(read_rflags(), RFLAGS_IF) && !this_cpu()->rescue.uncut;
}
static void nothing(void *unused) { (void)unused; }

static const char *unusable(struct cpu *c)
{
	static bool as_ever;

	if (rescue_inside(c) || c->doing)
		return "is still in a step";
	as_ever = false;
	if (!worker_do(c, look, &as_ever, DEADLINE_MS) || !as_ever)
		return "does no more work, or without interrupts, or not to be cut";
	smp_call_start(c, nothing, NULL);
	return smp_call_wait(c, DEADLINE_MS) ? NULL : "takes no interrupts";
}

static const char *broken(void)
{
	u64 end = now() + CONSOLE_MS * tsc_per_ms;

	console_write("", 0);
	if (now() > end)
		return "left with the lock of the consoles";
	for (u32 i = 1; i < cpu_count; i++) {
		const char *why = unusable(cpus[i]);

		if (why)
			return why;
	}
	return machine.unit && !machine_queue_wait() ? "left the queue broken" : NULL;
}

/* All others begin something; some are called meanwhile; all are ended. */
static const char *round(u64 *ended)
{
	u32 called = 1 + draw(2 * cpu_count);

	over = false;
	for (u32 i = 1; i < cpu_count; i++) {
		u64 n = draw(ARRAY_SIZE(acts) + 1);

		started[i] = false;
		worker_start(cpus[i], n < ARRAY_SIZE(acts) ? act : come_back, (void *)n);
	}
	for (u32 i = 1; i < cpu_count; i++)
		if (!until(DEADLINE_MS, started[i], "CPU %u to start", i))
			return "does not start";
	if (called < cpu_count)
		smp_call_start(cpus[called], dawdle, NULL);
	delay_us(draw(DELAY_US));
	for (u32 i = 1; i < cpu_count; i++)
		if (!rescue_end(cpus[i], "storm"))
			return "was not ended";
	over = true;
	for (u32 i = 1; i < cpu_count; i++)
		*ended += !worker_wait(cpus[i], DEADLINE_MS);
	return broken();
}

const char *storm(u64 rounds)
{
	u64 ended = 0;

	trap_handler(VECTOR_BENCH, never);
	if (!rounds)
		rounds = ROUNDS;
	for (u64 i = 0; i < rounds; i++) {
		watchdog_again();
		const char *why = round(&ended);

		if (why) {
			note("storm round=%lu of %lu", i, rounds);
			return why;
		}
	}
	note("storm rounds=%lu ended=%lu", rounds, ended);
	return NULL;
}
