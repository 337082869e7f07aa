/* What CPUs do to each other and to their own TLBs. */
#include "kernel/apic.h"
#include "kernel/format.h"
#include "kernel/smp.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "tests/bench/measure.h"
#include "tests/run.h"
#include "tests/worker.h"

enum { DEADLINE_MS = 1000, RUN_MS = 60000 };

static bool invlpgs(void *unused, u64 times)
{
	(void)unused;
	while (times--)
		invlpg(run_place_va(A).v);
	return true;
}

static bool cr3_loads(void *unused, u64 times)
{
	(void)unused;
	while (times--)
		write_cr3(read_cr3());
	return true;
}

static void nothing(void *unused) { (void)unused; }

static bool hand_offs(void *unused, u64 times)
{
	bool ok = true;

	(void)unused;
	while (times-- && ok)
		ok = worker_do(cpus[1], nothing, NULL, DEADLINE_MS);
	return ok;
}

static void invlpg_page(void *va) { invlpg((u64)va); }

/* Of op_cpu_flush, tests/ops.c, without our own TLB; targets are cpus[1] and on. */
static bool shootdowns(void *targets, u64 times)
{
	bool ok = true;

	while (times-- && ok) {
		for (u64 i = 1; i <= (u64)targets; i++)
			smp_call_start(cpus[i], invlpg_page, (void *)run_place_va(A).v);
		for (u64 i = 1; i <= (u64)targets; i++)
			ok &= smp_call_wait(cpus[i], DEADLINE_MS);
	}
	return ok;
}

static volatile bool flagged[CPUS_MAX];
static void flag(struct trap_frame *f)
{
	(void)f;
	apic_eoi();
	flagged[this_cpu()->index] = true;
}

static bool ipis(void *targets, u64 times)
{
	bool ok = true;

	while (times-- && ok) {
		for (u64 i = 1; i <= (u64)targets; i++) {
			flagged[i] = false;
			apic_send(cpus[i]->apic_id, APIC_FIXED, VECTOR_BENCH);
		}
		for (u64 i = 1; i <= (u64)targets; i++)
			ok &= spin_until(flagged[i]);
	}
	return ok;
}

static void bench_ipis(const char *on, u64 targets)
{
	measure(&(struct measure){ "shootdown", on, shootdowns, ipis, "bare_ipi", 0,
				   (void *)targets });
}

static volatile bool over;
static void run_until_over(void *unused)
{
	(void)unused;
	until(RUN_MS, over, "the measurements to end");
}

void bench_cpus(void)
{
	u64 others = cpu_count - 1;
	char on[24];

	measure(&(struct measure){ .name = "invlpg", .layered = invlpgs });
	measure(&(struct measure){ .name = "cr3_load", .layered = cr3_loads });
	if (!others)
		return;
	measure(&(struct measure){ .name = "hand_off", .layered = hand_offs });
	trap_handler(VECTOR_BENCH, flag);
	/* Without work CPUs sleep: an IPI has to wake them. */
	format(on, sizeof on, "%lu_asleep", others);
	bench_ipis(on, others);
	worker_start(cpus[1], run_until_over, NULL);
	bench_ipis("1_running", 1);
	over = true;
	worker_wait(cpus[1], DEADLINE_MS);
}
