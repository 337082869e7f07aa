#include "tests/program.h"
#include "kernel/platform.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "tests/deviations.h"
#include "tests/machine.h"
#include "tests/orders.h"
#include "tests/power.h"
#include "tests/racing.h"
#include "tests/report.h"
#include "tests/stepped.h"
#include "tests/worker.h"

static struct oracle oracle;

const struct oracle *program_oracle(void) { return &oracle; }

/* One execution of a program in one mode. */
struct execution {
	struct program *p;
	struct run *run;
	bool racing;
	const char *order; /* stepped, and one was executed */
};

static void report(const struct execution *x)
{
	const struct program *p = x->p;

	if (p->change)
		note("in the control %s", p->change);
	if (x->order)
		report_drawing(x->run, x->order);
	report_seen(x->run);
	report_allowed(x->run, &oracle.allowed);
	report_places(x->run);
	if (x->run->faulted) {
		char line[VTD_FAULT_LINE_MAX];

		note("fault %s", vtd_fault_line(line, sizeof line, &x->run->fault));
	}
	machine_report();
	if (x->order && !p->change)
		note("again: make run ARGS=\"T=%s MODE=step SEED=%lu ORDER=%s\"", p->name, p->seed,
		     report_letters(x->order));
	else
		note("again: make run ARGS=\"T=%s MODE=%s SEED=%lu\"", p->name,
		     x->racing ? "race" : "step", p->seed);
}

static const struct claim *forbidden(const struct execution *x)
{
	const struct claim *const *forbid = x->p->scenario->forbid;

	for (unsigned i = 0; i < CLAIMS && forbid[i] && !x->p->change; i++)
		if (forbid[i]->is_seen(&x->run->seen))
			return forbid[i];
	return NULL;
}

static enum deviation_mode mode_of(const struct execution *x)
{
	return x->racing ? DEVIATES_RACING : DEVIATES_STEPPED;
}

static bool ask_model(struct program *p, enum model_mode mode)
{
	oracle_ask(&oracle, p->scenario, mode == MODEL_STEPPED ? p->order : NULL, mode);
	if (oracle.wrong) {
		p->e->error = oracle.wrong;
		p->broken = true;
	}
	return !oracle.wrong;
}

/* What can be seen step by step a race can show too: the larger question is put when it matters. */
static bool is_possible(const struct execution *x)
{
	if (outcomes_find(&oracle.allowed, &x->run->seen))
		return true;
	if (!x->racing || oracle.mode == MODEL_RACING)
		return false;
	return ask_model(x->p, MODEL_RACING) && outcomes_find(&oracle.allowed, &x->run->seen);
}

/* What breaks a claim or the model is known of this platform, or it ends the case. What no claim names can be impossible too. */
static bool is_right(const struct execution *x)
{
	struct evidence *e = x->p->e;
	const struct claim *claim = forbidden(x);
	bool possible = is_possible(x);

	if (!claim && possible)
		return true;
	/* What a listed deviation makes of a control is no news, and it is not listed: the platform's profile has it. */
	if (x->p->change && deviation_next(&platform, x->p->scenario, mode_of(x), NULL) &&
	    power_reaches(x->p->scenario, x->order, &x->run->seen))
		return true;
	const struct deviation *known =
		deviation_of(&platform, x->p->scenario, mode_of(x), &x->run->seen);
	bool tell = !known || (!e->deviating && !x->p->quiet);

	if (claim && tell)
		note("forbidden %s: %s", claim->name, claim->text);
	if (!possible && tell)
		note("impossible: the model allows %u outcomes of these steps, and not this one",
		     oracle.allowed.count);
	if (tell)
		report(x);
	if (known) {
		e->deviating++;
		e->deviation = known->what;
		return true;
	}
	e->forbidden += claim != NULL;
	e->outside_model += !possible;
	return false;
}

/* False: the case is over. */
static bool judge(const struct execution *x)
{
	struct program *p = x->p;
	const struct scenario *s = p->scenario;

	outcomes_add(&p->outcomes, &x->run->seen);
	p->e->orders += x->order != NULL;
	p->e->rounds += !x->order;
	if (!p->change) {
		p->e->runs++;
		if (s->fact.which && s->fact.claim->is_seen(&x->run->seen))
			machine.facts[s->fact.which] = true;
	}
	if (!is_right(x)) {
		p->broken = true;
		return false;
	}
	if (p->wanted && p->wanted->is_seen(&x->run->seen) && !p->shown++ && p->draw) {
		if (x->order)
			report_drawing(x->run, x->order);
		report_seen(x->run);
	}
	return !p->until_shown || !p->shown;
}

