#include "tests/report.h"
#include "kernel/format.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "tests/model/text.h"
#include "tests/orders.h"
#include "tests/words.h"

enum { COLUMN = 30 };

/* "dma_read A, DEVICE" and, once it ran, what it saw. */
static void cell(char *out, size_t size, const struct run *run, const struct step *s)
{
	const char *guard = s->if_saw ? "? " : "";

	if (step_to(s))
		format(out, size, "%s%s %s = %s", guard, step_name(s), s->args,
		       words_name(run->seen.saw[step_to(s)]));
	else
		format(out, size, "%s%s %s", guard, step_name(s), s->args);
}

static void header(const struct run *run)
{
	char text[AGENTS * COLUMN + 1] = "";
	size_t at = 0;

	for (unsigned a = 0; a < AGENTS; a++) {
		char who[COLUMN];

		if (!run->scenario->agents[a].count)
			continue;
		if (a < CPU_AGENTS)
			format(who, sizeof who, "%s = CPU %u", run->scenario->agents[a].name,
			       run->cpu[a]->index);
		else
			format(who, sizeof who, "%s = %s", run->scenario->agents[a].name,
			       run->self[a].engine->name);
		at += format(text + at, sizeof text - at, "%-*s", a < E ? COLUMN : 0, who);
	}
	note("      %s", text);
}

const char *report_letters(const char *order)
{
	static char letters[ORDER_MAX + 1];
	size_t n = 0;

	for (const char *p = order; *p && n < ORDER_MAX; p++)
		if (*p != ' ')
			letters[n++] = *p;
	letters[n] = 0;
	return letters;
}

void report_drawing(const struct run *run, const char *order)
{
	u8 next[AGENTS] = { 0 };
	unsigned line = 0;

	note("order=%s", report_letters(order));
	header(run);
	for (const char *p = order; *p; p++) {
		const char *letter = strchr(AGENT_LETTERS, *p);
		char text[96];
		unsigned indent = 0;

		if (*p == ' ' || !letter)
			continue;
		unsigned a = (unsigned)(letter - AGENT_LETTERS);
		if (next[a] >= run->scenario->agents[a].count)
			return;
		const struct step *s = &run->scenario->agents[a].steps[next[a]++];
		for (unsigned b = 0; b < a; b++)
			indent += run->scenario->agents[b].count ? COLUMN : 0;
		cell(text, sizeof text, run, s);
		note("  %3u %*s%s", ++line, (int)indent, "", text);
	}
}

/* (N,N) safe; (O,N) until the flush; (O,O) for ever. */
static void judge(const struct run *run)
{
	for (unsigned i = 0; i < ARRAY_SIZE(run->scenario->judged); i++) {
		u8 once = run->seen.saw[run->scenario->judged[i].at_once];
		u8 end = run->seen.saw[run->scenario->judged[i].at_the_end];
		const char *word = once == N && end == N   ? "safe"
				   : once == O && end == N ? "stale, transient"
				   : once == O && end == O ? "stale, permanent"
							   : "neither page in turn";

		if (run->scenario->judged[i].who)
			note("verdict %s=(%s,%s) %s", run->scenario->judged[i].who,
			     words_name(once), words_name(end), word);
	}
}

void report_seen(const struct run *run)
{
	char text[200];

	outcome_text(text, sizeof text, run->scenario, run->seen.saw, run->seen.holds,
		     run->seen.raw);
	note("seen %s", text);
	judge(run);
}

enum { LINES = 12 };

void report_allowed(const struct run *run, const struct outcomes *allowed)
{
	char text[200];

	for (unsigned i = 0; i < allowed->count && i < LINES; i++) {
		outcome_text(text, sizeof text, run->scenario, allowed->seen[i].saw,
			     allowed->seen[i].holds, NULL);
		note("allowed %s", text);
	}
	if (allowed->count > LINES)
		note("allowed: %u more", allowed->count - LINES);
}

static const struct counted *most_below(const struct outcomes *o, u64 times, const bool *told)
{
	const struct counted *most = NULL;

	for (unsigned i = 0; i < o->count; i++)
		if (!told[i] && o->seen[i].times <= times &&
		    (!most || o->seen[i].times > most->times))
			most = &o->seen[i];
	return most;
}

void report_histogram(const struct run *run, const struct outcomes *seen,
		      const struct oracle *oracle, const struct claim *wanted, const char *mark)
{
	bool told[OUTCOMES_MAX] = { false };
	u64 rounds = 0;
	char text[200];

	for (unsigned i = 0; i < seen->count; i++)
		rounds += seen->seen[i].times;
	note("race rounds=%lu outcomes=%u allowed=%u model-states=%lu", rounds, seen->count,
	     oracle->allowed.count, oracle->states);
	for (unsigned line = 0; line < LINES; line++) {
		const struct counted *c = most_below(seen, rounds, told);
		struct outcome o = { 0 };

		if (!c)
			return;
		told[c - seen->seen] = true;
		memcpy(o.saw, c->saw, sizeof o.saw);
		memcpy(o.holds, c->holds, sizeof o.holds);
		outcome_text(text, sizeof text, run->scenario, c->saw, c->holds, NULL);
		note("  %8lu %-7s %s", c->times,
		     wanted && wanted->is_seen(&o)         ? mark
		     : outcomes_find(&oracle->allowed, &o) ? "allowed"
							   : "known",
		     text);
	}
	note("  and %u outcomes more", seen->count - LINES);
}

void report_stands(const struct run *run)
{
	for (unsigned a = 0; a < AGENTS; a++) {
		const struct agent *agent = &run->scenario->agents[a];
		const struct step *in = NULL;

		for (unsigned i = 0; i < agent->count; i++)
			if (agent->steps[i].no == run->self[a].doing)
				in = &agent->steps[i];
		if (in)
			note("%s stands in step %u, %s %s", agent->name, in->no, step_name(in),
			     in->args);
		else if (agent->count)
			note("%s stands between steps", agent->name);
	}
}

void report_places(const struct run *run)
{
	bool mirror = has_mirror(run->scenario); /* it is at A too */

	for (unsigned p = 0; p < (mirror ? MIRROR : PLACES); p++)
		note("place %c va=%#lx%s", 'A' + (int)p, run_place_va((enum place_id)p).v,
		     mirror ? " (MIRROR too)" : "");
	for (unsigned f = 0; f < FRAMES; f++)
		note("frame %s pa=%#lx", words_name(MARK(f)), run->frame_pa[f].v);
}
