/* Pure: the model's outcomes under the claims of a scenario. */
#include "tests/model/judge.h"
#include "kernel/format.h"
#include "tests/deviations.h"

void refuse(struct model_report *report, const char *fmt, ...)
{
	va_list ap;

	if (report->wrong[0])
		return;
	va_start(ap, fmt);
	vformat(report->wrong, sizeof report->wrong, fmt, ap);
	va_end(ap);
}

static bool is_seen(const struct claim *c, const struct outcome *o) { return c && c->is_seen(o); }

static bool judge(void *arg, const struct outcome *o)
{
	struct judge *j = arg;
	const struct scenario *s = j->s;
	struct seen *seen = &j->seen;
	enum deviation_mode mode = j->mode == MODEL_RACING ? DEVIATES_RACING : DEVIATES_STEPPED;

	for (unsigned i = 0; i < CLAIMS; i++) {
		seen->forbid |= is_seen(s->forbid[i], o) ? 1u << i : 0;
		seen->allow |= is_seen(s->allow[i], o) ? 1u << i : 0;
	}
	seen->shown |= is_seen(s->shows, o) ? SHOWN_HAZARD : 0;
	seen->shown |= is_seen(s->fact.claim, o) ? SHOWN_FACT : 0;
	for (unsigned c = 0; c < CONTROLS; c++)
		if ((j->control == c || j->control == CONTROLS) && is_seen(s->control[c].shows, o))
			seen->shown |= SHOWN_CONTROL << c;
	seen->outside |= j->within && !model_found(j->within, s, o) &&
			 !deviation_of(&deviations_modelled, s, mode, o);
	return true;
}

u32 judge_stuck(const struct judge *j, const struct model_result *r)
{
	u32 shown = 0;

	if (r->stuck && j->s->shows == &deadlock_claim)
		shown |= SHOWN_HAZARD;
	if (r->stuck && j->control < CONTROLS && j->s->control[j->control].shows == &deadlock_claim)
		shown |= SHOWN_CONTROL << j->control;
	return shown;
}

struct model_result judge_run(struct judge *j, const char *order)
{
	struct model_query q = {
		.scenario = j->s, .order = order, .mode = j->mode, .profile = j->profile
	};
	struct model_result r = model_run(&q, j->memory, judge, j);
	const char *where = j->mode == MODEL_RACING ? "racing" : j->profile->name;

	j->report->runs++;
	j->report->states += r.states;
	if (r.states > j->report->largest)
		j->report->largest = r.states;
	if (r.wrong)
		refuse(j->report, "%s: agent %u step %u: %s", where, r.agent, r.no, r.wrong);
	else if (!r.complete)
		refuse(j->report, "%s: too many states in order %s", where, order ? order : "any");
	if (!order)
		j->seen.shown |= judge_stuck(j, &r);
	return r;
}
