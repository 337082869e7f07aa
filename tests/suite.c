#include "tests/suite.h"
#include "kernel/format.h"
#include "kernel/oops.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/watchdog.h"
#include "mm/frame.h"
#include "tests/case.h"
#include "tests/family.h"
#include "tests/machine.h"
#include "tests/needs.h"
#include "tests/oracle.h"
#include "tests/power.h"
#include "tests/selftest.h"
#include "tests/slowest.h"
#include "tests/verdict.h"

enum { SCENARIOS_MAX = 256, CASE_DEADLINE_MS = 20000, SEED_DEFAULT = 1 };

static const struct scenario_ref *sorted[SCENARIOS_MAX];
static unsigned scenarios;

/* Facts first, then by id; within one id as they were written. */
static bool before(const struct scenario_ref *a, const struct scenario_ref *b)
{
	bool fact_a = a->scenario->fact.which != FACT_NONE,
	     fact_b = b->scenario->fact.which != FACT_NONE;
	int ids = strcmp(a->scenario->id, b->scenario->id);

	return fact_a != fact_b ? fact_a : ids ? ids < 0 : a->line < b->line;
}

static void sort(void)
{
	scenarios = 0;
	for (const struct scenario_ref *p = __start_scenarios; p != __stop_scenarios; p++) {
		unsigned at = scenarios++;

		if (at == SCENARIOS_MAX)
			panic("more than %u scenarios are linked in: raise SCENARIOS_MAX",
			      SCENARIOS_MAX);
		for (; at && before(p, sorted[at - 1]); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = p;
	}
}

struct visit {
	const struct options *options;
	unsigned matched, selected;
	bool facts_told;
	void (*each)(struct visit *v, const struct scenario *s, const char *order, const char *name,
		     bool selected);
};

static void visit_case(struct visit *v, const struct scenario_ref *r, const char *name,
		       const char *order)
{
	const struct scenario *s = r->scenario;
	char full[80];

	format(full, sizeof full, "%s.%s", s->id, name);
	bool matches = !v->options->tests[0] || family_glob(v->options->tests, r->file, full);
	bool selected = matches && shard_has(v->options, v->matched);
	v->matched += matches;
	v->selected += selected;
	if (v->each)
		v->each(v, s, v->options->order[0] ? v->options->order : order, full, selected);
}

/* A scenario that names no orders is one case: every order. And so are its mutants. */
static void visit_cases(struct visit *v)
{
	sort();
	for (unsigned i = 0; i < scenarios; i++) {
		const struct scenario *s = sorted[i]->scenario;

		if (!s->orders[0].order || v->options->mutate)
			visit_case(v, sorted[i], s->name, NULL);
		for (unsigned n = 0; !v->options->mutate && n < ORDERS && s->orders[n].order; n++)
			visit_case(v, sorted[i], s->orders[n].name ? s->orders[n].name : s->name,
				   s->orders[n].order);
	}
}

static u64 frames_in_use(void)
{
	u64 n = 0;

	for (unsigned k = FRAME_FREE + 1; k < FRAME_KINDS; k++)
		n += frame_count((enum frame_kind)k);
	return n;
}

static void run_case(struct visit *v, const struct scenario *s, const char *order, const char *name,
		     bool selected)
{
	struct evidence e = { .strict = v->options->strict };
	u64 frames = frames_in_use(), begin = now();

	if (!s->fact.which && !v->facts_told) {
		power_note_facts();
		v->facts_told = true;
	}
	/* A replay is of the selected; facts are found in the orders they were written for. */
	if (!selected && (!s->fact.which || v->options->order[0]))
		return;
	running_test = name;
	watchdog_arm(v->options->deadline_ms ? v->options->deadline_ms : CASE_DEADLINE_MS);
	e.error = selftest_in_case(v->options);
	const struct how how = { .name = name,
				 .order = order,
				 .replay = v->options->order[0] != 0,
				 .loud = selected,
				 .mutate = selected && v->options->mutate,
				 .mode = (enum mode)v->options->mode,
				 .rounds = v->options->rounds,
				 .seed = v->options->seed_given ? v->options->seed : SEED_DEFAULT };
	if (!e.error)
		case_run(selected ? selftest_scenario(v->options, s) : s, &how, &e);
	watchdog_disarm();
	running_test = "none";
	if (!selected)
		return;
	if (frames_in_use() != frames) {
		e.leaks = frames_in_use() - frames;
		note("leak frames=%ld in %s", (long)e.leaks, name);
	}
	if (frame_poison_damage() && !e.error)
		e.error = "a free frame was written to";
	slowest_add(name, now() - begin);
	verdict_report(&ktap, name, &e);
}

/* A result too, so that whoever reads the log sees that nothing is missing, and that nothing ran. */
static void list_case(struct visit *v, const struct scenario *s, const char *order,
		      const char *name, bool selected)
{
	char needs[200];

	(void)v;
	(void)order;
	if (selected)
		ktap_result_why(&ktap, KTAP_OK, name, KTAP_SKIP, "LIST: %s [%s]%s", s->claim,
				s->source, needs_text(s, needs, sizeof needs));
}

bool suite_run(const struct options *o)
{
	struct visit count = { .options = o };
	struct visit all = { .options = o, .each = o->list ? list_case : run_case };

	visit_cases(&count);
	if (!count.selected)
		return false;
	case_prepare();
	oracle_second_stage(machine.unit && !machine.marks);
	note("seed=%lu", o->seed_given ? o->seed : SEED_DEFAULT);
	ktap_plan(&ktap, count.selected);
	visit_cases(&all);
	slowest_note();
	return true;
}
