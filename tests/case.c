#include "tests/case.h"
#include "kernel/platform.h"
#include "kernel/print.h"
#include "tests/deviations.h"
#include "tests/machine.h"
#include "tests/orders.h"
#include "tests/power.h"
#include "tests/program.h"
#include "tests/report.h"
#include "tests/shootdown.h"
#include "tests/variant.h"

/* Of a race; fewer for a control, which ends when it is shown. */
enum { ROUNDS_DEFAULT = 2000 };

static struct run run;

static bool steps(const struct how *how) { return how->mode != MODE_RACE; }
/* A scenario that names its orders says nothing of others. */
static bool races(const struct scenario *s, const struct how *how)
{
	return how->mode != MODE_STEP && !how->replay && !s->orders[0].order;
}

static u64 rounds(const struct how *how) { return how->rounds ? how->rounds : ROUNDS_DEFAULT; }

static void say_orders(const struct program *p)
{
	u64 all = orders_count(p->scenario);

	if (p->order)
		note("step order=%s outcomes=%u allowed=%u model-states=%lu",
		     report_letters(p->order), p->outcomes.count, program_oracle()->allowed.count,
		     program_oracle()->states);
	else
		note("step orders=%lu pruned=%lu blocked=%lu outcomes=%u allowed=%u model-states=%lu",
		     p->orders.complete, all > p->orders.complete ? all - p->orders.complete : 0,
		     p->orders.blocked, p->outcomes.count, program_oracle()->allowed.count,
		     program_oracle()->states);
}

/* A program in the modes that were asked for. True if what is wanted was shown, or nothing is. */
static bool execute(struct program *p, const struct how *how, u32 by)
{
	bool shown = false;

	if (steps(how)) {
		program_step(p, &run, how->replay || !p->wanted ? 1 : power_tries(p->scenario, by));
		if (how->loud && !p->change && !p->broken)
			say_orders(p);
		if (how->loud && p->wanted && !p->change && !p->broken)
			note("step %s %s in %lu orders", p->wanted->name,
			     p->shown ? "shown" : "NOT SHOWN", p->shown);
		shown = p->shown;
	}
	/* A control that is shown need not be shown again. */
	if (races(p->scenario, how) && !p->broken &&
	    (!p->change || !shown || how->mode == MODE_RACE)) {
		p->shown = 0;
		p->draw = false;
		program_race(p, &run, rounds(how));
		if (how->loud && !p->change && !p->broken)
			report_histogram(&run, &p->outcomes, program_oracle(), p->wanted);
		shown |= p->shown != 0;
	}
	return !p->wanted || shown;
}

static const struct step *step_left_out(const struct scenario *s, struct change change)
{
	const struct agent *a = &s->agents[change.agent];

	for (unsigned i = 0; i < a->count; i++)
		if (a->steps[i].no == change.step)
			return &a->steps[i];
	return NULL;
}

/* One control; the evidence says if it was not shown. */
static bool control(const struct scenario *s, const struct control *c, const struct how *how,
		    struct evidence *e)
{
	static struct variant v;
	static struct program p;
	char text[120];

	if (!variant_make(&v, s, c->change)) {
		e->error = "a control changes a step that is not there";
		return false;
	}
	p = (struct program){ .scenario = &v.scenario,
			      .name = how->name,
			      .order = variant_order(&v, s, c->change, how->order),
			      .change = variant_text(text, sizeof text, s, c->change),
			      .wanted = &c->shows,
			      .until_shown = true,
			      .seed = how->seed,
			      .e = e };
	u32 by = c->by ? c->by : power_rests_on(step_left_out(s, c->change));
	bool shown = execute(&p, how, by);
	if (p.broken)
		return false;
	if (how->loud)
		note("control %s: %s %s", text, c->shows.name, shown ? "shown" : "NOT SHOWN");
	if (shown)
		return true;
	/* One control that had to be shown and was not is not excused by another that could not. */
	if (!e->control_absent || !power_none(by))
		e->no_power = power_none(by);
	if (!steps(how) && !e->no_power)
		e->no_power = "a race shows what it happens to";
	e->control_absent = true;
	return true;
}

static void judge(const struct scenario *s, const struct how *how, struct evidence *e)
{
	static struct program p;
	bool fact = s->fact.which != FACT_NONE;

	p = (struct program){ .scenario = s,
			      .name = how->name,
			      .order = how->order,
			      .wanted = fact               ? &s->fact.claim
					: s->shows.is_seen ? &s->shows
							   : NULL,
			      .draw = how->loud && !fact && !how->replay,
			      .seed = how->seed,
			      .e = e };
	bool shown = execute(&p, how, s->shown_by);
	if (p.broken)
		return;
	if (how->replay)
		report_drawing(&run, how->order);
	if (how->replay || (how->loud && how->order && !s->shows.is_seen))
		report_seen(&run);
	if (how->replay)
		return;
	if (!shown) {
		e->hazard_absent = true;
		e->no_power = power_none(s->shown_by);
		if (!steps(how) && !e->no_power)
			e->no_power = "a race shows what it happens to";
		return;
	}
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows.is_seen; c++)
		if (!control(s, &s->control[c], how, e))
			return;
	/* One that is listed and was not seen: the list is out of date. */
	const struct deviation *listed = NULL;
	if (steps(how))
		listed = deviation_next(&platform, s, DEVIATES_STEPPED, NULL);
	if (!listed && races(s, how))
		listed = deviation_next(&platform, s, DEVIATES_RACING, NULL);
	if (listed && !e->deviating)
		e->deviation = listed->what;
}

void case_prepare(void)
{
	run_prepare_tables();
	shootdown_init();
}

void case_run(const struct scenario *s, const struct how *how, struct evidence *e)
{
	u32 can = 0;

	if (s->needs & (NEED_READ | NEED_WRITE | NEED_WRITE_ANY))
		e->error = machine.trouble;
	e->missing = power_missing(s);
	if (e->error || e->missing)
		return;
	if (how->loud)
		note("%s: %s", how->name, s->claim);
	can |= s->needs & NEED_READ ? DMA_READ : 0;
	can |= s->needs & NEED_WRITE ? DMA_WRITE : 0;
	can |= s->needs & NEED_WRITE_ANY ? DMA_WRITE | DMA_ANY_WORD : 0;
	run.engine = can ? machine_engine(can) : NULL;
	judge(s, how, e);
}
