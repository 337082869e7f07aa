#include "tests/worker.h"
#include "kernel/rescue.h"
#include "kernel/smp.h"
#include "kernel/time.h"
#include "kernel/x86.h"

/*
 * With a processor for each CPU of a run nobody sleeps within an order: to wake a CPU that is a thread of an emulator takes
 * longer than any step. Where there are fewer, one that spins keeps a processor from the one it waits for; where there is one
 * only, and CPUs take turns on it, nothing comes true but by sleeping or by PAUSE, for which an emulator goes on to the next CPU.
 */
enum { SPIN_US = 2000, CROWDED_SPIN_US = 50, AWAKE_LOOKS = 64 };
static unsigned room = 1;
static bool crowded;
bool worker_takes_turns;

static struct {
	bool is;
} __attribute__((aligned(64))) sleeps[CPUS_MAX];

static struct work {
	u32 asked, done;
	struct cpu *by;
	void (*fn)(void *arg);
	void *arg;
	bool ended; /* from outside */
} __attribute__((aligned(64))) works[CPUS_MAX];

/*
 * What is waited for and the sleeper are stored by one side and read by the other, in opposite order and sequentially
 * consistent: either the waker sees a sleeper and interrupts it, or the sleeper sees what it waits for.
 */
void worker_wake(struct cpu *c)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&sleeps[c->index].is, __ATOMIC_RELAXED))
		smp_wake(c);
}

static void sleep(bool (*there)(void *arg), void *arg)
{
	bool *asleep = &sleeps[this_cpu()->index].is;

	cli();
	__atomic_store_n(asleep, true, __ATOMIC_SEQ_CST);
	if (!there(arg))
		sti_hlt();
	__atomic_store_n(asleep, false, __ATOMIC_RELAXED);
	sti();
}

bool worker_await(bool (*there)(void *arg), void *arg, u64 deadline_ms, enum await await)
{
	u64 end = 0, drowsy = 0;

	for (unsigned looks = 1; !there(arg); looks++) {
		if (looks % AWAKE_LOOKS && !worker_takes_turns)
			continue;
		u64 time = now();
		if (!end) {
			drowsy = time + (crowded ? CROWDED_SPIN_US : SPIN_US) * tsc_per_us;
			end = time + deadline_ms * tsc_per_ms;
		}
		if (deadline_ms && time > end) {
			return there(arg);
		} else if (time <= drowsy && !worker_takes_turns) {
			continue;
		} else if (await == AWAIT_ASLEEP) {
			sleep(there, arg);
			looks = AWAKE_LOOKS - 1;
		} else {
			pause();
		}
	}
	return true;
}

static bool is_asked(void *arg)
{
	struct work *w = arg;

	return __atomic_load_n(&w->asked, __ATOMIC_ACQUIRE) != w->done;
}

static bool is_done(void *arg)
{
	struct work *w = arg;

	return __atomic_load_n(&w->done, __ATOMIC_ACQUIRE) - w->asked < 1u << 31;
}

void worker_loop(void)
{
	struct work *w = &works[this_cpu()->index];

	for (;;) {
		worker_await(is_asked, w, 0, AWAIT_ASLEEP);
		/* More than one ahead, if the caller gave up on a step that did end. */
		u32 asked = __atomic_load_n(&w->asked, __ATOMIC_ACQUIRE);
		w->ended = !rescue_call(w->fn, w->arg);
		__atomic_store_n(&w->done, asked, __ATOMIC_RELEASE);
		worker_wake(w->by);
	}
}

void worker_start(struct cpu *c, void (*fn)(void *arg), void *arg)
{
	struct work *w = &works[c->index];

	w->fn = fn;
	w->arg = arg;
	w->by = this_cpu();
	__atomic_store_n(&w->asked, w->asked + 1, __ATOMIC_RELEASE);
	worker_wake(c);
}

bool worker_is_done(struct cpu *c) { return is_done(&works[c->index]); }

bool worker_wait(struct cpu *c, u64 deadline_ms)
{
	struct work *w = &works[c->index];

	if (worker_await(is_done, w, deadline_ms, AWAIT_ASLEEP))
		return !w->ended;
	until_expired(deadline_ms, "CPU %u to end its step", c->index);
	rescue_end(c, "did not end in time");
	return false;
}

bool worker_do(struct cpu *c, void (*fn)(void *arg), void *arg, u64 deadline_ms)
{
	if (c == this_cpu())
		return rescue_call(fn, arg);
	worker_start(c, fn, arg);
	return worker_wait(c, deadline_ms);
}

/* A baton goes round among CPUs that spin: with a processor for each it is quick. */
enum { PASSES = 400, LATE_MS = 5, BACK_MS = 500, QUICK_US = 20 };
static struct {
	volatile u32 at;
	u32 members;
	u64 end;
} ring __attribute__((aligned(64)));

static void pass_on(void *member)
{
	u32 mine = (u32)(u64)member, at;

	while ((at = ring.at) < PASSES && now() < ring.end)
		if (at % ring.members == mine)
			__atomic_store_n(&ring.at, at + 1, __ATOMIC_RELEASE);
}

static bool has_room_for(u32 members, u32 *most)
{
	u64 begin = now();

	ring.at = 0;
	ring.members = members;
	ring.end = begin + LATE_MS * tsc_per_ms;
	for (u32 i = 1; i < members; i++)
		worker_start(cpus[i], pass_on, (void *)(u64)i);
	pass_on(NULL);
	u64 ticks = now() - begin;
	bool all = ring.at == PASSES;
	if (ring.at > *most)
		*most = ring.at;
	for (u32 i = 1; i < members; i++)
		worker_wait(cpus[i], BACK_MS);
	return all && ticks < (u64)PASSES * QUICK_US * tsc_per_us;
}

unsigned worker_room(void)
{
	enum { MEMBERS_MAX = 8, TRIES = 3, FIRST_TRIES = 8, ALWAYS = 16 };
	u32 most = 0;

	for (u32 members = 2; members <= cpu_count && members <= MEMBERS_MAX; members++) {
		bool fits = false;

		for (unsigned i = 0; i < (members == 2 ? FIRST_TRIES : TRIES) && !fits; i++)
			fits = has_room_for(members, &most);
		if (!fits)
			break;
		room = members;
	}
	/* On a host that is busy it may come back late, and does; where CPUs take turns it comes back once in such a time. */
	worker_takes_turns = room == 1 && most < ALWAYS;
	return room;
}

bool worker_crowd(unsigned seats)
{
	crowded = seats > room;
	return crowded;
}
