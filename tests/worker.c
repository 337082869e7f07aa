#include "tests/worker.h"
#include "kernel/rescue.h"
#include "kernel/smp.h"
#include "kernel/time.h"
#include "kernel/x86.h"

/*
 * Longer than what a step has to wait for another one, so that within an order nobody sleeps. It ends because a
 * CPU may be a thread of an emulator: one that spins keeps a processor from the one it waits for.
 */
enum { SPIN_US = 50 };

/* A counter with one writer, and one CPU that waits for it to get somewhere, awake at first. */
struct count {
	u32 value;
	bool sleeper;
};

static struct work {
	struct count asked, done;
	struct cpu *by;
	void (*fn)(void *arg);
	void *arg;
	bool ended; /* from outside */
} __attribute__((aligned(64))) works[CPUS_MAX];

/*
 * Sleeper and value are stored by one side and read by the other, in opposite order and sequentially
 * consistent: either the writer sees a sleeper and interrupts it, or the sleeper sees the value.
 */
static void count_up(struct count *c, u32 value, struct cpu *waiter)
{
	__atomic_store_n(&c->value, value, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&c->sleeper, __ATOMIC_SEQ_CST))
		smp_wake(waiter);
}

static bool there(const struct count *c, u32 value)
{
	return __atomic_load_n(&c->value, __ATOMIC_SEQ_CST) - value < 1u << 31;
}

/* Is it there? After `awake_until` each look that finds it is not ends with the next interrupt. */
static bool reached(struct count *c, u32 value, u64 awake_until)
{
	if (there(c, value))
		return true;
	if (now() < awake_until)
		return false;
	cli();
	__atomic_store_n(&c->sleeper, true, __ATOMIC_SEQ_CST);
	if (!there(c, value))
		sti_hlt();
	__atomic_store_n(&c->sleeper, false, __ATOMIC_RELAXED);
	sti();
	return there(c, value);
}

static u64 soon(void) { return now() + SPIN_US * tsc_per_us; }

void worker_loop(void)
{
	struct work *w = &works[this_cpu()->index];

	for (;;) {
		u64 awake_until = soon();
		u32 asked;

		while (!reached(&w->asked, w->done.value + 1, awake_until))
			pause();
		/* More than one ahead, if the caller gave up on a step that did end. */
		asked = __atomic_load_n(&w->asked.value, __ATOMIC_ACQUIRE);
		w->ended = !rescue_call(w->fn, w->arg);
		count_up(&w->done, asked, w->by);
	}
}

void worker_start(struct cpu *c, void (*fn)(void *arg), void *arg)
{
	struct work *w = &works[c->index];

	w->fn = fn;
	w->arg = arg;
	w->by = this_cpu();
	count_up(&w->asked, w->asked.value + 1, c);
}

bool worker_wait(struct cpu *c, u64 deadline_ms)
{
	struct work *w = &works[c->index];
	u64 awake_until = soon();

	if (!until(deadline_ms, reached(&w->done, w->asked.value, awake_until),
		   "CPU %u to end its step", c->index)) {
		rescue_end(c, "did not end in time");
		return false;
	}
	return !w->ended;
}

bool worker_do(struct cpu *c, void (*fn)(void *arg), void *arg, u64 deadline_ms)
{
	if (c == this_cpu())
		return rescue_call(fn, arg);
	worker_start(c, fn, arg);
	return worker_wait(c, deadline_ms);
}
