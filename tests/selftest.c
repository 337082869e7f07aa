#include "tests/selftest.h"
#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/trap.h"
#include "kernel/x86.h"
#include "mm/frame.h"
#include "tests/machine.h"
#include "tests/worker.h"

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
	case SELFTEST_HANG:
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

void selftest_in_case(const struct options *o)
{
	static bool done;
	union {
		const struct options *in;
		void *out;
	} arg = { .in = o };
	struct cpu *last = cpus[cpu_count - 1];

	if (o->selftest == SELFTEST_NONE || done)
		return;
	done = true;
	note("selftest=%u on CPU %u", o->selftest, last->index);
	if (o->selftest == SELFTEST_HAND_OVER)
		return;
	if (o->selftest == SELFTEST_SILENT) {
		for (unsigned i = 0; i < machine.engines; i++)
			pci_bus_master(machine.engine[i]->fn, false);
		return;
	}
	if (o->selftest == SELFTEST_LEAK) {
		frame_alloc(FRAME_TEST);
		return;
	}
	/* On the last CPU, which on a machine with several is not the one that reports. */
	worker_do(last, fall, arg.out, 60000);
}
