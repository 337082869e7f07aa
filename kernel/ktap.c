/* Pure: KTAP lines and what they add up to. */
#include "kernel/ktap.h"
#include "kernel/digest.h"
#include "kernel/format.h"
#include "kernel/line.h"

enum { LINE_MAX = 896, REASON_MAX = 768, NAME_SIZE = 96 };

__attribute__((format(printf, 2, 3))) static void say(struct ktap *k, const char *fmt, ...)
{
	char line[LINE_MAX];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = vformat(line, sizeof line, fmt, ap);
	va_end(ap);
	k->emit(line, line_end(line, sizeof line, n));
}

void ktap_open(struct ktap *k)
{
	if (k->opened)
		return;
	k->opened = true;
	say(k, "KTAP version 1");
}

void ktap_plan(struct ktap *k, unsigned n)
{
	ktap_open(k);
	k->planned = true;
	k->plan = n;
	say(k, "1..%u", n);
}

/* A "#" would begin the directive. */
static const char *plain(char out[NAME_SIZE], const char *name)
{
	format(out, NAME_SIZE, "%s", name);
	for (char *c = out; *c; c++) {
		if (*c == '#')
			*c = '?';
	}
	return out;
}

static const char *ok(enum ktap_outcome outcome) { return outcome == KTAP_OK ? "ok" : "not ok"; }

static const char *const words[] = { [KTAP_DATA] = "",
				     [KTAP_SKIP] = " SKIP",
				     [KTAP_TODO] = " TODO",
				     [KTAP_ERROR] = " ERROR",
				     [KTAP_WEAK] = " WEAK" };

static void count(struct ktap *k, enum ktap_outcome outcome, enum ktap_directive directive,
		  const char *name)
{
	char line[NAME_SIZE + 20];

	format(line, sizeof line, "%s %s%s\n", ok(outcome), name, words[directive]);
	k->digest = digest_add(k->digest, line);
	k->results++;
	if (outcome == KTAP_NOT_OK && directive == KTAP_TODO)
		k->known++;
	else if (outcome == KTAP_NOT_OK)
		k->failed++;
	else if (directive == KTAP_SKIP)
		k->skipped++;
	else
		k->passed++;
}

void ktap_result(struct ktap *k, enum ktap_outcome outcome, const char *name)
{
	char copy[NAME_SIZE];

	count(k, outcome, KTAP_DATA, plain(copy, name));
	say(k, "%s %u %s", ok(outcome), k->results, copy);
}

void ktap_result_why(struct ktap *k, enum ktap_outcome outcome, const char *name,
		     enum ktap_directive directive, const char *reason, ...)
{
	char why[REASON_MAX], copy[NAME_SIZE];
	va_list ap;

	va_start(ap, reason);
	vformat(why, sizeof why, reason, ap);
	va_end(ap);
	count(k, outcome, directive, plain(copy, name));
	say(k, "%s %u %s #%s %s", ok(outcome), k->results, copy, words[directive], why);
}

void ktap_bail_out(struct ktap *k, const char *reason, ...)
{
	char why[REASON_MAX];
	va_list ap;

	if (k->bailed)
		return;
	k->bailed = true;
	ktap_open(k);
	va_start(ap, reason);
	vformat(why, sizeof why, reason, ap);
	va_end(ap);
	say(k, "Bail out! %s", why);
}

bool ktap_close(struct ktap *k)
{
	char digest[DIGEST_TEXT];
	bool complete = k->planned && k->plan && k->results == k->plan;

	if (!complete)
		say(k, "# error plan=%u results=%u", k->plan, k->results);
	say(k, "# digest=%s", digest_text(digest, k->digest));
	say(k, "# summary passed=%u failed=%u skipped=%u known=%u", k->passed, k->failed,
	    k->skipped, k->known);
	return complete && !k->failed && !k->bailed;
}
