/* Pure: scenarios against the model. */
#include "tests/model/check.h"
#include "kernel/format.h"
#include "kernel/string.h"
#include "tests/orders.h"

/* One program under one profile in some orders, and what some outcome of it showed. */
struct runs {
	struct model_query query;
	struct model_memory *memory;
	struct model_report *report;
	const struct claim *control; /* that the step left out must show */
	u32 forbidden;               /* bit of forbid[] */
	bool hazard, fact, control_shown;
	struct outcome last;
	bool found; /* last, among what the architecture allows */
};

static bool is_seen(const struct claim *c, const struct outcome *seen)
{
	return c && c->is_seen && c->is_seen(seen);
}

static bool judge(void *arg, const struct outcome *seen)
{
	struct runs *r = arg;
	const struct scenario *s = r->query.scenario;

	for (unsigned i = 0; i < CLAIMS; i++)
		if (is_seen(&s->forbid[i], seen))
			r->forbidden |= 1u << i;
	r->hazard |= is_seen(&s->shows, seen);
	r->fact |= is_seen(&s->fact.claim, seen);
	r->control_shown |= is_seen(r->control, seen);
	r->last = *seen;
	return true;
}

static bool compare(void *arg, const struct outcome *seen)
{
	struct runs *r = arg;

	r->found |= !memcmp(seen->saw, r->last.saw, sizeof seen->saw) &&
		    !memcmp(seen->holds, r->last.holds, sizeof seen->holds);
	return !r->found;
}

/* The first thing that is wrong stays. */
__attribute__((format(printf, 2, 3))) static void refuse(struct model_report *report,
							 const char *fmt, ...)
{
	va_list ap;

	if (report->wrong[0])
		return;
	va_start(ap, fmt);
	vformat(report->wrong, sizeof report->wrong, fmt, ap);
	va_end(ap);
}

static int run_order(void *arg, const char *order)
{
	struct runs *r = arg;
	const char *profile = r->query.profile->name;

	r->query.order = order;
	order = order ? order : "any";
	struct model_result result = model_run(&r->query, r->memory, judge, r);
	r->report->runs++;
	r->report->states += result.states;
	if (result.wrong)
		refuse(r->report, "%s: agent %u step %u: %s", profile, result.agent, result.step,
		       result.wrong);
	else if (!result.complete)
		refuse(r->report, "%s: too many states in order %s", profile, order);
	else if (result.stuck || !result.outcomes)
		refuse(r->report, "%s: order %s does not come to its end", profile, order);
	else if (r->query.profile == &model_qemu_tcg) {
		struct model_query q = r->query;

		q.profile = &model_arch;
		r->found = false;
		model_run(&q, r->memory, compare, r);
		if (result.outcomes != 1)
			refuse(r->report, "%s: order %s has %lu outcomes", profile, order,
			       result.outcomes);
		if (!r->found)
			refuse(r->report, "%s: in order %s an outcome that ARCH does not allow",
			       profile, order);
	}
	return r->report->wrong[0] ? ORDERS_STOP : ORDER_RAN;
}

static void run(struct runs *r, const char *order)
{
	if (order)
		run_order(r, order);
	else if (!orders_each(r->query.scenario, ORDERS_ALL, run_order, r).complete)
		refuse(r->report, "there is no order that comes to its end");
}

/* The program as it is, and with each control's step left out; a bit for each thing shown. */
static u32 check(const struct scenario *s, const char *order, const struct model_profile *p,
		 struct model_memory *m, struct model_report *report)
{
	struct runs good = { .query = { .scenario = s, .profile = p },
			     .memory = m,
			     .report = report };

	run(&good, order);
	for (unsigned i = 0; i < CLAIMS; i++)
		if (good.forbidden & 1u << i)
			refuse(report, "%s: FORBID %s can be seen", p->name, s->forbid[i].name);
	u32 shown = (good.hazard ? SHOWN_HAZARD : 0) | (good.fact ? SHOWN_FACT : 0);
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows.is_seen; c++) {
		struct runs bad = good;

		bad.query.skip_agent = s->control[c].change.agent;
		bad.query.skip_step = s->control[c].change.step;
		bad.control = &s->control[c].shows;
		run(&bad, order);
		shown |= bad.control_shown ? SHOWN_CONTROL << c : 0;
	}
	return shown;
}

static bool has_step(const struct scenario *s, unsigned agent, unsigned no)
{
	for (unsigned i = 0; agent < AGENTS && i < s->agents[agent].count; i++)
		if (s->agents[agent].steps[i].no == no)
			return true;
	return false;
}

/* Free races have no positions: after() is false in them, and a claim that needs it says nothing. */
static void race(const struct scenario *s, struct model_memory *m, struct model_report *report)
{
	struct runs r = { .query = { .scenario = s, .profile = &model_arch, .mode = MODEL_RACING },
			  .memory = m,
			  .report = report };

	run_order(&r, NULL);
	for (unsigned i = 0; i < CLAIMS; i++)
		if (r.forbidden & 1u << i)
			refuse(report, "racing: FORBID %s can be seen", s->forbid[i].name);
}

struct model_report model_check(const struct scenario *s, const char *order, struct model_memory *m)
{
	struct model_report report = { 0 };

	report.shown = check(s, order, &model_arch, m, &report);
	if (s->shows.is_seen && !(report.shown & SHOWN_HAZARD))
		refuse(&report, "ARCH: hazard %s cannot be seen", s->shows.name);
	if (s->fact.which && !(report.shown & SHOWN_FACT))
		refuse(&report, "ARCH: fact %s cannot be seen", s->fact.claim.name);
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows.is_seen; c++)
		if (!has_step(s, s->control[c].change.agent, s->control[c].change.step))
			refuse(&report, "control %s leaves out a step that is not there",
			       s->control[c].shows.name);
		else if (!(report.shown & SHOWN_CONTROL << c))
			refuse(&report, "ARCH: control %s cannot be seen without %s.%u",
			       s->control[c].shows.name, s->agents[s->control[c].change.agent].name,
			       s->control[c].change.step);
	if (!order)
		race(s, m, &report);
	if (!report.wrong[0])
		report.on_qemu = check(s, order, &model_qemu_tcg, m, &report);
	return report;
}
