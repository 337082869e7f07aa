#include "tests/case.h"
#include "kernel/format.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "kernel/watchdog.h"
#include "tests/machine.h"
#include "tests/oracle.h"
#include "tests/orders.h"
#include "tests/outcomes.h"
#include "tests/report.h"
#include "tests/run.h"
#include "tests/variant.h"

/* A cache may drop an entry at any time: what was not shown at once is tried again. */
enum { TRIES = 20 };

static struct run run;

static const char *missing(const struct scenario *s)
{
	static const struct {
		u32 need, can;
		const char *words;
	} engines[] = {
		{ NEED_READ, DMA_READ, "a DMA engine that reads" },
		{ NEED_WRITE, DMA_WRITE, "a DMA engine that writes" },
		{ NEED_WRITE_ANY, DMA_WRITE | DMA_ANY_WORD, "a DMA engine that writes any word" },
	};
	u32 can = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(engines); i++)
		if (s->needs & engines[i].need) {
			if (machine.no_sva)
				return machine.no_sva;
			can |= engines[i].can;
			if (!machine_engine(can))
				return engines[i].words;
		}
	run.engine = can ? machine_engine(can) : NULL;
	if (s->needs & NEED_CPU2 && cpu_count < 2)
		return "2 CPUs";
	if (s->needs & NEED_CPU3 && cpu_count < 3)
		return "3 CPUs";
	return NULL;
}

/*
 * Why a stale entry may be gone here, or NULL if this platform keeps it: an emulated TLB or IOTLB has no
 * excuse, a real one may drop an entry at any time.
 */
static const char *no_power(u32 by)
{
	if (by & CACHE_IOTLB && !power_is_qemu())
		return machine.facts[FACT_IOTLB_KEEPS]
			       ? "an IOTLB may drop an entry at any time"
			       : "no IOTLB entry outlives its PTE here, see C01.iotlb_baseline";
	if (by & CACHE_TLB && !power_is_tcg())
		return machine.facts[FACT_TLB_KEEPS]
			       ? "a TLB may drop an entry at any time"
			       : "no TLB entry outlives its PTE here, see C01.tlb_baseline";
	return NULL;
}

/* What C01 never saw in as many tries need not be tried again. */
static unsigned tries(const struct scenario *s, u32 by)
{
	bool hopeless = (by & CACHE_IOTLB && !machine.facts[FACT_IOTLB_KEEPS]) ||
			(by & CACHE_TLB && !machine.facts[FACT_TLB_KEEPS]);

	return hopeless && !s->fact.which ? 1 : TRIES;
}

static void failure(const char *name, const char *order, enum agent_id agent, u8 step)
{
	report_drawing(&run, order, agent, step);
	report_seen(&run);
	report_places(&run);
	if (run.faults[0])
		note("fault %s", run.faults);
	machine_report();
	note("again: make run ARGS=\"T=%s\", and with ORDER= this order alone", name);
}

/* Executions of a case, in one order or in every order, with a step left out or with none. */
struct executions {
	const struct scenario *scenario;
	const char *name, *only; /* only: this order; NULL: every order */
	enum agent_id skip_agent;
	u8 skip_step;
	const struct claim *wanted; /* stop when it is seen, if it is; NULL: go through all */
	bool draw;                  /* the first order that shows what is wanted */
	struct evidence *e;
	struct outcomes outcomes;
	struct oracle oracle;
	u64 orders, stuck, shown;
	bool trouble, broken;
};

static bool forbidden(struct executions *x, const char *order)
{
	const struct claim *forbid = x->scenario->forbid;

	for (unsigned i = 0; i < CLAIMS && forbid[i].is_seen; i++)
		if (forbid[i].is_seen(&run.seen)) {
			x->e->forbidden++;
			note("forbidden %s: %s", forbid[i].name, forbid[i].text);
			failure(x->name, order, AGENTS, 0);
			return true;
		}
	return false;
}

/* What no claim names can be impossible all the same. */
static bool impossible(struct executions *x, const char *order)
{
	if (outcomes_has(&x->oracle.allowed, &run.seen))
		return false;
	x->e->outside_model++;
	note("impossible: the model allows %u outcomes of these steps, and not this one",
	     x->oracle.allowed.count);
	failure(x->name, order, x->skip_agent, x->skip_step);
	return true;
}

static int execute(void *arg, const char *order)
{
	struct executions *x = arg;
	const struct scenario *s = x->scenario;

	watchdog_again();
	x->orders++;
	if (!run_order(&run, order, x->skip_agent, x->skip_step)) {
		x->trouble = true;
		note("trouble: %s", run.trouble);
		failure(x->name, order, x->skip_agent, x->skip_step);
		if (run.engine)
			machine_restart(run.engine);
		return ORDERS_STOP;
	}
	outcomes_add(&x->outcomes, &run.seen);
	x->broken = impossible(x, order);
	if (x->broken)
		return ORDERS_STOP;
	if (x->skip_agent == AGENTS) {
		x->e->runs++;
		if (s->fact.which && s->fact.claim.is_seen(&run.seen))
			machine.facts[s->fact.which] = true;
		x->broken = forbidden(x, order);
		if (x->broken)
			return ORDERS_STOP;
	}
	if (x->wanted && x->wanted->is_seen(&run.seen) && !x->shown++ && x->draw) {
		report_drawing(&run, order, x->skip_agent, x->skip_step);
		report_seen(&run);
	}
	return x->skip_agent == AGENTS || !x->shown ? ORDER_RAN : ORDERS_STOP;
}

