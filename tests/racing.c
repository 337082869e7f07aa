#include "tests/racing.h"
#include "kernel/rescue.h"
#include "kernel/string.h"
#include "kernel/watchdog.h"
#include "kernel/x86.h"
#include "tests/do.h"
#include "tests/wait.h"
#include "tests/worker.h"

enum { ROUND_DEADLINE_MS = 5000 };

/* A round has two parts, each between two meetings of all seats: go counts them. */
enum part { PREPARE, RACE, PARTS };
#define DISMISSED (~0u)

static struct {
	struct line go, there[SEATS];
	struct run *run;
	struct cpu *boss;   /* the boot CPU */
	unsigned boss_seat; /* SEATS if it has none */
} __attribute__((aligned(64))) ring;

static void prepare(unsigned seat)
{
	struct run *run = ring.run;

	sti();
	run_forget_tlb(run);
	for (unsigned a = 0; a < AGENTS; a++) {
		const struct agent *warm = &run->scenario->warm[a];

		for (unsigned i = 0; run->self[a].seat == seat && i < warm->count; i++)
			if (!warm->take(&run->self[a], warm->steps[i].no))
				run_trouble(run, "the warm-up blocks");
	}
}

/* Several agents on one seat, or a listing that was changed: step by step, whose turn it is by chance. */
static bool take_turns(struct self *const *self, unsigned agents, bool *over)
{
	const struct scenario *s = ring.run->scenario;
	u8 next[AGENTS] = { 0 };
	unsigned left = 0;
	u64 end = 0;

	for (unsigned i = 0; i < agents; i++)
		left += s->agents[self[i]->agent].count;
	while (left) {
		bool any = false;
		unsigned first = agents > 1 ? chance(self[0]) % agents : 0;

		for (unsigned k = 0; k < agents && !any; k++) {
			unsigned i = (first + k) % agents;
			const struct agent *a = &s->agents[self[i]->agent];

			if (next[i] == a->count)
				continue;
			self[i]->racing = agents == 1;
			begin_step(self[i], a->steps[next[i]].no);
			any = a->take(self[i], self[i]->doing);
			next[i] += any;
		}
		left -= any;
		if (any)
			continue;
		if (agents == 1)
			return false;
		shootdown_serve(ring.run, self[0]->seat);
		if (worker_takes_turns)
			pause();
		if (!end)
			end = now() + STEP_DEADLINE_MS * tsc_per_ms;
		else if (now() > end)
			return false;
	}
	*over = true;
	return true;
}

static void race(unsigned seat)
{
	struct run *run = ring.run;
	struct self *self[AGENTS];
	unsigned agents = 0;
	bool over = false;

	for (unsigned a = 0; a < AGENTS; a++)
		if (run->self[a].seat == seat && run->scenario->agents[a].count)
			self[agents++] = &run->self[a];
	if (!agents)
		return;
	const struct agent *only = &run->scenario->agents[self[0]->agent];
	self[0]->racing = true;
	idle(self[0], self[0]->late);
	if (agents == 1 && only->race)
		over = only->race(self[0]);
	else
		take_turns(self, agents, &over);
	for (unsigned i = 0; i < agents; i++)
		if (over)
			self[i]->doing = 0;
}

static void part(unsigned seat, u32 go)
{
	if (go % PARTS == PREPARE)
		prepare(seat);
	else
		race(seat);
	__atomic_store_n(&ring.there[seat].v, go, __ATOMIC_RELEASE);
}

struct waiter {
	unsigned seat;
	u32 last;
};

static bool next_part(void *arg)
{
	struct waiter *w = arg;

	shootdown_serve(ring.run, w->seat);
	return __atomic_load_n(&ring.go.v, __ATOMIC_ACQUIRE) != w->last;
}

/* A CPU of the run, until it is dismissed. */
static void wait_for_rounds(void *seat)
{
	struct waiter w = { (unsigned)(u64)seat, PARTS - 1 };

	while (worker_await(next_part, &w, 0, AWAIT_ASLEEP)) {
		w.last = ring.go.v;
		if (w.last == DISMISSED)
			break;
		part(w.seat, w.last);
		worker_wake(ring.boss);
	}
	sti();
}

static bool all_there(void *unused)
{
	(void)unused;
	if (ring.boss_seat < SEATS)
		shootdown_serve(ring.run, ring.boss_seat);
	for (unsigned s = 0; s < ring.run->seats; s++)
		if (__atomic_load_n(&ring.there[s].v, __ATOMIC_ACQUIRE) != ring.go.v &&
		    (s == ring.boss_seat || !worker_is_done(ring.run->cpu[s])))
			return false;
	return true;
}

static void boss_part(void *go) { part(ring.boss_seat, (u32)(u64)go); }

