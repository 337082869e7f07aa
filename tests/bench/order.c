/*
 * The engine's rates: orders a second in stepped mode, on the scenarios that its goals name, against a loop written by hand
 * that does the same; and rounds a second of a race.
 */
#include "kernel/format.h"
#include "kernel/glob.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/watchdog.h"
#include "tests/bench/measure.h"
#include "tests/case.h"
#include "tests/do.h"
#include "tests/orders.h"
#include "tests/power.h"
#include "tests/racing.h"
#include "tests/scenario.h"
#include "tests/stepped.h"
#include "tests/worker.h"

enum { TIMES = 20000, DEADLINE_MS = 60000, BATCHES = 5 };

/* A04.inside_lock, the CPUs flushed without an interrupt. */
OBSERVE(AT_ONCE, ENTRY, CPU_MARK, WROTE)
#define OWNER_STEPS(step)           \
	step(1, lock, 0)            \
	step(2, pte_clear, A)       \
	step(3, broadcast, A)       \
	step(4, iommu_flush, A)     \
	step(5, pte_set, A, P1, RW) \
	step(6, unlock, 0)
#define THREAD_STEPS(step)              \
	step(1, load, A)                \
	step(2, lock, 0)                \
	step(3, pte_read, A, ENTRY)     \
	step(4, load_mark, A, CPU_MARK) \
	step(5, unlock, 0)              \
	step(6, store, A, N, WROTE)     \
	step(7, tell, E)
#define READER_STEPS(step)   \
	step(1, dma_read, A) \
	step(2, heed, C1)    \
	step(3, dma_read, A, AT_ONCE)
LISTING(OWNER)
LISTING(THREAD)
LISTING(READER)
static const struct scenario a04 = {
	.id = "A04",
	.name = "broadcast",
	.needs = NEED_READ | NEED_CPU2,
	.agents = { RUNS(C0, OWNER), RUNS(C1, THREAD), RUNS(E, READER) },
	.maps = { [A] = { P0, RO, LEAF_USED } },
	.content = { [P0] = O, [P1] = O },
};
/* One of its orders: the thread and the device have the old page, and use the new one at the end. */
static const char order[] = "1e 000000 111111 ee";

static struct run run;

struct rate {
	u64 done, wanted;
	bool ok;
};

enum { FAILED = -1 };

static void say(const char *what, const char *name, u64 times, u64 ticks, u64 goal, const char *of)
{
	u64 per_s;

	if (ticks == (u64)FAILED) {
		note("bench name=%s/%s did not work", what, name);
		return;
	}
	per_s = times * 1000 * tsc_per_ms / (ticks + 1);
	note("bench name=%s/%s per_s=%lu%s%s goal=%lu %s", what, name, per_s, of ? " of=" : "",
	     of ? of : "", goal, per_s >= goal ? "met" : "MISSED");
}

static int one_order(void *arg, const char *letters)
{
	struct rate *r = arg;

	r->ok = stepped_order(&run, letters) != ORDERS_STOP;
	return !r->ok || ++r->done == r->wanted ? ORDERS_STOP : ORDER_RAN;
}

static bool all_orders(const struct scenario *s, u64 times)
{
	struct rate r = { .wanted = times, .ok = true };

	while (r.ok && r.done < times)
		orders_each(s, ORDERS_ALL, one_order, &r);
	return r.ok;
}

static bool same_order(u64 times)
{
	bool ok = true;

	while (times-- && ok)
		ok = stepped_order(&run, order) == ORDER_RAN;
	return ok && run.seen.saw[AT_ONCE] == N;
}

static bool count(void *arg)
{
	struct rate *r = arg;

	return ++r->done < r->wanted;
}

static const char *missing(const struct scenario *s)
{
	u32 can = s->needs & NEED_READ ? DMA_READ : s->needs & NEED_WRITE ? DMA_WRITE : 0;
	const char *need = power_missing(s->needs, s->mirror);

	run.engine = can ? machine_engine(can) : NULL;
	return need ? need : can && !run.engine ? "an engine" : NULL;
}

/* A goal that is not measured is said, too. */
static bool ready(const char *what, const struct scenario *s, enum run_seats seats)
{
	const char *need = missing(s);

	if (need) {
		note("bench name=%s/%s not here: needs %s", what, s->name, need);
		return false;
	}
	run_placement(1, 0);
	run_seat_agents(&run, s, seats);
	if (!run_open(&run))
		note("bench name=%s/%s did not work: %s", what, s->name, run.trouble);
	return !run.trouble[0];
}

/* The best of a few: somebody else may want the processor meanwhile. */
static void orders(const struct scenario *s, u64 goal)
{
	u64 best = (u64)FAILED;

	if (!ready("orders", s, SEATS_CPUS))
		return;
	stepped_begin(&run);
	for (unsigned i = 0; i < BATCHES; i++) {
		u64 begin = now();

		if (all_orders(s, TIMES / BATCHES) && now() - begin < best)
			best = now() - begin;
	}
	stepped_end(&run);
	run_close(&run);
	say("orders", s->name, TIMES / BATCHES, best, goal, s->id);
}

