/* Pure: which listed deviation, if any, an outcome is. */
#include "kernel/format.h"
#include "kernel/glob.h"
#include "kernel/string.h"
#include "tests/deviations.h"
#include "tests/model/text.h"

enum { NAME_MAX = 80, OUTCOME_MAX = 256 };

/* A version without its patch level. */
static u32 release(u32 version) { return version >> 8; }

static bool expects(const struct deviation *d, const struct platform *p, const char *name,
		    enum deviation_mode mode)
{
	return p->kind == d->kind && p->accel == d->accel && p->version >= d->first &&
	       release(p->version) <= release(d->last) && d->modes & mode && glob(d->test, name);
}

const struct deviation *deviation_next(const struct platform *p, const struct scenario *s,
				       enum deviation_mode mode, const struct deviation *after)
{
	char name[NAME_MAX];

	format(name, sizeof name, "%s.%s", s->id, s->name);
	for (const struct deviation *d = after ? after + 1 : deviations;
	     d < deviations + deviations_count; d++)
		if (expects(d, p, name, mode))
			return d;
	return NULL;
}

static bool lists(const struct deviation *d, const char *outcome)
{
	for (unsigned i = 0; i < DEVIATION_OUTCOMES && d->outcomes[i]; i++)
		if (!strcmp(d->outcomes[i], outcome))
			return true;
	return false;
}

const struct deviation *deviation_of(const struct platform *p, const struct scenario *s,
				     enum deviation_mode mode, const struct outcome *seen)
{
	char text[OUTCOME_MAX];

	model_text(text, sizeof text, s, seen);
	for (const struct deviation *d = NULL; (d = deviation_next(p, s, mode, d));)
		if (lists(d, text))
			return d;
	return NULL;
}