/* False if nothing can be judged: the evidence says why. */
static bool ask_model(struct executions *x)
{
	static struct variant v;
	struct change change = { (u8)x->skip_agent, x->skip_step, 0 };

	variant_make(&v, x->scenario, change);
	oracle_ask(&x->oracle, &v.scenario, variant_order(&v, x->scenario, change, x->only),
		   MODEL_STEPPED);
	if (x->oracle.wrong)
		x->e->error = x->oracle.wrong;
	return !x->oracle.wrong;
}

/* One attempt: places of its own. */
static void go_through(struct executions *x, unsigned attempt)
{
	run_attempt(attempt);
	x->orders = x->stuck = 0;
	x->outcomes.count = 0;
	if (x->only)
		execute(x, x->only);
	else
		x->stuck = orders_each(x->scenario, ORDERS_ALL, execute, x).stuck;
}

static const struct step *step_left_out(const struct scenario *s, unsigned control)
{
	const struct agent *a = &s->agents[s->control[control].change.agent];

	for (unsigned i = 0; i < a->count; i++)
		if (a->steps[i].no == s->control[control].change.step)
			return &a->steps[i];
	return NULL;
}

/* Each control in turn; the evidence says if one was not shown. */
static void controls(const struct executions *good, bool loud)
{
	const struct scenario *s = good->scenario;
	struct evidence *e = good->e;

	for (unsigned c = 0; c < CONTROLS && s->control[c].shows.is_seen; c++) {
		struct executions x = *good;
		const struct step *left_out = step_left_out(s, c);

		if (!left_out) {
			e->error = "a control leaves out a step that is not there";
			return;
		}
		x.skip_agent = (enum agent_id)s->control[c].change.agent;
		x.skip_step = left_out->no;
		x.wanted = &s->control[c].shows;
		x.draw = false;
		x.shown = 0;
		u32 by = left_out->op == OP_cpu_flush ? CACHE_TLB : CACHE_IOTLB;
		if (!ask_model(&x))
			return;
		for (unsigned i = 0; i < tries(s, by) && !x.shown; i++) {
			go_through(&x, i);
			if (x.trouble)
				e->error = "a control did not come to its end";
			if (x.trouble || x.broken)
				return;
		}
		if (loud)
			note("control without %s.%u %s %s: %s %s", s->agents[x.skip_agent].name,
			     left_out->no, left_out->op_name, left_out->args, x.wanted->name,
			     x.shown ? "shown" : "NOT SHOWN");
		if (x.shown)
			continue;
		/* One control that had to be shown and was not is not excused by another that could not. */
		if (!e->control_absent || !no_power(by))
			e->no_power = no_power(by);
		e->control_absent = true;
	}
}

void run_prepare(void)
{
	run.machine = &machine;
	run_tables();
}

/* All executions of a case, between run_open() and run_close(). */
static void judge(const struct scenario *s, const char *order, bool replay, const char *name,
		  bool loud, struct evidence *e)
{
	static struct executions x;

	x = (struct executions){ .scenario = s,
				 .name = name,
				 .only = order,
				 .skip_agent = AGENTS,
				 .draw = loud && !s->fact.which && !replay,
				 .e = e };
	if (s->fact.which)
		x.wanted = &s->fact.claim;
	else if (s->shows.is_seen)
		x.wanted = &s->shows;
	if (!ask_model(&x))
		return;
	for (unsigned i = 0; i < (replay ? 1 : tries(s, s->shown_by)); i++) {
		go_through(&x, i);
		if (x.trouble || x.broken || !x.wanted || x.shown)
			break;
	}
	if (x.trouble)
		e->error = run.trouble;
	else if (x.stuck)
		e->error = "agents wait for each other";
	if (x.trouble || x.stuck || x.broken)
		return;
	if (replay)
		report_drawing(&run, order, AGENTS, 0);
	if (replay || (loud && !s->shows.is_seen))
		report_seen(&run);
	if (replay)
		return;
	if (loud && s->shows.is_seen)
		note("hazard %s %s", s->shows.name, x.shown ? "shown" : "NOT SHOWN");
	if (loud && !order)
		note("orders=%lu showing=%lu", x.orders, x.shown);
	if (loud)
		note("outcomes seen=%u allowed=%u model-states=%lu", x.outcomes.count,
		     x.oracle.allowed.count, x.oracle.states);
	if (x.wanted && !x.shown) {
		e->hazard_absent = true;
		e->no_power = no_power(s->shown_by);
		return;
	}
	controls(&x, loud);
}

void case_run(const struct scenario *s, const char *order, bool replay, const char *name, bool loud,
	      struct evidence *e)
{
	if (s->needs & (NEED_READ | NEED_WRITE | NEED_WRITE_ANY))
		e->error = machine.trouble;
	e->missing = missing(s);
	if (e->error || e->missing)
		return;
	if (loud)
		note("%s: %s", name, s->claim);
	run_place_agents(&run, s);
	run_open(&run);
	judge(s, order, replay, name, loud, e);
	if (!run_close(&run) && !e->error)
		e->error = run.trouble;
}
