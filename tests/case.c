#include "tests/case.h"
#include "kernel/cpu.h"
#include "kernel/format.h"
#include "kernel/platform.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "tests/deviations.h"
#include "tests/machine.h"
#include "tests/mutate.h"
#include "tests/orders.h"
#include "tests/power.h"
#include "tests/program.h"
#include "tests/report.h"
#include "tests/shootdown.h"
#include "tests/variant.h"
#include "tests/worker.h"

/* Of a race; fewer for a control, which ends when it is shown. */
enum { ROUNDS_DEFAULT = 1000, CONTROL_ROUNDS = 4 /* a quarter */ };

static struct run run;

static bool steps(const struct how *how) { return how->mode != MODE_RACE; }
/* A scenario that names its orders says nothing of others; a deadlock would not end. */
static bool races(const struct scenario *s, const struct how *how)
{
	return how->mode != MODE_STEP && !how->replay && !s->orders[0].order &&
	       s->shows != &deadlock_claim;
}

static u64 rounds(const struct how *how) { return how->rounds ? how->rounds : ROUNDS_DEFAULT; }

/* Of an order that blocks in a run it is not known how many begin like it. */
static const char *pruned(const struct program *p, char *text, size_t size)
{
	u64 all = orders_count(p->scenario), ran = p->orders.complete;

	if (all)
		format(text, size, "%s%lu",
		       orders_known(p->scenario) ? "=" : "<=", all > ran ? all - ran : 0);
	return all ? text : "=too-many";
}

static void say_orders(const struct program *p)
{
	char text[32];

	if (p->order)
		note("step order=%s outcomes=%u allowed=%u model-states=%lu",
		     report_letters(p->order), p->outcomes.count, program_oracle()->allowed.count,
		     program_oracle()->states);
	else
		note("step orders=%lu pruned%s blocked=%lu outcomes=%u allowed=%u model-states=%lu",
		     p->orders.complete, pruned(p, text, sizeof text), p->orders.blocked,
		     p->outcomes.count, program_oracle()->allowed.count, program_oracle()->states);
}

/* In which modes what a program is wanted to show was shown. */
struct shown {
	bool stepped, raced;
	u64 rounds; /* of the race */
};

static void execute(struct program *p, const struct how *how, u32 by, struct shown *shown)
{
	bool good = !p->change;

	*shown = (struct shown){ 0 };
	if (steps(how)) {
		program_step(p, &run, how->replay || !p->wanted ? 1 : power_tries(p->scenario, by));
		shown->stepped = p->shown;
		if (how->loud && good && !p->broken)
			say_orders(p);
		if (how->loud && p->wanted && good && !p->broken)
			note("step %s %s in %lu orders", p->wanted->name,
			     p->shown ? "shown" : "NOT SHOWN", p->shown);
	}
	if (races(p->scenario, how) && !p->broken) {
		p->shown = 0;
		p->draw = false;
		program_race(p, &run, good ? rounds(how) : rounds(how) / CONTROL_ROUNDS + 1);
		shown->raced = p->shown;
		for (unsigned i = 0; i < p->outcomes.count; i++)
			shown->rounds += p->outcomes.seen[i].times;
		if (how->loud && good && !p->broken)
			report_histogram(&run, &p->outcomes, program_oracle(), p->wanted,
					 p->scenario->fact.which ? "sought" : "hazard");
	}
}

/* A race counts, but for what only a walk that was on its way can show here. A fact is what was seen, in whatever way. */
static bool counts(const struct program *p, const struct how *how, u32 by,
		   const struct shown *shown)
{
	if (shown->raced && !shown->stepped && steps(how) && power_by_chance(by) &&
	    !p->scenario->fact.which) {
		if (how->loud)
			note("race %s shown by chance: %s", p->wanted->name, power_none(by));
		return false;
	}
	return shown->stepped || shown->raced;
}

/* Not shown in any mode: is that this platform's, or the test's fault? One that has no excuse outweighs one that has. */
static void absent(const struct program *p, const struct how *how, u32 by, bool *flag)
{
	const char *why = power_none(by);

	if (!why && !steps(how))
		why = "a race shows what it happens to";
	if (!why && !power_expects(p->scenario, p->order, p->wanted))
		why = power_lacks(p->scenario, p->wanted);
	if (!p->e->control_absent || !why)
		p->e->no_power = why;
	*flag = true;
}

static const struct step *step_left_out(const struct scenario *s, struct change change)
{
	const struct agent *a = &s->agents[change.agent];

	for (unsigned i = 0; i < a->count; i++)
		if (a->steps[i].no == change.no)
			return &a->steps[i];
	return NULL;
}

