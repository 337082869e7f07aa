/* Pure: lines and pages for a screen of 80x25. */
#include "tests/page.h"
#include "kernel/format.h"
#include "kernel/string.h"

enum { COLUMNS = 2, NAME_ROWS = 13 };

/* The worst first. */
static const enum verdict named[] = { FAIL, ERROR, WEAK, KNOWN };

static const char *elapsed(char *text, size_t size, u64 ms)
{
	u64 s = ms / 1000;

	format(text, size, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
	return text;
}

const char *progress_line(char line[PAGE_WIDTH + 1], const struct progress *p)
{
	char soak[64] = "", time[24];

	if (p->minutes)
		format(soak, sizeof soak, "soak, minute %lu of %lu, pass %lu  ", p->minute,
		       p->minutes, p->pass);
	format(line, PAGE_WIDTH + 1, "%s%u of %u  %s  %s", soak, p->number, p->of,
	       elapsed(time, sizeof time, p->ms), p->name);
	return line;
}

void summary_add(struct summary *s, const char *name, enum verdict v)
{
	s->count[v]++;
	for (unsigned i = 0; i < ARRAY_SIZE(named); i++) {
		if (named[i] != v || s->names == PAGE_NAMES)
			continue;
		format(s->named[s->names].name, sizeof s->named->name, "%s", name);
		s->named[s->names++].verdict = v;
	}
}

/* Grows by whole lines, each cut to the width; what does not fit is left out. */
struct page {
	char *text;
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void line(struct page *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	size_t n = vformat(p->text + p->length, PAGE_WIDTH + 1, fmt, ap);
	va_end(ap);
	p->length += n < PAGE_WIDTH ? n : PAGE_WIDTH;
	p->text[p->length++] = '\n';
	p->text[p->length] = '\0';
}

static void names(struct page *p, const struct summary *s)
{
	char row[COLUMNS][40] = { "", "" };
	unsigned shown = 0, column = 0;
	unsigned room = NAME_ROWS * COLUMNS;

	for (unsigned v = 0; v < ARRAY_SIZE(named); v++)
		for (unsigned i = 0; i < s->names && shown < room; i++) {
			if (s->named[i].verdict != named[v])
				continue;
			shown++;
			format(row[column], sizeof row[column], "%-5s %s", verdict_name(named[v]),
			       s->named[i].name);
			if (++column < COLUMNS)
				continue;
			line(p, "%-39s %s", row[0], row[1]);
			column = 0;
		}
	if (column)
		line(p, "%s", row[0]);
	unsigned all = s->count[FAIL] + s->count[ERROR] + s->count[WEAK] + s->count[KNOWN];
	if (all > shown)
		line(p, "and %u more", all - shown);
}

const char *summary_page(char text[PAGE_SIZE_MAX], const struct summary *s,
			 const struct occasion *o)
{
	struct page p = { .text = text };
	unsigned all = 0;
	char time[24];

	for (unsigned v = PASS; v <= SKIP; v++)
		all += s->count[v];
	line(&p, "shootdown: %s. %u results in %s, seed %lu, %u CPUs",
	     o->good ? "good" : "NOT GOOD", all, elapsed(time, sizeof time, o->ms), o->seed,
	     o->cpus);
	line(&p, "%s", o->platform);
	line(&p, "%s", "");
	line(&p, "PASS %u   FAIL %u   ERROR %u   WEAK %u   KNOWN %u   SKIP %u", s->count[PASS],
	     s->count[FAIL], s->count[ERROR], s->count[WEAK], s->count[KNOWN], s->count[SKIP]);
	line(&p, "%s", "");
	names(&p, s);
	line(&p, "%s", "");
	line(&p, "digest of the verdicts: %s", o->digest);
	return text;
}
