/* A case of tests/unit/: is it possible here, what was seen, is that what the specification says? */
#include "tests/unit/case.h"
#include "kernel/format.h"
#include "kernel/platform.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "tests/machine.h"
#include "tests/power.h"

#define UNIT_SAYS(function, field)                              \
	void function(struct unit_run *r, const char *fmt, ...) \
	{                                                       \
		va_list ap;                                     \
                                                                \
		va_start(ap, fmt);                              \
		vformat(r->field, sizeof r->field, fmt, ap);    \
		va_end(ap);                                     \
	}
UNIT_SAYS(unit_want, wanted)
UNIT_SAYS(unit_saw, seen)

void unit_did(struct unit_run *r, const char *fmt, ...)
{
	size_t n = strlen(r->did);
	va_list ap;

	if (n)
		n += format(r->did + n, sizeof r->did - n, "; ");
	va_start(ap, fmt);
	vformat(r->did + n, sizeof r->did - n, fmt, ap);
	va_end(ap);
}

void unit_want_reason(struct unit_run *r, const char *behind, u8 reason, u8 other)
{
	char text[UNIT_TEXT];

	unit_want(r, "reason=0x%02x%s", reason, behind);
	format(text, sizeof text, "reason=0x%02x%s", other, behind);
	r->allowed |= other && !strcmp(text, r->seen);
}

/* QEMU 7.2 drops leaves of 2 MiB with 16 pages beside them, and the other way round. */
bool unit_forgets_exactly(void)
{
	return platform.kind == PLATFORM_QEMU && platform.version >= VERSION(10, 0, 0);
}

void unit_case_run(const struct unit_table *t, const struct unit_row *row, bool loud,
		   struct evidence *e)
{
	static struct unit_run r;

	e->error = machine.trouble;
	e->missing = power_missing(row->needs, false);
	if (e->missing || e->error)
		return;
	r = (struct unit_run){ .second = (row->needs & NEED_SECOND) != 0 };
	if (loud)
		note("%s: %s", row->name, row->claim);
	t->run(row, &r);
	e->error = r.error ? r.error : machine.trouble;
	e->missing = r.missing;
	if (e->error || e->missing)
		return;
	if (row->doubt && strcmp(r.wanted, r.seen) != 0)
		e->missing = row->doubt;
	else
		unit_judge(&platform, row->name, &r, e);
	if (!loud)
		return;
	if (r.fact[0])
		note("fact %s", r.fact);
	if (e->forbidden || e->deviating)
		note("did %s", r.did);
	if (e->forbidden || e->deviating)
		note("specified %s", r.wanted);
	note("seen %s", r.seen);
	if (e->forbidden || e->deviating)
		note("again: make run ARGS=\"T=%s\"", row->name);
}