static void in_trouble(const struct execution *x)
{
	struct program *p = x->p;
	struct run *run = x->run;

	p->broken = true;
	p->e->error = run->trouble;
	note("trouble: %s", run->trouble);
	report_stands(run);
	report(x);
	machine_restart(run->engine);
	machine_restart(run->second);
}

static int execute(void *arg, const char *order)
{
	struct execution *x = arg;
	int end = stepped_order(x->run, order);

	x->order = order;
	if (end == ORDERS_STOP)
		in_trouble(x);
	if (end != ORDER_RAN)
		return end;
	return judge(x) ? ORDER_RAN : ORDERS_STOP;
}

static bool wants_deadlock(const struct program *p) { return p->wanted == &deadlock_claim; }

/* One placement. Where the model says that it is shown is looked first: that alone, where nothing else is of interest. */
static void go_through(struct program *p, struct run *run, const char *way)
{
	struct execution x = { .p = p, .run = run };
	bool all = orders_matter(p->scenario);

	p->outcomes.count = 0;
	p->orders = (struct orders){ 0 };
	stepped_begin(run);
	if (way)
		execute(&x, way);
	if (p->order)
		p->orders.stuck = execute(&x, p->order) >= 0;
	else if (!p->broken && !(way && p->shown))
		p->orders = orders_each(p->scenario, all ? ORDERS_ALL : ORDERS_PRUNED, execute, &x);
	x.order = NULL;
	if (!stepped_end(run) && !p->broken)
		in_trouble(&x);
	if (p->broken || !p->orders.stuck)
		return;
	if (wants_deadlock(p))
		p->shown++;
	else if (!p->change) {
		p->e->error =
			p->order ? "a step of this order blocks" : "agents wait for each other";
		p->broken = true;
	}
}

static void open_run(struct program *p, struct run *run, enum run_seats seats, unsigned attempt)
{
	run_placement(p->seed, attempt);
	run_seat_agents(run, p->scenario, seats);
	if (!run_open(run))
		in_trouble(&(struct execution){ p, run, seats != SEATS_CPUS, NULL });
}

static void close_run(struct program *p, struct run *run)
{
	if (run_close(run) || p->broken)
		return;
	p->e->error = run->trouble;
	p->broken = true;
}

void program_step(struct program *p, struct run *run, unsigned tries)
{
	char way[ORDER_MAX + 1];

	if (!ask_model(p, MODEL_STEPPED))
		return;
	p->stepped = true;
	bool known = p->until_shown && !p->order && !wants_deadlock(p) &&
		     !orders_matter(p->scenario) && power_way(p->scenario, p->wanted, way);
	for (unsigned i = 0; i < tries && !p->broken; i++) {
		open_run(p, run, SEATS_CPUS, i);
		if (!p->broken)
			go_through(p, run, known ? way : NULL);
		close_run(p, run);
		if (!p->wanted || p->shown)
			break;
	}
}

/*
 * As many rounds as the time allows; the log says how many it were. With more seats than processors a round takes a hundred
 * times as long. Who asks for rounds gets them. What is listed as known is looked for longer: not to see it is news.
 */
enum { RACE_MS = 5, CONTROL_MS = 2, ASKED_MS = 10000, KNOWN_MS = 10000, KNOWN_ROUNDS = 100000 };
static struct {
	u64 rounds, end; /* that are left; a time */
	bool looks_for_known;
} race;

static bool after_round(void *arg)
{
	const struct execution *x = arg;

	if (!judge(x))
		return false;
	if (race.rounds)
		race.rounds--;
	if (race.looks_for_known && !x->p->e->deviating)
		return now() < race.end + KNOWN_MS * tsc_per_ms;
	return race.rounds && now() < race.end;
}

void program_race(struct program *p, struct run *run, u64 rounds)
{
	struct execution x = { .p = p, .run = run, .racing = true };

	p->outcomes.count = 0;
	/* A control has just been stepped, or was not to be. One whose agents can wait for ever is no race: stepped they do too. */
	if (!(p->change && p->stepped) && !ask_model(p, MODEL_RACING))
		return;
	if (p->change && oracle.stuck)
		return;
	race.looks_for_known =
		p->patient && deviation_next(&platform, p->scenario, DEVIATES_RACING, NULL);
	open_run(p, run, race.looks_for_known ? SEATS_DEVICES_ALONE : SEATS_DEVICES_TOO, 0);
	race.rounds = rounds;
	u64 ms = p->asked ? ASKED_MS : p->change ? CONTROL_MS : RACE_MS;

	race.end = now() + ms * tsc_per_ms;
	if (!p->broken && !racing_rounds(run, race.looks_for_known ? KNOWN_ROUNDS : rounds, p->seed,
					 after_round, &x))
		in_trouble(&x);
	close_run(p, run);
}
