/* Pure: which listed deviation, if any, an outcome is. */
#include "kernel/format.h"
#include "kernel/string.h"
#include "tests/deviations.h"
#include "tests/model/text.h"

const struct platform deviations_modelled = {
	.kind = PLATFORM_QEMU,
	.accel = ACCEL_TCG,
	.version = VERSION(11, 1, 0),
};

enum { NAME_MAX = 80, OUTCOME_MAX = 256 };

/* A version without its patch level. */
static u32 release(u32 version) { return version >> 8; }

static bool is_of(const struct deviation *d, const struct platform *p)
{
	return p->kind == d->kind && p->accel == d->accel && p->version >= d->first &&
	       release(p->version) <= release(d->last);
}

static bool lists(const struct deviation *d, const char *name, enum deviation_mode mode,
		  const char *outcome)
{
	for (const struct deviation_shown *x = d->shows; x->test; x++)
		if (x->modes & mode && !strcmp(x->test, name) &&
		    (!outcome || !strcmp(x->outcome, outcome)))
			return true;
	return false;
}

const struct deviation *deviation_named(const struct platform *p, const char *name,
					enum deviation_mode mode, const char *outcome,
					const struct deviation *after)
{
	for (const struct deviation *d = after ? after + 1 : __start_deviations;
	     d != __stop_deviations; d++)
		if (is_of(d, p) && lists(d, name, mode, outcome))
			return d;
	return NULL;
}

static const char *name_of(char name[NAME_MAX], const struct scenario *s)
{
	format(name, NAME_MAX, "%s.%s", s->id, s->name);
	return name;
}

const struct deviation *deviation_next(const struct platform *p, const struct scenario *s,
				       enum deviation_mode mode, const struct deviation *after)
{
	char name[NAME_MAX];

	return deviation_named(p, name_of(name, s), mode, NULL, after);
}

const struct deviation *deviation_of(const struct platform *p, const struct scenario *s,
				     enum deviation_mode mode, const struct outcome *seen)
{
	char name[NAME_MAX], text[OUTCOME_MAX];

	return deviation_named(p, name_of(name, s), mode, model_text(text, sizeof text, s, seen),
			       NULL);
}
