/* On the build machine: what scenarios say of themselves, a line each, fields between tabs. For tools/coverage.py */
#include <stdio.h>

#include "tests/needs.h"

static void say(const struct scenario *s, const char *name)
{
	unsigned forbids = 0, allows = 0, controls = 0;
	char needs[200];

	for (unsigned i = 0; i < CLAIMS && s->forbid[i]; i++)
		forbids++;
	for (unsigned i = 0; i < CLAIMS && s->allow[i]; i++)
		allows++;
	for (unsigned i = 0; i < CONTROLS && s->control[i].shows; i++)
		controls++;
	printf("%s.%s\t%s\t%s\t%s\t%u\t%u\t%u\n", s->id, name, s->claim, s->source,
	       needs_text(s->needs, needs, sizeof needs), forbids, allows, controls);
}

int main(void)
{
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++) {
		const struct scenario *s = r->scenario;

		if (!s->orders[0].order)
			say(s, s->name);
		for (unsigned n = 0; n < ORDERS && s->orders[n].order; n++)
			say(s, s->orders[n].name ? s->orders[n].name : s->name);
	}
	return 0;
}
