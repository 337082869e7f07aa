/* Pure: whether hand-overs change a verdict. */
#include "tests/hand_over.h"
#include "kernel/digest.h"
#include "kernel/format.h"

/* The result of the last test, in the words of the log. */
static char last[256];
static void keep(const char *text, size_t n)
{
	format(last, sizeof last, "%.*s", (int)n - 1, text);
}

u64 hand_over_unused(const struct hand_over *h)
{
	/* Beyond what a run takes, and back, and never quite where it was. */
	return (h->done % 2 * 4096 + h->done % 16) * 4096ull;
}

void hand_over_begin(struct hand_over *h, unsigned asked)
{
	h->asked = asked;
	h->round = (struct ktap){ .emit = keep, .opened = true };
}

void hand_over_case(struct hand_over *h, const char *name, const struct evidence *e)
{
	if (!h->asked)
		return;
	enum verdict found = verdict_report(&h->round, name, e);
	unsigned at = h->round.results - 1;

	if (h->wrong[0] || at >= HAND_OVER_CASES)
		return;
	if (!h->done && (found == FAIL || found == ERROR))
		format(h->wrong, sizeof h->wrong, "not begun: %s", last);
	else if (!h->done)
		h->first[at] = (u8)found;
	else if (h->first[at] != found)
		format(h->wrong, sizeof h->wrong,
		       "hand-over %u of %u: %s was %s before the first, and now: %s", h->done,
		       h->asked, name, verdict_name((enum verdict)h->first[at]), last);
}

void hand_over_end(struct hand_over *h)
{
	if (!h->done)
		h->cases = h->round.results;
	if (!h->wrong[0] && h->cases > HAND_OVER_CASES)
		format(h->wrong, sizeof h->wrong, "not begun: more than %u tests", HAND_OVER_CASES);
	else if (!h->wrong[0] && h->round.results != h->cases)
		format(h->wrong, sizeof h->wrong, "hand-over %u of %u: %u tests in place of %u",
		       h->done, h->asked, h->round.results, h->cases);
}

bool hand_over_due(const struct hand_over *h) { return !h->wrong[0] && h->done < h->asked; }

const char *hand_over_line(char *text, size_t size, const struct hand_over *h)
{
	char digest[DIGEST_TEXT];

	format(text, size, "hand-over %u/%u: digest=%s", h->done, h->asked,
	       digest_text(digest, h->round.digest));
	return text;
}

enum verdict hand_over_report(struct ktap *k, const struct hand_over *h)
{
	static const char name[] = "handover";

	if (h->wrong[0]) {
		ktap_result_why(k, KTAP_NOT_OK, name, KTAP_ERROR, "%s", h->wrong);
		return ERROR;
	}
	ktap_result_why(k, KTAP_OK, name, KTAP_DATA, "hand-overs=%u tests=%u", h->done,
			h->cases * h->done);
	return PASS;
}
