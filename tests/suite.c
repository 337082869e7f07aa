#include "tests/suite.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/digest.h"
#include "kernel/format.h"
#include "kernel/kept.h"
#include "kernel/oops.h"
#include "kernel/panic.h"
#include "kernel/platform.h"
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
#include "tests/page.h"
#include "tests/power.h"
#include "tests/selftest.h"
#include "tests/slowest.h"
#include "tests/soak.h"
#include "tests/unit/case.h"
#include "tests/verdict.h"

enum { SCENARIOS_MAX = 640, CASE_DEADLINE_MS = 20000, SEED_DEFAULT = 1 };

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

/* What is run: a scenario, in these orders or (NULL) in every one; or a case of tests/unit/. */
struct subject {
	const struct scenario *scenario;
	const char *order;
	const struct unit_table *table;
	const struct unit_row *row;
};

static bool is_fact(const struct subject *t) { return t->scenario && t->scenario->fact.which; }

struct visit {
	const struct options *options;
	u64 seed;
	unsigned matched, selected, of;
	bool facts_told;
	enum verdict worst; /* FAIL or ERROR, of the first case that was so: */
	char bad[80];
	void (*each)(struct visit *v, const struct subject *t, const char *name, bool selected);
};

static void visit_subject(struct visit *v, const struct subject *t, const char *file,
			  const char *name)
{
	bool matches = !v->options->tests[0] || family_glob(v->options->tests, file, name);
	bool selected = matches && shard_has(v->options, v->matched);

	v->matched += matches;
	v->selected += selected;
	if (v->each)
		v->each(v, t, name, selected);
}

static void visit_case(struct visit *v, const struct scenario_ref *r, const char *name,
		       const char *order)
{
	const struct subject t = { .scenario = r->scenario,
				   .order = v->options->order[0] ? v->options->order : order };
	char full[80];

	format(full, sizeof full, "%s.%s", r->scenario->id, name);
	visit_subject(v, &t, r->file, full);
}

/* They have no orders to be replayed, and no protections to be taken away. */
static void visit_units(struct visit *v)
{
	const struct unit_table *const *t = __start_units;

	if (v->options->order[0] || v->options->mutate)
		return;
	for (; t != __stop_units; t++)
		for (unsigned i = 0; i < (*t)->count; i++) {
			const struct subject s = { .table = *t, .row = unit_row(*t, i) };

			visit_subject(v, &s, (*t)->file, s.row->name);
		}
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
	visit_units(v);
}

static u64 frames_in_use(void)
{
	u64 n = 0;

	for (unsigned k = FRAME_FREE + 1; k < FRAME_KINDS; k++)
		n += frame_count((enum frame_kind)k);
	return n;
}

static struct soak soak;
static u64 soak_began, seed_used;

KEPT struct hand_over hand_over;
static KEPT struct summary summary;
static KEPT u64 began;

static u64 ms_since(u64 begin) { return (now() - begin) / tsc_per_ms; }

/* For who looks at the screen. */
static void tell_progress(struct visit *v, const char *name, bool selected)
{
	char line[PAGE_WIDTH + 1];
	const struct progress p = { .number = v->selected,
				    .of = v->of,
				    .name = selected ? name
						     : "measuring what this machine can show",
				    .ms = ms_since(began),
				    .minute = soak.ms / 60000,
				    .minutes = soak.minutes,
				    .pass = soak.passes + 2 };

	console_status(progress_line(line, &p));
}

/* How a case of this visit is to be run; sick: a selftest's fault may be in it. */
static struct evidence execute(const struct visit *v, const struct subject *t, struct how how,
			       bool sick)
{
	const struct scenario *s = t->scenario;
	const struct options *o = v->options;
	struct evidence e = { .strict = o->strict };
	static u64 known_damage; /* of tests before */
	u64 frames = frames_in_use();

	running_test = how.name;
	watchdog_arm(o->deadline_ms ? o->deadline_ms : CASE_DEADLINE_MS);
	how.replay = o->order[0] != 0;
	how.mode = (enum mode)o->mode;
	how.rounds = o->rounds;
	how.seed = v->seed;
	if (sick && s) {
		e.error = selftest_in_case(o);
		s = selftest_scenario(o, s);
	}
	if (!e.error && s)
		case_run(s, &how, &e);
	else if (!e.error)
		unit_case_run(t->table, t->row, how.loud, &e);
	watchdog_disarm();
	running_test = "none";
	if (frames_in_use() != frames) {
		e.leaks = frames_in_use() - frames;
		note("leak frames=%ld in %s", (long)e.leaks, how.name);
	}
	u64 damaged = frame_poison_damage();
	if (damaged != known_damage && !e.error)
		e.error = "a free frame was written to";
	known_damage = damaged;
	return e;
}

/* It has no result of its own, and others rest on it. */
static void not_measured(const char *name, const struct evidence *e)
{
	static const char unmeasured[] = "what this machine can show was not measured";

	if (e->error != unmeasured)
		note("%s, which measures what this machine can show: %s", name,
		     e->error ? e->error : "frames were not put back");
	machine_trouble(unmeasured);
}