static void say_control(const struct scenario *s, const struct control *c, const struct how *how,
			const char *text, const struct shown *shown)
{
	char by_race[48] = "";

	if (races(s, how) && c->shows != &deadlock_claim)
		format(by_race, sizeof by_race,
		       shown->raced ? "; racing: in round %lu" : "; racing: NEVER in %lu rounds",
		       shown->rounds);
	note("control %s: %s%s%s", text, c->shows->name,
	     !steps(how)      ? ""
	     : shown->stepped ? " shown"
			      : " NOT SHOWN",
	     by_race);
}

/* One control; the evidence says if it was not shown. */
static bool control(const struct scenario *s, const struct control *c, const struct how *how,
		    struct evidence *e)
{
	static struct variant v;
	static struct program p;
	char text[120];

	if (!c->change.no || !variant_make(&v, s, c->change)) {
		e->error = "a control changes a step that is not there";
		return false;
	}
	p = (struct program){ .scenario = &v.scenario,
			      .name = how->name,
			      .order = variant_order(&v, s, c->change, how->order),
			      .change = variant_text(text, sizeof text, s, c->change),
			      .wanted = c->shows,
			      .until_shown = true,
			      .quiet = !how->loud,
			      .seed = how->seed,
			      .asked = how->rounds,
			      .e = e };
	u32 by = c->by ? c->by : power_rests_on(step_left_out(s, c->change));
	struct shown shown;

	execute(&p, how, by, &shown);
	if (p.broken)
		return false;
	if (how->loud)
		say_control(s, c, how, text, &shown);
	if (!counts(&p, how, by, &shown))
		absent(&p, how, by, &e->control_absent);
	return true;
}

static void judge(const struct scenario *s, const struct how *how, struct evidence *e)
{
	static struct program p;
	bool fact = s->fact.which != FACT_NONE;

	p = (struct program){ .scenario = s,
			      .name = how->name,
			      .order = how->order,
			      .wanted = fact ? s->fact.claim : s->shows,
			      .draw = how->loud && !fact && !how->replay,
			      .quiet = !how->loud,
			      .seed = how->seed,
			      .asked = how->rounds,
			      .patient = how->loud && !how->rounds,
			      .e = e };
	struct shown shown;

	execute(&p, how, s->shown_by, &shown);
	if (p.broken)
		return;
	if (how->replay && how->loud)
		report_drawing(&run, how->order);
	if (how->loud && (how->replay || (how->order && !s->shows)))
		report_seen(&run);
	if (how->replay || how->fact_only)
		return;
	if (p.wanted && !counts(&p, how, s->shown_by, &shown) && !(fact && s->fact.either)) {
		absent(&p, how, s->shown_by, &e->hazard_absent);
		return;
	}
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows; c++)
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
	note("cpus=%u run at once=%u", cpu_count, worker_room());
}

void case_run(const struct scenario *s, const struct how *how, struct evidence *e)
{
	u32 can = 0;

	if (s->needs & (NEED_READ | NEED_WRITE | NEED_WRITE_ANY | NEED_ATS | NEED_TWO))
		e->error = machine.trouble;
	e->missing = power_missing(s->needs, s->mirror);
	/* Others refuse what they would have to set A or D for (VT-d 3.6.2, fault 90h). QEMU's snoop, whatever it says. */
	if (!e->missing && s->needs & NEED_MARKS && !machine.walks_snoop && !power_is_qemu())
		e->missing = "page walks that snoop, by which A and D are set";
	if (!e->missing && s->unsnooped && machine.walks_snoop)
		e->missing = "page walks that do not snoop";
	if (!e->missing && !steps(how) && !races(s, how))
		e->missing = "stepped mode";
	if (e->error || e->missing)
		return;
	can |= s->needs & NEED_READ ? DMA_READ : 0;
	can |= s->needs & (NEED_WRITE | NEED_TWO) ? DMA_WRITE : 0;
	can |= s->needs & NEED_WRITE_ANY ? DMA_WRITE | DMA_ANY_WORD : 0;
	can |= s->needs & NEED_ATS ? DMA_ATS : 0;
	can |= s->needs & NEED_NO_RINGS ? DMA_NO_RINGS : 0;
	can |= s->needs & NEED_LEARNS ? DMA_LEARNS : 0;
	run.engine = can ? machine_engine(can) : NULL;
	run.second = s->needs & NEED_TWO ? machine_second(can, two_requesters(s->spaces)) : NULL;
	if (s->needs & NEED_TWO && !run.second) {
		e->missing = "a second DMA engine with a requester id of its own";
		return;
	}
	if (how->loud)
		note("%s: %s%s%s%s%s", how->name, s->claim, run.engine ? "; engine=" : "",
		     run.engine ? run.engine->name : "", run.second ? "," : "",
		     run.second ? run.second->name : "");
	if (how->loud && run_on_peer(s, run.engine))
		note("P0 is memory of another device, at %#lx", machine.peer.pa.v);
	/* What others rest on must be found out all the same. */
	if (!how->mutate || s->fact.which)
		judge(s, how, e);
	if (how->mutate && !e->error)
		mutate(s, how, &run, e);
}
