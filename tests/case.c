#include "tests/case.h"
#include "kernel/format.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "kernel/watchdog.h"
#include "kernel/x86.h"
#include "tests/machine.h"
#include "tests/report.h"
#include "tests/run.h"

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

/* An execution of its own: other pages, its own time. */
static void begin(unsigned attempt)
{
	run_attempt(attempt);
	watchdog_again();
}

static bool forbidden(const struct scenario *s, const struct claim **which)
{
	for (unsigned i = 0; i < CLAIMS && s->forbid[i].is_seen; i++)
		if (s->forbid[i].is_seen(&run.seen)) {
			*which = &s->forbid[i];
			return true;
		}
	return false;
}

static void failure(const char *name, const char *order, enum agent_id agent, u8 step)
{
	report_drawing(&run, order, agent, step);
	report_seen(&run);
	for (unsigned p = 0; p < PLACES; p++)
		note("place %c va=%#lx", 'A' + (int)p, place_va((enum place_id)p).v);
	for (unsigned f = 0; f < FRAMES; f++)
		note("frame P%u pa=%#lx", f, run.frame_pa[f].v);
	if (run.faults[0])
		note("fault %s", run.faults);
	machine_report();
	note("again: make run ARGS=\"T=%s\"", name);
}

static void control(const struct scenario *s, const char *name, const char *order,
		    struct evidence *e, bool loud)
{
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows.is_seen; c++) {
		enum agent_id agent = (enum agent_id)s->control[c].agent;
		const struct step *left_out = NULL;
		bool shown = false;

		for (unsigned i = 0; i < s->agents[agent].count; i++)
			if (s->agents[agent].steps[i].no == s->control[c].step)
				left_out = &s->agents[agent].steps[i];
		if (!left_out) {
			e->error = "a control leaves out a step that is not there";
			return;
		}
		u32 by = left_out->op == OP_cpu_flush ? CACHE_TLB : CACHE_IOTLB;
		for (unsigned i = 0; i < tries(s, by) && !shown; i++) {
			begin(i);
			if (!run_order(&run, order, agent, s->control[c].step)) {
				note("control without %s.%u: %s", s->agents[agent].name,
				     left_out->no, run.trouble);
				e->error = "a control did not come to its end";
				return;
			}
			shown = s->control[c].shows.is_seen(&run.seen);
		}
		if (loud)
			note("control without %s.%u %s %s: %s %s", s->agents[agent].name,
			     left_out->no, left_out->op_name, left_out->args,
			     s->control[c].shows.name, shown ? "shown" : "NOT SHOWN");
		if (shown)
			continue;
		/* One control that had to be shown and was not is not excused by another that could not. */
		if (!e->control_absent || !no_power(by))
			e->no_power = no_power(by);
		e->control_absent = true;
		if (loud && !e->no_power)
			failure(name, order, agent, s->control[c].step);
	}
}

void run_prepare(void)
{
	run.machine = &machine;
	run_tables();
}

void case_run(const struct scenario *s, unsigned n, const char *name, bool loud, struct evidence *e)
{
	const char *order = s->orders[n].order;
	const struct claim *broken;

	e->missing = missing(s);
	if (e->missing)
		return;
	run_place_agents(&run, s);
	if (loud)
		note("%s: %s", name, s->claim);
	bool shown = false;
	for (unsigned i = 0; i < tries(s, s->shown_by) && !shown; i++) {
		begin(i);
		if (!run_order(&run, order, AGENTS, 0)) {
			note("trouble: %s", run.trouble);
			failure(name, order, AGENTS, 0);
			e->error = run.trouble;
			return;
		}
		e->runs++;
		if (s->fact.which && s->fact.claim.is_seen(&run.seen))
			machine.facts[s->fact.which] = true;
		if (forbidden(s, &broken)) {
			e->forbidden++;
			note("forbidden: %s: %s", broken->name, broken->text);
			failure(name, order, AGENTS, 0);
			return;
		}
		shown = s->fact.which ? machine.facts[s->fact.which]
				      : !s->shows.is_seen || s->shows.is_seen(&run.seen);
	}
	if (loud && s->shows.is_seen) {
		report_drawing(&run, order, AGENTS, 0);
		note("hazard %s %s", s->shows.name, shown ? "shown" : "NOT SHOWN");
	}
	if (loud)
		report_seen(&run);
	if (!shown) {
		e->hazard_absent = true;
		e->no_power = no_power(s->shown_by);
		if (!e->no_power)
			failure(name, order, AGENTS, 0);
		return;
	}
	control(s, name, order, e, loud);
}
