#include "tests/stepped.h"
#include "kernel/format.h"
#include "kernel/rescue.h"
#include "kernel/string.h"
#include "kernel/watchdog.h"
#include "kernel/x86.h"
#include "tests/do.h"
#include "tests/worker.h"

enum { ORDER_DEADLINE_MS = 5000, BOSS = SEATS, DISMISSED };

/* What comes next, and on whose seat: before the steps of the order a few that put caches in order and fill them. */
enum turn_kind { FORGET_TLB, WARM, WARMED_UP, STEP };
struct turn {
	u8 kind, seat, agent, no;
};
enum { TURNS_MAX = SEATS + AGENTS * STEPS_MAX + 1 + ORDER_MAX };

static struct {
	struct line baton; /* whose turn it is: a seat, or BOSS */
	struct run *run;
	struct cpu *boss;     /* the boot CPU */
	unsigned boss_seat;   /* SEATS if it has none */
	unsigned warm, count; /* turns before the order's; all */
	unsigned next;        /* only for who has the baton */
	int blocked;          /* position of a step that did */
	bool positions;       /* a claim asks for them */
	u8 agent_of[256];     /* by letter */
	struct turn turn[TURNS_MAX];
} __attribute__((aligned(64))) stage;

static bool execute(struct run *run, const struct turn *t)
{
	struct self *self = &run->self[t->agent];
	const struct agent *agent;

	switch ((enum turn_kind)t->kind) {
	case FORGET_TLB:
		/* On again, where the order before was given up between cli and sti. */
		sti();
		run_forget_tlb(run);
		return true;
	case WARMED_UP:
		run_warmed_up(run);
		return true;
	default:
		agent = t->kind == WARM ? &run->scenario->warm[t->agent]
					: &run->scenario->agents[t->agent];
		self->seat = t->seat;
		self->doing = t->no;
		bool ran = agent->take(self, t->no);
		self->doing = 0;
		return ran;
	}
}

static void pass(unsigned to)
{
	__atomic_store_n(&stage.baton.v, to, __ATOMIC_RELEASE);
	worker_wake(to < SEATS ? stage.run->cpu[to] : stage.boss);
}

/* Whoever has the baton: all turns up to the next that is another seat's. */
static void go_on(void *unused)
{
	(void)unused;
	unsigned seat = stage.baton.v;

	while (stage.next < stage.count && !stage.run->trouble[0]) {
		const struct turn *t = &stage.turn[stage.next];

		if (t->seat != seat) {
			pass(t->seat);
			return;
		}
		if (!execute(stage.run, t)) {
			stage.blocked = (int)(stage.next - stage.warm);
			break;
		}
		/* In order, and visible, before anything that follows. */
		mfence();
		stage.next++;
	}
	pass(BOSS);
}

static bool my_turn(void *seat)
{
	u32 whose = __atomic_load_n(&stage.baton.v, __ATOMIC_ACQUIRE);

	shootdown_serve(stage.run, (unsigned)(u64)seat);
	return whose == (u64)seat || whose == DISMISSED;
}

/* Interrupts off: nobody could wake it. */
static enum await await_on(unsigned seat)
{
	return seat < CPU_AGENTS && stage.run->masked[seat].v ? AWAIT_AWAKE : AWAIT_ASLEEP;
}

/* A CPU of the run, until it is dismissed. */
static void wait_for_turns(void *seat)
{
	unsigned mine = (unsigned)(u64)seat;

	while (worker_await(my_turn, seat, 0, await_on(mine)) && stage.baton.v != DISMISSED)
		go_on(NULL);
	sti();
}

/* The end of the order, a turn of the boss, who may have a seat himself; or whoever had the baton is gone. */
static bool boss_turn(void *unused)
{
	u32 whose = __atomic_load_n(&stage.baton.v, __ATOMIC_ACQUIRE);

	(void)unused;
	if (stage.boss_seat < SEATS)
		shootdown_serve(stage.run, stage.boss_seat);
	return whose >= BOSS || whose == stage.boss_seat || worker_is_done(stage.run->cpu[whose]);
}

/* Until the order is over; NULL, or why whoever had the baton did not come to the end of its turn. */
static const char *boss_waits(void)
{
	for (;;) {
		bool in_time =
			worker_await(boss_turn, NULL, ORDER_DEADLINE_MS, await_on(stage.boss_seat));
		/* Once: late as it is, it may be handed on just now. */
		u32 whose = __atomic_load_n(&stage.baton.v, __ATOMIC_ACQUIRE);

		if (whose >= BOSS)
			return NULL;
		if (whose == stage.boss_seat) {
			if (!rescue_call(go_on, NULL))
				return rescue_reason(stage.boss);
			continue;
		}
		if (!in_time)
			rescue_end(stage.run->cpu[whose], "did not end in time");
		return rescue_reason(stage.run->cpu[whose]);
	}
}

static void add(enum turn_kind kind, unsigned seat, unsigned agent, u8 no)
{
	stage.turn[stage.count++] = (struct turn){ (u8)kind, (u8)seat, (u8)agent, no };
}

/* A device has no CPU: it is driven by who has the baton. */
static unsigned seat_of(unsigned agent)
{
	if (agent < CPU_AGENTS)
		return agent;
	return stage.count ? stage.turn[stage.count - 1].seat : 0;
}