static void rounds(const struct scenario *s, u64 goal)
{
	u64 best = (u64)FAILED;

	if (!ready("rounds", s, SEATS_DEVICES_TOO))
		return;
	for (unsigned i = 0; i < BATCHES; i++) {
		struct rate r = { .wanted = TIMES / BATCHES };
		u64 begin = now();

		if (racing_rounds(&run, TIMES / BATCHES, i + 1, count, &r) && now() - begin < best)
			best = now() - begin;
	}
	run_close(&run);
	say("rounds", s->name, TIMES / BATCHES, best, goal, s->id);
}

/* By hand: the same steps in that order, two CPUs and a word that goes to and fro between them. */
static volatile u32 turn;

static void hand_to(u32 whom) { __atomic_store_n(&turn, whom, __ATOMIC_RELEASE); }
static void await(u32 me)
{
	while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != me)
		shootdown_serve(&run, me);
}

static void other(void *times)
{
	struct self *c1 = &run.self[C1], *e = &run.self[E];

	for (u64 n = (u64)times; n; n--) {
		await(1);
		run_forget_tlb(&run);
		do_load(c1, A, 0, 0);
		do_dma_read(e, A, 0, 0);
		hand_to(0);
		await(1);
		do_lock(c1, 0, 0, 0);
		do_pte_read(c1, A, ENTRY, 0);
		do_load_mark(c1, A, CPU_MARK, 0);
		do_unlock(c1, 0, 0, 0);
		do_store(c1, A, N, WROTE);
		do_tell(c1, E, 0, 0);
		do_heed(e, C1, 0, 0);
		do_dma_read(e, A, AT_ONCE, 0);
		hand_to(0);
	}
}

static bool by_hand(u64 times)
{
	struct self *c0 = &run.self[C0];

	turn = 0;
	run.self[E].seat = 1;
	shootdown_for(&run);
	worker_start(run.cpu[1], other, (void *)times);
	for (u64 n = times; n; n--) {
		run_set_up(&run);
		run_forget_places(&run);
		run_forget_tlb(&run);
		hand_to(1);
		await(0);
		do_lock(c0, 0, 0, 0);
		do_pte_clear(c0, A, 0, 0);
		do_broadcast(c0, A, 0, 0);
		do_iommu_flush(c0, A, 0, 0);
		do_pte_set(c0, A, P1, RW);
		do_unlock(c0, 0, 0, 0);
		hand_to(1);
		await(0);
		run_collect(&run);
	}
	return worker_wait(run.cpu[1], DEADLINE_MS) && run.seen.saw[AT_ONCE] == N;
}

static void against_by_hand(void)
{
	if (!ready("order", &a04, SEATS_CPUS) || run.cpu[0] != this_cpu())
		return;
	worker_crowd(run.seats);
	u64 best[2] = { (u64)FAILED, (u64)FAILED };
	for (unsigned i = 0; i < BATCHES; i++) {
		u64 begin = now();

		if (by_hand(TIMES / BATCHES) && now() - begin < best[0])
			best[0] = now() - begin;
		stepped_begin(&run);
		begin = now();
		if (same_order(TIMES / BATCHES) && now() - begin < best[1])
			best[1] = now() - begin;
		stepped_end(&run);
	}
	run_close(&run);
	if (best[0] == (u64)FAILED || best[1] == (u64)FAILED) {
		note("bench name=order/engine did not work");
		return;
	}
	note("bench name=order/by_hand ns=%lu", best[0] * 1000000 / tsc_per_ms / (TIMES / BATCHES));
	note("bench name=order/engine ns=%lu of=by_hand ratio=%lu.%02lu goal=2.00 %s",
	     best[1] * 1000000 / tsc_per_ms / (TIMES / BATCHES), best[1] / best[0],
	     best[1] * 100 / best[0] % 100, best[1] <= 2 * best[0] ? "met" : "MISSED");
}

/* The goals, by scenario. */
static const struct {
	const char *test;
	u64 orders, rounds; /* a second */
} goals[] = {
	{ "A03.*.device", 30000, 0 },
	{ "A01.read", 0, 50000 },
	{ "D01.none", 0, 200000 },
};

void bench_order(void)
{
	case_prepare();
	watchdog_arm(DEADLINE_MS);
	orders(&a04, 50000);
	against_by_hand();
	for (const struct scenario_ref *p = __start_scenarios; p != __stop_scenarios; p++)
		for (unsigned g = 0; g < ARRAY_SIZE(goals); g++) {
			char name[80];

			format(name, sizeof name, "%s.%s", p->scenario->id, p->scenario->name);
			if (!p->scenario->name || !glob(goals[g].test, name))
				continue;
			watchdog_again();
			if (goals[g].orders)
				orders(p->scenario, goals[g].orders);
			if (goals[g].rounds)
				rounds(p->scenario, goals[g].rounds);
		}
	watchdog_disarm();
}
