/* Pure: from what was seen to a verdict, and from a verdict to KTAP. */
#include "tests/verdict.h"
#include "kernel/format.h"

/*
 * The first rule that holds decides. All that is bad comes before all that is good, so that nothing seen
 * beside it can excuse it: a leak is no reason to forget a forbidden outcome, a listed deviation no
 * excuse for a leak, a missing need none for a timeout. STRICT takes both excuses away, a known deviation and a
 * lack of power; what a machine does not have is still skipped.
 */
enum verdict verdict(const struct evidence *e)
{
	bool blind = e->hazard_absent || e->control_absent;

	if (e->forbidden || e->outside_model || (e->deviating && (!e->deviation || e->strict)))
		return FAIL;
	if (e->leaks || e->error || (!e->runs && !e->missing))
		return ERROR;
	if (blind && (!e->no_power || e->strict))
		return WEAK;
	if (e->deviating)
		return KNOWN;
	if (e->missing)
		return SKIP;
	return blind ? WEAK : PASS;
}

const char *verdict_name(enum verdict v)
{
	static const char *const names[] = { "PASS", "FAIL", "ERROR", "KNOWN", "WEAK", "SKIP" };

	return names[v];
}

static void report_error(struct ktap *k, const char *name, const struct evidence *e)
{
	char why[320] = "nothing ran";
	size_t n = 0;

	if (e->error)
		n += format(why, sizeof why, "%.240s", e->error);
	if (e->leaks)
		format(why + n, sizeof why - n, "%sleaks=%lu", n ? " " : "", e->leaks);
	ktap_result_why(k, KTAP_NOT_OK, name, KTAP_ERROR, "%s", why);
}

static void report_weak(struct ktap *k, const char *name, const struct evidence *e)
{
	const char *what = e->hazard_absent ? "hazard not shown" : "control not shown";

	if (e->no_power && e->strict)
		ktap_result_why(k, KTAP_NOT_OK, name, KTAP_WEAK, "%s: %s", what, e->no_power);
	else if (e->no_power)
		ktap_result_why(k, KTAP_OK, name, KTAP_SKIP, "%s: %s", what, e->no_power);
	else
		ktap_result_why(k, KTAP_NOT_OK, name, KTAP_WEAK,
				"%s, and this platform must show it", what);
}

enum verdict verdict_report(struct ktap *k, const char *name, const struct evidence *e)
{
	enum verdict v = verdict(e);

	switch (v) {
	case FAIL:
		/* Whatever else was seen is worse than what is listed. */
		if (e->deviation && !e->forbidden && !e->outside_model)
			ktap_result_why(k, KTAP_NOT_OK, name, KTAP_DATA, "known deviation: %s",
					e->deviation);
		else
			ktap_result(k, KTAP_NOT_OK, name);
		break;
	case ERROR:
		report_error(k, name, e);
		break;
	case KNOWN:
		ktap_result_why(k, KTAP_NOT_OK, name, KTAP_TODO, "%s", e->deviation);
		break;
	case WEAK:
		report_weak(k, name, e);
		break;
	case SKIP:
		ktap_result_why(k, KTAP_OK, name, KTAP_SKIP, "needs %s", e->missing);
		break;
	case PASS:
		if (e->deviation)
			ktap_result_why(k, KTAP_OK, name, KTAP_TODO, "passes, though listed: %s",
					e->deviation);
		else
			ktap_result(k, KTAP_OK, name);
		break;
	}
	return v;
}
