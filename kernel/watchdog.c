#include "kernel/watchdog.h"
#include "kernel/apic.h"
#include "kernel/format.h"
#include "kernel/oops.h"
#include "kernel/panic.h"
#include "kernel/pmu.h"
#include "kernel/print.h"
#include "kernel/rescue.h"
#include "kernel/smp.h"
#include "kernel/time.h"
#include "kernel/trap.h"

/* RUNNER_MS: what waits in no call ends by its own deadlines, but they may be several. */
enum { GRACE_MS = 1000, RUNNER_MS = 20000, START_DEADLINE_MS = 1000 };

static volatile u64 signs, allowed_ms; /* allowed_ms: 0 when not armed */

/* What each CPU saw last, and when: nobody writes another one's. */
static struct {
	u64 sign, since;
} seen[CPUS_MAX];

static bool anybody_inside(void)
{
	bool any = false;

	for (u32 i = 0; i < cpu_count; i++)
		any |= rescue_inside(cpus[i]);
	return any;
}

static void end_one(struct cpu *c, const char *why)
{
	if (!rescue_end(c, why) && c != this_cpu())
		panic("%s %s, and CPU %u cannot be got out of step %s", running_test, why, c->index,
		      c->doing ? c->doing : "-");
}

/* The boot CPU's last: it goes on with the next test, and nobody may be still about to end what runs then. */
static void end_all(u64 ms)
{
	static char why[96];
	struct cpu *self = this_cpu();

	format(why, sizeof why, "did not end within %lu ms", ms);
	uncut_begin();
	/* Ours is left with the end of this interrupt. */
	end_one(self, why);
	for (u32 i = cpu_count; i-- > 0;)
		if (cpus[i] != self)
			end_one(cpus[i], why);
	uncut_end_in_trap();
}

static void look(void)
{
	struct cpu *c = this_cpu();
	u64 sign = signs, ms = allowed_ms;

	if (!ms || sign != seen[c->index].sign) {
		seen[c->index].sign = sign;
		seen[c->index].since = now();
		return;
	}
	bool inside = anybody_inside();
	u64 due_ms = ms + (c->index ? GRACE_MS : 0) + (inside ? 0 : RUNNER_MS);
	u64 waited_ms = (now() - seen[c->index].since) / tsc_per_ms;
	/* It may hold the lock of the consoles, which others that are to be ended wait for. */
	if (waited_ms < due_ms || c->rescue.uncut)
		return;
	/* One of them ends it, which is a sign: if nothing moves after that, there will be another end. */
	if (!__atomic_compare_exchange_n(&signs, &sign, sign + 1, false, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST))
		return;
	if (!inside)
		panic("%s did not end within %lu ms", running_test, ms);
	end_all(ms);
}

static void tick(struct trap_frame *f)
{
	(void)f;
	apic_eoi();
	look();
}

static void nmi(struct trap_frame *f)
{
	/* Two that came as one: the other may follow, and then there is no reason to be seen. */
	static bool two;
	bool counter = pmu_nmi_came(), sent = rescue_nmi();

	if (this_cpu()->stopped || !(counter || sent || two))
		oops(f);
	two = counter && sent;
	if (counter)
		look();
}

static void start(void *unused)
{
	(void)unused;
	apic_timer_start(VECTOR_TIMER);
}

void watchdog_init(void)
{
	trap_handler(VECTOR_NMI, nmi);
	trap_handler(VECTOR_TIMER, tick);
	start(NULL);
	note("watchdog timers=%u nmi=%s", cpu_count, pmu_nmi_start() ? "counter" : "no counter");
	for (u32 i = 1; i < cpu_count; i++) {
		smp_call_start(cpus[i], start, NULL);
		smp_call_wait(cpus[i], START_DEADLINE_MS);
	}
}

void watchdog_arm(u64 deadline_ms)
{
	allowed_ms = deadline_ms;
	watchdog_again();
}

void watchdog_again(void) { signs++; }

void watchdog_disarm(void) { allowed_ms = 0; }
