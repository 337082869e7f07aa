#include "tests/mutate.h"
#include "kernel/format.h"
#include "kernel/platform.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "tests/deviations.h"
#include "tests/machine.h"
#include "tests/orders.h"
#include "tests/racing.h"
#include "tests/standard.h"
#include "tests/stepped.h"
#include "tests/variant.h"

/* What is there to be shown may hide from one placement. */
enum { TRIES = 2, ROUNDS_DEFAULT = 300, RACE_MS = 50 };

/* One mutant. */
struct trial {
	const struct standard *g;
	const struct mutant *m;
	const struct how *how;
	struct run *run;
	struct variant v;
	unsigned n; /* which of the standard's orders */
	u64 race_end;
	bool killed, shown;
	char by[200];
};

static void kill(struct trial *t, const char *by)
{
	t->killed = true;
	format(t->by, sizeof t->by, "%s", by);
}

static void in_trouble(struct trial *t)
{
	kill(t, t->run->trouble);
	machine_restart(t->run->engine);
	machine_restart(t->run->second);
}

/* What this platform is known to do wrong is no sign of a mutant. */
static void judge(struct trial *t)
{
	enum deviation_mode mode = t->n == FREE ? DEVIATES_RACING : DEVIATES_STEPPED;
	const struct claim *wanted = standard_wants(t->g);
	char by[160];

	t->shown |= wanted && wanted->is_seen(&t->run->seen);
	if (standard_breaks(t->g, t->m, t->n, &t->run->seen, by, sizeof by) &&
	    !deviation_of(&platform, t->g->s, mode, &t->run->seen))
		kill(t, by);
}

static int execute(void *arg, const char *order)
{
	struct trial *t = arg;
	int end = stepped_order(t->run, order);

	if (end == ORDERS_STOP)
		in_trouble(t);
	else if (end == ORDER_RAN)
		judge(t);
	return t->killed ? ORDERS_STOP : end;
}

static void each_order(struct trial *t)
{
	const struct scenario *s = t->g->s;
	bool all = orders_matter(s);

	if (!s->orders[0].order) {
		struct orders o =
			orders_each(&t->v.scenario, all ? ORDERS_ALL : ORDERS_PRUNED, execute, t);

		if (o.stuck && s->shows == &deadlock_claim)
			t->shown = true;
		else if (o.stuck && !t->killed)
			kill(t, "agents that wait for each other");
		return;
	}
	for (; t->n < t->g->orders && !t->killed; t->n++) {
		const char *order = variant_order(&t->v, s, t->m->change, s->orders[t->n].order);

		if (execute(t, order) >= 0)
			kill(t, "an order that does not come to its end");
	}
}

static bool open(struct trial *t, enum run_seats seats, unsigned attempt)
{
	run_placement(t->how->seed, attempt);
	run_seat_agents(t->run, &t->v.scenario, seats);
	if (run_open(t->run))
		return true;
	in_trouble(t);
	return false;
}

static void step_through(struct trial *t, unsigned attempt)
{
	t->n = 0;
	if (open(t, SEATS_CPUS, attempt)) {
		stepped_begin(t->run);
		each_order(t);
		if (!stepped_end(t->run) && !t->killed)
			in_trouble(t);
	}
	if (!run_close(t->run) && !t->killed)
		kill(t, t->run->trouble);
}

static bool after_round(void *arg)
{
	struct trial *t = arg;

	judge(t);
	return !t->killed && now() < t->race_end;
}

static void race(struct trial *t)
{
	u64 rounds = t->how->rounds ? t->how->rounds : ROUNDS_DEFAULT;

	t->n = FREE;
	t->race_end = now() + RACE_MS * tsc_per_ms;
	if (open(t, SEATS_DEVICES_TOO, 0) &&
	    !racing_rounds(t->run, rounds, t->how->seed, after_round, t) && !t->killed)
		in_trouble(t);
	if (!run_close(t->run) && !t->killed)
		kill(t, t->run->trouble);
}

static enum fate try(struct trial *t)
{
	char by[160];
	enum fate fate = standard_model(t->g, t->m, by, sizeof by);

	format(t->by, sizeof t->by, "%s%s", fate == KILLED ? "the model, not shown here: " : "",
	       by);
	/* Neighbours in either order: what they show is the scenario's own business. */
	if (fate == NO_DIFFERENCE && !t->m->why && mutants_answered(t->m, fate))
		return fate;
	t->killed = t->shown = false;
	step_through(t, 0);
	if (fate == KILLED && !t->killed && !t->g->s->orders[0].order)
		race(t);
	for (unsigned i = 1; fate == KILLED && !t->killed && i < TRIES; i++)
		step_through(t, i);
	if (t->killed)
		return KILLED;
	if (fate != GONE || !t->shown)
		return fate;
	format(t->by, sizeof t->by, "it shows %s, which the model does not", by);
	return UNDECIDED;
}

void mutate(const struct scenario *s, const struct how *how, struct run *run, struct evidence *e)
{
	static struct standard standard;
	static struct trial t;
	unsigned made[FATES] = { 0 }, n = 0;
	struct mutant m;
	char text[320];

	standard_learn(&standard, s);
	e->error = standard.wrong ? standard.wrong
		   : mutants_stray(s)
			   ? "a reason is given for a change that is not made, see make mutants"
			   : NULL;
	for (; !e->error && mutants_get(s, n, &m); n++) {
		t.g = &standard;
		t.m = &m;
		t.how = how;
		t.run = run;
		enum fate fate = UNDECIDED;
		if (variant_make(&t.v, s, m.change))
			fate = try(&t);
		mutants_text(text, sizeof text, s, &m, fate, t.by);
		note("mutant %s", text);
		made[fate]++;
		e->runs++;
		e->forbidden += !mutants_answered(&m, fate);
	}
	if (!n && !e->error)
		e->missing = "a step that protects";
	note("mutants=%u killed=%u survived=%u without-a-difference=%u undecided=%u "
	     "not-answered=%lu",
	     n, made[KILLED] + made[GONE], made[SURVIVED], made[NO_DIFFERENCE], made[UNDECIDED],
	     e->forbidden);
}
