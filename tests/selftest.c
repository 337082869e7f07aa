#include "tests/selftest.h"
#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/rescue.h"
#include "kernel/smp.h"
#include "kernel/trap.h"
#include "kernel/x86.h"
#include "mm/frame.h"
#include "tests/machine.h"
#include "tests/worker.h"

enum { DEADLINE_MS = 60000 };

/* Deeper than any stack; not a tail call, and nothing the compiler can see through. */
static u64 recurse(volatile u64 depth)
{
	volatile u64 here[32];

	here[depth % 32] = depth;
	return depth ? recurse(depth - 1) + here[depth % 32] : 0;
}

static void hang(void)
{
	for (volatile bool for_ever = true; for_ever;)
		pause();
}

static void fall(void *arg)
{
	const struct options *o = arg;
	extern u8 __text_start[];

	this_cpu()->doing = "selftest";
	switch ((enum selftest)o->selftest) {
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
	case SELFTEST_STUCK:
	case SELFTEST_HANG:
	case SELFTEST_BOOT_HANG:
		hang();
		break;
	case SELFTEST_NONE:
	case SELFTEST_LEAK:
	case SELFTEST_SILENT:
	case SELFTEST_HAND_OVER:
		break;
	}
	this_cpu()->doing = NULL;
}

/* In a step, which ends; others than these happen outside of every step, and the run ends. */
static bool in_step(struct cpu **where, unsigned selftest)
{
	switch ((enum selftest)selftest) {
	case SELFTEST_FAULT:
	case SELFTEST_HANG:
	case SELFTEST_HANG_CLI:
		return true;
	case SELFTEST_BOOT_HANG:
	case SELFTEST_BOOT_HANG_CLI:
		*where = cpus[0];
		return true;
	default:
		return false;
	}
}

const char *selftest_in_case(const struct options *o)
{
	static bool done;
	union {
		const struct options *in;
		void *out;
	} arg = { .in = o };
	/* The last CPU, which on a machine with several is not the one that reports. */
	struct cpu *where = cpus[cpu_count - 1];

	if (o->selftest == SELFTEST_NONE || done)
		return NULL;
	done = true;
	if (o->selftest == SELFTEST_HAND_OVER)
		return NULL;
	if (o->selftest == SELFTEST_SILENT) {
		for (unsigned i = 0; i < machine.engines; i++)
			pci_bus_master(machine.engine[i]->fn, false);
		return NULL;
	}
	if (o->selftest == SELFTEST_LEAK) {
		frame_alloc(FRAME_TEST);
		return NULL;
	}
	bool step
	= in_step(&where, o->selftest);
	note("selftest=%u on CPU %u", o->selftest, where->index);
	if (step)
		return worker_do(where, fall, arg.out, DEADLINE_MS) ? NULL : rescue_reason(where);
	if (where == this_cpu()) {
		fall(arg.out);
		return NULL;
	}
	smp_call_start(where, fall, arg.out);
	smp_call_wait(where, DEADLINE_MS);
	return NULL;
}
