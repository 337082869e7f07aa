/* On the build machine: the known deviations as JSON, and the scenarios that show them. For tools/report.py */
#include <stdarg.h>
#include <stdio.h>

#include "kernel/format.h"
#include "kernel/string.h"
#include "tests/deviations.h"
#include "tests/needs.h"
#include "tests/words.h"

static const char *comma = "";

static void text(const char *s)
{
	putchar('"');
	for (; *s; s++)
		printf(*s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	putchar('"');
}

static void field(const char *name, const char *value)
{
	text(name);
	printf(": ");
	text(value);
	printf(",\n");
}

__attribute__((format(printf, 1, 2))) static void item(const char *fmt, ...)
{
	char line[160];
	va_list ap;

	va_start(ap, fmt);
	vformat(line, sizeof line, fmt, ap);
	va_end(ap);
	printf("%s", comma);
	text(line);
	comma = ", ";
}

static void list(const char *name)
{
	text(name);
	printf(": [");
	comma = "";
}

static void steps(const struct agent *a)
{
	for (unsigned i = 0; i < a->count; i++)
		item("%s: %s%s%s", a->name, step_name(&a->steps[i]), a->steps[i].args[0] ? " " : "",
		     a->steps[i].args);
}

static void leaf(const struct scenario *s, enum place_id p)
{
	static const char *const rights[] = {
		[RO] = "R/W=0",         [RW] = "R/W=1",
		[RW_SPECIAL] = "R/W=1", [SUPERVISOR] = "R/W=0 U/S=0",
		[RX] = "R/W=0",         [SUPERVISOR_RX] = "R/W=0 U/S=0",
	};
	u8 r = s->maps[p].rights, state = s->maps[p].state;

	item("%s leads to %s, %s A=%d D=%d",
	     p == A          ? "A"
	     : has_mirror(s) ? "MIRROR"
			     : "B",
	     words_name(MARK(s->maps[p].frame)), rights[r], state != LEAF_FRESH,
	     state == LEAF_USED && may_write(r));
}

/* What there is before the first step, and each agent's steps, in no order yet. */
static void scenario(const struct scenario *s)
{
	list("before");
	for (enum place_id p = A; p < PLACES; p++)
		if (s->maps[p].rights)
			leaf(s, p);
	for (unsigned f = 0; f < FRAMES; f++)
		if (s->content[f])
			item("%s holds %s", words_name(MARK(f)), words_name(s->content[f]));
	for (unsigned a = 0; a < AGENTS; a++)
		steps(&s->warm[a]);
	printf("],\n");
	list("steps");
	for (unsigned a = 0; a < AGENTS; a++)
		steps(&s->agents[a]);
	printf("],\n");
}

static void shown(const struct deviation_shown *x)
{
	char name[80];

	printf("{");
	field("test", x->test);
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++) {
		format(name, sizeof name, "%s.%s", r->scenario->id, r->scenario->name);
		if (!strcmp(name, x->test))
			scenario(r->scenario);
	}
	printf("\"race\": %s,\n", x->modes == DEVIATES_RACING ? "true" : "false");
	text("outcome");
	printf(": ");
	text(x->outcome);
	printf("}%s", x[1].test ? "," : "");
}

int main(void)
{
	printf("[");
	for (const struct deviation *d = __start_deviations; d != __stop_deviations; d++) {
		printf("{");
		field("what", d->what);
		field("section", d->section);
		field("says", d->says);
		field("cause", d->cause);
		field("shown", d->shown);
		field("command", d->command);
		printf("\"shows\": [");
		for (const struct deviation_shown *x = d->shows; x->test; x++)
			shown(x);
		printf("]}%s", d + 1 == __stop_deviations ? "" : ",\n");
	}
	printf("]\n");
	return 0;
}
