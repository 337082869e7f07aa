#include "kernel/watchdog.h"
#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/oops.h"
#include "kernel/panic.h"
#include "kernel/time.h"
#include "kernel/trap.h"

static volatile u64 end, allowed_ms;

static void look(struct trap_frame *f)
{
	(void)f;
	apic_eoi();
	if (!end || now() < end)
		return;
	for (u32 i = 0; i < cpu_count; i++)
		if (cpus[i]->doing)
			panic("%s did not end within %lu ms: CPU %u stands in step %s",
			      running_test, allowed_ms, i, cpus[i]->doing);
	panic("%s did not end within %lu ms", running_test, allowed_ms);
}

void watchdog_init(void)
{
	trap_handler(VECTOR_TIMER, look);
	apic_timer_start(VECTOR_TIMER);
}

void watchdog_arm(u64 deadline_ms)
{
	allowed_ms = deadline_ms;
	watchdog_again();
}

void watchdog_again(void) { end = now() + allowed_ms * tsc_per_ms; }

void watchdog_disarm(void) { end = 0; }
