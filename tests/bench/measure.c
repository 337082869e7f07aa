#include "tests/bench/measure.h"
#include "kernel/print.h"
#include "kernel/time.h"

/* Short ones: few of them are cut by whoever else wants the processor. */
enum { BATCHES = 201, BATCHES_MIN = 5, BATCH_US = 250, TIMES_MAX = 1 << 20, LONG_MS = 1000 };

/* Ticks of one batch; 0 if it did not work. */
static u64 batch(bench_fn *fn, void *arg, u64 times)
{
	u64 begin = now();

	return fn(arg, times) ? now() - begin : 0;
}

/* How often in a batch: it must be long against the clock's own cost, and the run must end. */
static u64 times_for(const struct measure *m)
{
	for (u64 times = 1;; times *= 2) {
		u64 ticks = batch(m->layered, m->arg, times);

		if (!ticks)
			return 0;
		if (times == TIMES_MAX || ticks > BATCH_US * tsc_per_us)
			return times;
	}
}

u64 median(u64 *v, unsigned n)
{
	for (unsigned i = 1; i < n; i++)
		for (unsigned k = i; k && v[k] < v[k - 1]; k--) {
			u64 low = v[k];
			v[k] = v[k - 1];
			v[k - 1] = low;
		}
	return v[n / 2];
}

static u64 ns(u64 ticks, u64 times) { return ticks * 1000000 / tsc_per_ms / times; }

static void say(const struct measure *m, u64 times, u64 layered, u64 bare)
{
	const char *slash = m->on ? "/" : "", *on = m->on ? m->on : "";
	u64 percent = bare ? layered * 100 / bare : 0;

	if (!bare)
		note("bench name=%s%s%s ns=%lu", m->name, slash, on, ns(layered, times));
	else if (!m->goal_percent)
		note("bench name=%s%s%s ns=%lu of=%s of-ns=%lu ratio=%lu.%02lu", m->name, slash, on,
		     ns(layered, times), m->of, ns(bare, times), percent / 100, percent % 100);
	else
		note("bench name=%s%s%s ns=%lu of=%s of-ns=%lu ratio=%lu.%02lu goal=%u.%02u %s",
		     m->name, slash, on, ns(layered, times), m->of, ns(bare, times), percent / 100,
		     percent % 100, m->goal_percent / 100, m->goal_percent % 100,
		     percent > m->goal_percent ? "MISSED" : "met");
}

void measure(const struct measure *m)
{
	u64 layered[BATCHES], bare[BATCHES] = { 0 };
	u64 times = times_for(m), begin = now();
	bool ok = times != 0;
	unsigned n = 0;

	for (; n < BATCHES && ok && (n < BATCHES_MIN || now() - begin < LONG_MS * tsc_per_ms);
	     n++) {
		layered[n] = batch(m->layered, m->arg, times);
		bare[n] = m->bare ? batch(m->bare, m->arg, times) : 0;
		ok = layered[n] && (bare[n] || !m->bare);
	}
	if (ok)
		say(m, times, median(layered, n), median(bare, n));
	else
		note("bench name=%s%s%s did not work", m->name, m->on ? "/" : "",
		     m->on ? m->on : "");
}
