/* Pure: what accesses showed, in words. */
#include "tests/unit/seen.h"
#include "kernel/format.h"
#include "kernel/string.h"

const char *unit_seen_text(char text[UNIT_SEEN_TEXT], const struct unit_seen *s)
{
	static const char *const frames[] = { "old", "new", "nothing" };
	static const char *const accesses[] = { "write", "page-request", "read", "atomic" };
	const struct vtd_fault *f = &s->fault;
	size_t n = 0;

	if (!s->faulted || s->at != UNIT_NOWHERE)
		n = format(text, UNIT_SEEN_TEXT, "%s%s", frames[s->at], s->faulted ? ", " : "");
	if (!s->faulted)
		return text;
	n += format(text + n, UNIT_SEEN_TEXT - n, "reason=0x%02x", f->reason);
	if (f->page.v != s->page)
		n += format(text + n, UNIT_SEEN_TEXT - n, " page=0x%lx", f->page.v);
	if (f->sid != s->sid)
		n += format(text + n, UNIT_SEEN_TEXT - n, " sid=0x%x", f->sid);
	if (f->access != s->access)
		n += format(text + n, UNIT_SEEN_TEXT - n, " access=%s", accesses[f->access]);
	if (f->has_pasid && !(s->rid_pasid && f->pasid == s->rid_pasid))
		format(text + n, UNIT_SEEN_TEXT - n, " pasid=0x%x", f->pasid);
	return text;
}

const char *unit_reason_text(char text[16], u8 reason)
{
	format(text, 16, "reason=0x%02x", reason);
	return text;
}

static void end_run(struct unit_groups *g, unsigned i)
{
	char *bits = g->group[i].bits;
	size_t n = strlen(bits);
	int first = g->group[i].first, last = g->group[i].last;

	n += format(bits + n, sizeof g->group[i].bits - n, "%s%d", n ? "," : "", first);
	if (last > first && n < sizeof g->group[i].bits)
		format(bits + n, sizeof g->group[i].bits - n, "-%d", last);
}

void unit_group(struct unit_groups *g, int bit, const char *what)
{
	unsigned i = 0;

	while (i < g->count && strcmp(g->group[i].what, what) != 0)
		i++;
	if (i == UNIT_GROUPS)
		return;
	if (i < g->count && g->group[i].last == bit - 1) {
		g->group[i].last = bit;
		return;
	}
	if (i < g->count)
		end_run(g, i);
	else
		format(g->group[g->count++].what, sizeof g->group[i].what, "%s", what);
	g->group[i].first = g->group[i].last = bit;
}

const char *unit_groups_text(char *text, size_t size, struct unit_groups *g)
{
	size_t n = 0;

	text[0] = 0;
	for (unsigned i = 0; i < g->count && n < size; i++) {
		end_run(g, i);
		n += format(text + n, size - n, "%s%s: %s", i ? "; " : "", g->group[i].what,
			    g->group[i].bits);
	}
	return text;
}