static void start(u32 go)
{
	__atomic_store_n(&ring.go.v, go, __ATOMIC_RELEASE);
	for (unsigned s = 0; s < ring.run->seats; s++)
		if (s != ring.boss_seat)
			worker_wake(ring.run->cpu[s]);
}

/* All start, and all have ended. NULL, or why one did not. */
static SELDOM const char *all(u32 go)
{
	struct run *run = ring.run;

	start(go);
	if (ring.boss_seat < SEATS && !rescue_call(boss_part, (void *)(u64)go))
		return rescue_reason(ring.boss);
	worker_await(all_there, NULL, ROUND_DEADLINE_MS, AWAIT_ASLEEP);
	for (unsigned s = 0; s < run->seats; s++)
		if (ring.there[s].v != go) {
			if (!worker_is_done(run->cpu[s]))
				rescue_end(run->cpu[s], "did not end in time");
			return rescue_reason(run->cpu[s]);
		}
	return NULL;
}

/* Together, or one so late that another may have ended: a DMA takes as long as thousands of loads. */
static void choose_delays(struct run *run)
{
	static const u32 late[2][4] = { { 0, 16, 64, 256 }, { 0, 64, 512, 4096 } },
			 linger[] = { 0, 0, 16, 64 };
	const u32 *of = late[run->engine != NULL];

	for (unsigned a = 0; a < AGENTS; a++) {
		struct self *self = &run->self[a];

		self->late = of[chance(self) % ARRAY_SIZE(late[0])];
		self->linger = linger[chance(self) % ARRAY_SIZE(linger)];
	}
}

static SELDOM void explain(struct run *run, const char *why)
{
	for (unsigned a = 0; a < AGENTS; a++) {
		const struct agent *agent = &run->scenario->agents[a];

		for (unsigned i = 0; run->self[a].doing && i < agent->count; i++)
			if (agent->steps[i].no == run->self[a].doing)
				run_trouble(run, "%s in step %u, %s %s: %s", agent->name,
					    agent->steps[i].no, step_name(&agent->steps[i]),
					    agent->steps[i].args, why);
	}
	run_trouble(run, "a round does not come to its end: %s", why);
}

static bool is_over(const struct run *run)
{
	bool over = !run->trouble[0];

	for (unsigned a = 0; a < AGENTS; a++)
		over &= !run->scenario->agents[a].count || !run->self[a].doing;
	return over;
}

static bool one_round(struct run *run, u64 round)
{
	u32 go = (u32)(round % (DISMISSED / PARTS - 1)) * PARTS;

	watchdog_again();
	run_set_up(run);
	run_forget_places(run);
	for (unsigned a = 0; a < AGENTS; a++) {
		run->self[a].racing = false;
		run->self[a].linger = 0;
	}
	const char *why = all(go + PREPARE);
	if (why) {
		explain(run, why);
		return false;
	}
	run_warmed_up(run);
	choose_delays(run);
	why = all(go + RACE);
	if (why || !is_over(run)) {
		explain(run, why ? why : "it waits for another agent");
		return false;
	}
	run_collect(run);
	return true;
}

bool racing_rounds(struct run *run, u64 rounds, u64 seed, bool (*each)(void *arg), void *arg)
{
	worker_crowd(run->seats);
	ring.run = run;
	ring.boss = this_cpu();
	ring.boss_seat = SEATS;
	ring.go.v = PARTS - 1;
	memset(run->seen.when, 0, sizeof run->seen.when); /* who races has no positions */
	shootdown_for(run);
	for (unsigned a = 0; a < AGENTS; a++) {
		run->self[a].chance = (u32)(seed ^ seed >> 32) * 2654435761u + a * 40503u + 1;
		run->self[a].chance |= !run->self[a].chance;
	}
	for (unsigned s = 0; s < run->seats; s++) {
		ring.there[s].v = PARTS - 1;
		if (run->cpu[s] == this_cpu())
			ring.boss_seat = s;
		else
			worker_start(run->cpu[s], wait_for_rounds, (void *)(u64)s);
	}
	for (u64 r = 0; r < rounds && one_round(run, r + 1); r++)
		if (!each(arg))
			break;
	sti();
	start(DISMISSED);
	for (unsigned s = 0; s < run->seats; s++)
		if (run->cpu[s] != this_cpu() && !worker_wait(run->cpu[s], ROUND_DEADLINE_MS))
			run_trouble(run, "CPU %u does not come back: %s", run->cpu[s]->index,
				    rescue_reason(run->cpu[s]));
	shootdown_for(NULL);
	for (unsigned a = 0; a < AGENTS; a++) {
		run->self[a].racing = false;
		run->self[a].linger = 0;
	}
	return !run->trouble[0];
}
