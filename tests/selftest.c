#include "tests/selftest.h"
#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/smp.h"
#include "kernel/trap.h"
#include "kernel/x86.h"
#include "mm/frame.h"
#include "tests/machine.h"
#include "tests/self.h"
#include "tests/storm.h"

enum { DEADLINE_MS = 60000 };

/* Deeper than any stack; not a tail call, and nothing the compiler can see through. */
static u64 recurse(volatile u64 depth)
{
	volatile u64 here[32];

	here[depth % 32] = depth;
	return depth ? recurse(depth - 1) + here[depth % 32] : 0;
}

__attribute__((noinline)) static void hang(void)
{
	for (volatile bool for_ever = true; for_ever;)
		pause();
}

static void never_ends(struct trap_frame *f)
{
	(void)f;
	hang();
}

static void fall(enum selftest how)
{
	extern u8 __text_start[];

	switch (how) {
	case SELFTEST_EXCEPTION:
	case SELFTEST_FAULT:
		__asm__ volatile("ud2");
		break;
	case SELFTEST_NMI:
		apic_send(apic_id(), APIC_NMI, 0);
		break;
	case SELFTEST_MCE:
		__asm__ volatile("int $18");
		break;
	case SELFTEST_GUARD:
		recurse(1000000);
		break;
	case SELFTEST_WX:
		*(volatile u8 *)__text_start = 0x90;
		break;
	case SELFTEST_HANG_CLI:
	case SELFTEST_BOOT_HANG_CLI:
		cli();
		hang();
		break;
	case SELFTEST_HANG_IRQ:
		trap_handler(VECTOR_BENCH, never_ends);
		apic_send(apic_id(), APIC_FIXED, VECTOR_BENCH);
		hang();
		break;
	case SELFTEST_STUCK:
	case SELFTEST_HANG:
	case SELFTEST_BOOT_HANG:
		hang();
		break;
	default:
		break;
	}
}

static struct {
	struct scenario scenario;
	const struct scenario *healthy;
	enum selftest how;
} sick;

/* The step is done, and never over. */
static bool sick_step(struct self *self, u8 no)
{
	const struct agent *a = &sick.healthy->agents[self->agent];
	bool ran = a->take(self, no);

	if (no == a->steps[a->count / 2].no)
		fall(sick.how);
	return ran;
}

const struct scenario *selftest_scenario(const struct options *o, const struct scenario *s)
{
	bool boot = o->selftest == SELFTEST_BOOT_HANG || o->selftest == SELFTEST_BOOT_HANG_CLI;
	bool other = o->selftest == SELFTEST_HANG || o->selftest == SELFTEST_HANG_CLI ||
		     o->selftest == SELFTEST_HANG_IRQ || o->selftest == SELFTEST_FAULT;
	unsigned who = boot ? C0 : C1; /* C0 is on the boot CPU, C1 is not */

	if (sick.healthy || !(boot || other) || !s->agents[who].count ||
	    (s->needs & NEED_CPU2 && cpu_count < 2))
		return s;
	sick.healthy = s;
	sick.how = (enum selftest)o->selftest;
	sick.scenario = *s;
	sick.scenario.agents[who].take = sick_step;
	sick.scenario.agents[who].race = NULL;
	return &sick.scenario;
}

static void fall_in_call(void *o) { fall(((const struct options *)o)->selftest); }

const char *selftest_in_case(const struct options *o)
{
	static bool done;
	union {
		const struct options *in;
		void *out;
	} arg = { .in = o };
	/* The last CPU, which on a machine with several is not the one that reports. */
	struct cpu *last = cpus[cpu_count - 1];
	struct pa freed;

	if (done)
		return NULL;
	done = true;
	switch ((enum selftest)o->selftest) {
	case SELFTEST_STORM:
		return storm(o->rounds);
	case SELFTEST_SILENT:
		for (unsigned i = 0; i < machine.engines; i++)
			pci_bus_master(machine.engine[i]->fn, false);
		return NULL;
	case SELFTEST_LEAK:
		frame_alloc(FRAME_TEST);
		return NULL;
	case SELFTEST_DAMAGE:
		freed = frame_alloc(FRAME_TEST);
		frame_put(freed);
		*(u64 *)direct(freed) = 0;
		return NULL;
	case SELFTEST_EXCEPTION:
	case SELFTEST_NMI:
	case SELFTEST_MCE:
	case SELFTEST_GUARD:
	case SELFTEST_WX:
	case SELFTEST_STUCK:
		note("selftest=%u on CPU %u", o->selftest, last->index);
		if (last == this_cpu()) {
			fall((enum selftest)o->selftest);
			return NULL;
		}
		smp_call_start(last, fall_in_call, arg.out);
		smp_call_wait(last, DEADLINE_MS);
		return NULL;
	default:
		return NULL;
	}
}
