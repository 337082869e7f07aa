#include "tests/worker.h"
#include "kernel/smp.h"
#include "kernel/time.h"
#include "kernel/x86.h"

enum { WAKE_DEADLINE_MS = 1000 };

static struct work {
	volatile bool awake;
	volatile u32 asked, done;
	void (*volatile fn)(void *arg);
	void *volatile arg;
} __attribute__((aligned(64))) works[CPUS_MAX];

void worker_loop(void)
{
	struct work *w = &works[this_cpu()->index];

	for (;;) {
		cli();
		if (!w->awake)
			__asm__ volatile("sti; hlt"
					 :
					 :
					 : "memory"); /* no interrupt between the two */
		sti();
		while (w->awake) {
			u32 asked = __atomic_load_n(&w->asked, __ATOMIC_ACQUIRE);

			if (asked == w->done) {
				pause();
				continue;
			}
			w->fn((void *)w->arg);
			__atomic_store_n(&w->done, asked, __ATOMIC_RELEASE);
		}
	}
}

static void be_awake(void *awake) { works[this_cpu()->index].awake = awake != NULL; }

static bool tell(struct cpu *c, bool awake)
{
	if (c == this_cpu())
		return true;
	smp_call_start(c, be_awake, awake ? c : NULL);
	return smp_call_wait(c, WAKE_DEADLINE_MS);
}

bool worker_wake(struct cpu *c) { return tell(c, true); }
void worker_rest(struct cpu *c) { tell(c, false); }

bool worker_do(struct cpu *c, void (*fn)(void *arg), void *arg, u64 deadline_ms)
{
	struct work *w = &works[c->index];

	if (c == this_cpu()) {
		fn(arg);
		return true;
	}
	w->fn = fn;
	w->arg = arg;
	u32 ticket = w->asked + 1;
	__atomic_store_n(&w->asked, ticket, __ATOMIC_RELEASE);
	return until(deadline_ms, __atomic_load_n(&w->done, __ATOMIC_ACQUIRE) == ticket,
		     "CPU %u to end its step", c->index);
}
