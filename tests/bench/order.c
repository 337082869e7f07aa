/* Whole executions of one order: set up, warm up, every step on its CPU, look, put back. And rounds of a race. */
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/watchdog.h"
#include "tests/bench/measure.h"
#include "tests/case.h"
#include "tests/orders.h"
#include "tests/power.h"
#include "tests/racing.h"
#include "tests/stepped.h"

enum { ROUNDS = 20000, DEADLINE_MS = 60000 };

struct rate {
	struct run *run;
	u64 done, max;
};

static int one_order(void *arg, const char *order)
{
	struct rate *r = arg;

	if (stepped_order(r->run, order) == ORDERS_STOP)
		return ORDERS_STOP;
	return ++r->done == r->max ? ORDERS_STOP : ORDER_RAN;
}

static void say(const char *what, const struct scenario *s, const struct run *run, u64 times,
		u64 ticks)
{
	note("bench name=%s/%s.%s %s_per_s=%lu ns=%lu%s%s", what, s->id, s->name, what,
	     times * 1000 * tsc_per_ms / (ticks + 1), ticks * 1000000 / tsc_per_ms / (times + 1),
	     run->trouble[0] ? " trouble=" : "", run->trouble);
}

static void stepped(struct run *run, const struct scenario *s)
{
	struct rate r = { run, 0, ROUNDS };

	run_seat_agents(run, s, SEATS_CPUS);
	if (!run_open(run))
		return;
	stepped_begin(run);
	u64 begin = now(), before = 0;
	while (r.done < r.max && !run->trouble[0] && (r.done > before || !r.done)) {
		before = r.done;
		orders_each(s, ORDERS_ALL, one_order, &r);
		if (r.done == before)
			break;
	}
	u64 ticks = now() - begin;
	stepped_end(run);
	say("orders", s, run, r.done, ticks);
	run_close(run);
}

static bool go_on(void *arg)
{
	++*(u64 *)arg;
	return true;
}

static void racing(struct run *run, const struct scenario *s)
{
	u64 done = 0;

	run_seat_agents(run, s, SEATS_DEVICES_TOO);
	if (!run_open(run))
		return;
	u64 begin = now();
	racing_rounds(run, ROUNDS, 1, go_on, &done);
	say("rounds", s, run, done, now() - begin);
	run_close(run);
}

void bench_order(void)
{
	static struct run run;

	case_prepare();
	watchdog_arm(DEADLINE_MS);
	for (const struct scenario_ref *p = __start_scenarios; p != __stop_scenarios; p++) {
		const struct scenario *s = p->scenario;

		if (!s->name || s->fact.which || power_missing(s))
			continue;
		run.engine = s->needs & (NEED_READ | NEED_WRITE)
				     ? machine_engine((s->needs & NEED_READ ? DMA_READ : 0) |
						      (s->needs & NEED_WRITE ? DMA_WRITE : 0))
				     : NULL;
		run_placement(1, 0);
		stepped(&run, s);
		racing(&run, s);
	}
	watchdog_disarm();
}
