/* Pure: is what a case saw what the specification has, or a deviation that is listed, or neither? */
#include "kernel/string.h"
#include "tests/deviations.h"
#include "tests/unit/case.h"

void unit_judge(const struct platform *p, const char *name, const struct unit_run *r,
		struct evidence *e)
{
	bool right = r->allowed || !strcmp(r->wanted, r->seen);
	const struct deviation *d =
		deviation_named(p, name, DEVIATES_STEPPED, right ? NULL : r->seen, NULL);

	e->runs = e->orders = 1;
	e->deviation = d ? d->what : NULL;
	e->deviating = !right && d;
	e->forbidden = !right && !d;
	e->control_absent = right && r->blind;
	e->no_power = r->no_power;
}