static void run_case(struct visit *v, const struct subject *t, const char *name, bool selected)
{
	u64 begin = now();

	if (!is_fact(t) && !v->facts_told) {
		power_note_facts();
		v->facts_told = true;
	}
	/* A replay is of the selected; facts are found in the orders they were written for. */
	if (!selected && (!is_fact(t) || v->options->order[0]))
		return;
	tell_progress(v, name, selected);
	bool later = v->options->soak_minutes || (v->options->hand_overs && !hand_over.done);
	const struct how how = { .name = name,
				 .order = t->order,
				 .loud = selected && !hand_over.done,
				 .mutate = selected && v->options->mutate,
				 .fact_only = !selected };
	struct evidence e = execute(v, t, how, selected && !later);

	if (selected)
		hand_over_case(&hand_over, name, &e);
	else if (verdict(&e) == ERROR)
		not_measured(name, &e);
	if (!selected || hand_over.done)
		return;
	slowest_add(name, now() - begin);
	enum verdict found = verdict_report(&ktap, name, &e);
	summary_add(&summary, name, found);
	if (!v->bad[0] && (found == FAIL || found == ERROR)) {
		v->worst = found;
		format(v->bad, sizeof v->bad, "%s", name);
	}
}

static void soak_one(struct visit *v, const struct subject *t, const char *name, bool selected)
{
	char line[200];

	if (!selected || !soak_goes_on(&soak))
		return;
	tell_progress(v, name, true);
	struct evidence e = execute(v, t, (struct how){ .name = name, .order = t->order }, true);

	if (soak_case(&soak, name, &e, ms_since(soak_began)) || !soak_goes_on(&soak))
		note("%s", soak_line(line, sizeof line, &soak));
}

/* One pass after the other until it is over. */
static void soak_run(const struct visit *first)
{
	char line[300];

	soak = soak_begin(first->options, first->seed, first->worst, first->bad);
	soak_began = now();
	while (soak_goes_on(&soak)) {
		struct visit pass = { .options = first->options,
				      .seed = soak.seed,
				      .of = first->of,
				      .each = soak_one };

		visit_cases(&pass);
		if (soak_goes_on(&soak))
			soak_pass(&soak);
	}
	if (soak.name[0] && soak.cases)
		note("%s", soak_again(line, sizeof line, &soak, first->options));
	summary_add(&summary, "soak", soak_report(&ktap, &soak));
}

/* The tests of a hand-over are over: a line, and after the last the result. What was held back is told if it is of use. */
static void hand_over_tell(void)
{
	char line[80];

	hand_over_end(&hand_over);
	console_release(hand_over.wrong[0]);
	if (hand_over.done)
		note("%s", hand_over_line(line, sizeof line, &hand_over));
	if (!hand_over_due(&hand_over))
		summary_add(&summary, "handover", hand_over_report(&ktap, &hand_over));
}

/* A result too, so that whoever reads the log sees that nothing is missing, and that nothing ran. */
static void list_case(struct visit *v, const struct subject *t, const char *name, bool selected)
{
	const struct scenario *s = t->scenario;
	char needs[200];

	(void)v;
	if (selected)
		ktap_result_why(&ktap, KTAP_OK, name, KTAP_SKIP, "LIST: %s [%s]%s",
				s ? s->claim : t->row->claim, s ? s->source : t->table->source,
				needs_text(s ? s->needs : t->row->needs, needs, sizeof needs));
}

bool suite_run(const struct options *o)
{
	struct visit count = { .options = o };
	struct visit all = { .options = o,
			     .seed = o->seed_given ? o->seed : SEED_DEFAULT,
			     .each = o->list ? list_case : run_case };

	visit_cases(&count);
	if (!count.selected)
		return false;
	case_prepare();
	oracle_second_stage(machine.unit && !machine.marks);
	all.of = count.selected;
	seed_used = all.seed;
	hand_over_begin(&hand_over, (unsigned)o->hand_overs);
	if (!hand_over.done) {
		began = now();
		note("seed=%lu", all.seed);
		ktap_plan(&ktap, count.selected + (o->soak_minutes || o->hand_overs));
	}
	visit_cases(&all);
	if (!hand_over.done)
		slowest_note();
	if (o->soak_minutes)
		soak_run(&all);
	if (o->hand_overs)
		hand_over_tell();
	return true;
}

void suite_page(bool good)
{
	static char text[PAGE_SIZE_MAX];
	char machine_text[160], digest[DIGEST_TEXT];
	const struct occasion o = { .good = good,
				    .seed = seed_used,
				    .ms = ms_since(began),
				    .cpus = cpu_count,
				    .platform = platform_text(machine_text, sizeof machine_text,
							      &platform),
				    .digest = digest_text(digest, ktap.digest) };

	for (unsigned v = PASS; v <= SKIP; v++)
		if (summary.count[v]) {
			console_page(summary_page(text, &summary, &o));
			return;
		}
}
