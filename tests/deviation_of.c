/* Pure: which listed deviation, if any, an outcome is. */
#include "kernel/format.h"
#include "kernel/string.h"
#include "tests/deviations.h"
#include "tests/model/text.h"

enum { NAME_MAX = 80, OUTCOME_MAX = 256 };

/* A version without its patch level. */
static u32 release(u32 version) { return version >> 8; }

static bool is_of(const struct deviation *d, const struct platform *p)
{
	return p->kind == d->kind && p->accel == d->accel && p->version >= d->first &&
	       release(p->version) <= release(d->last);
}

/* outcome NULL: any that it lists. */
static bool lists(const struct deviation *d, const struct scenario *s, enum deviation_mode mode,
		  const char *outcome)
{
	char name[NAME_MAX];

	format(name, sizeof name, "%s.%s", s->id, s->name);
	for (unsigned i = 0; i < DEVIATION_OUTCOMES && d->shows[i].test; i++)
		if (d->shows[i].modes & mode && !strcmp(d->shows[i].test, name) &&
		    (!outcome || !strcmp(d->shows[i].outcome, outcome)))
			return true;
	return false;
}

static const struct deviation *next(const struct platform *p, const struct scenario *s,
				    enum deviation_mode mode, const char *outcome,
				    const struct deviation *d)
{
	for (; d < deviations + deviations_count; d++)
		if (is_of(d, p) && lists(d, s, mode, outcome))
			return d;
	return NULL;
}

const struct deviation *deviation_next(const struct platform *p, const struct scenario *s,
				       enum deviation_mode mode, const struct deviation *after)
{
	return next(p, s, mode, NULL, after ? after + 1 : deviations);
}

const struct deviation *deviation_of(const struct platform *p, const struct scenario *s,
				     enum deviation_mode mode, const struct outcome *seen)
{
	char text[OUTCOME_MAX];

	return next(p, s, mode, model_text(text, sizeof text, s, seen), deviations);
}