static void plan_warm_up(const struct run *run)
{
	const struct scenario *s = run->scenario;

	stage.count = 0;
	for (unsigned seat = 0; seat < run->seats; seat++) {
		add(FORGET_TLB, seat, 0, 0);
		for (unsigned i = 0; seat < CPU_AGENTS && i < s->warm[seat].count; i++)
			add(WARM, seat, seat, s->warm[seat].steps[i].no);
	}
	for (unsigned a = CPU_AGENTS; a < AGENTS; a++)
		for (unsigned i = 0; i < s->warm[a].count; i++)
			add(WARM, seat_of(a), a, s->warm[a].steps[i].no);
	add(WARMED_UP, seat_of(AGENTS), 0, 0);
	stage.warm = stage.count;
}

/* False if the order does not fit the listings. */
static bool plan(struct run *run, const char *order)
{
	u8 next[AGENTS] = { 0 };

	stage.count = stage.warm;
	for (; *order; order++) {
		if (*order == ' ')
			continue;
		unsigned a = stage.agent_of[(u8)*order];

		if (a >= AGENTS || next[a] >= run->scenario->agents[a].count) {
			run_trouble(run, "the order has no step for its letter %c", *order);
			return false;
		}
		add(STEP, seat_of(a), a, run->scenario->agents[a].steps[next[a]++].no);
	}
	for (unsigned a = 0; a < AGENTS; a++)
		if (next[a] != run->scenario->agents[a].count)
			run_trouble(run, "the order leaves out steps of %s",
				    run->scenario->agents[a].name);
	return !run->trouble[0];
}

SELDOM void stepped_begin(struct run *run)
{
	stage.run = run;
	worker_crowd(run->seats);
	stage.boss = this_cpu();
	stage.boss_seat = SEATS;
	stage.baton.v = BOSS;
	shootdown_for(run);
	stage.positions = orders_matter(run->scenario);
	memset(stage.agent_of, AGENTS, sizeof stage.agent_of);
	for (unsigned a = 0; a < AGENTS; a++)
		stage.agent_of[(u8)AGENT_LETTERS[a]] = (u8)a;
	plan_warm_up(run);
	for (unsigned s = 0; s < run->seats; s++)
		if (run->cpu[s] == this_cpu())
			stage.boss_seat = s;
		else
			worker_start(run->cpu[s], wait_for_turns, (void *)(u64)s);
}

bool stepped_end(struct run *run)
{
	stage.baton.v = DISMISSED;
	sti();
	for (unsigned s = 0; s < run->seats; s++)
		worker_wake(run->cpu[s]);
	for (unsigned s = 0; s < run->seats; s++)
		if (run->cpu[s] != this_cpu() && !worker_wait(run->cpu[s], ORDER_DEADLINE_MS))
			run_trouble(run, "CPU %u does not come back: %s", run->cpu[s]->index,
				    rescue_reason(run->cpu[s]));
	shootdown_for(NULL);
	return !run->trouble[0];
}

static void note_positions(struct run *run)
{
	u8 position = 0;

	memset(run->seen.when, 0, sizeof run->seen.when);
	for (unsigned i = stage.warm; i < stage.count; i++)
		run->seen.when[stage.turn[i].agent][stage.turn[i].no] = ++position;
}

/* What a listing must not leave behind. */
static void look_at_the_end(struct run *run)
{
	for (unsigned l = 0; l < LOCKS; l++)
		if (run->lock[l].v)
			run_trouble(run, "lock %u is held at the end", l);
	for (unsigned c = 0; c < CPU_AGENTS; c++)
		if (run->masked[c].v)
			run_trouble(run, "%s has interrupts off at the end",
				    run->scenario->agents[c].name);
}

/* Which step it is, for the report of a hang. Returns text. */
static const char *where_it_is(const struct run *run, char *text, size_t size)
{
	const struct turn *t = &stage.turn[stage.next];
	const struct agent *a = &run->scenario->agents[t->agent];

	if (stage.next >= stage.count || t->kind != STEP)
		format(text, size, "seat %u between steps", stage.baton.v);
	else
		for (unsigned i = 0; i < a->count; i++)
			if (a->steps[i].no == t->no)
				format(text, size, "%s in step %u, %s %s", a->name, t->no,
				       step_name(&a->steps[i]), a->steps[i].args);
	return text;
}

int stepped_order(struct run *run, const char *order)
{
	watchdog_again();
	run_set_up(run);
	run_forget_places(run);
	if (!plan(run, order))
		return ORDERS_STOP;
	stage.next = 0;
	stage.blocked = -1;
	pass(stage.turn[0].seat);
	const char *why = boss_waits();
	if (why) {
		char where[80];

		run_trouble(run, "%s: %s", where_it_is(run, where, sizeof where), why);
		return ORDERS_STOP;
	}
	if (stage.next < stage.warm)
		run_trouble(run, "the warm-up blocks");
	if (run->trouble[0])
		return ORDERS_STOP;
	if (stage.blocked >= 0)
		return stage.blocked;
	look_at_the_end(run);
	if (stage.positions)
		note_positions(run);
	run_collect(run);
	return run->trouble[0] ? ORDERS_STOP : ORDER_RAN;
}
