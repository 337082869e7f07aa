/* Pure: what a soak adds up to, and when it ends. */
#include "tests/soak.h"
#include "kernel/format.h"

enum { MINUTE_MS = 60000 };

static bool bad(enum verdict v) { return v == FAIL || v == ERROR; }

struct soak soak_begin(const struct options *o, u64 seed, enum verdict worst, const char *name)
{
	struct soak s = { .minutes = o->soak_minutes, .seed = seed + 1, .worst = worst };

	if (bad(worst))
		format(s.name, sizeof s.name, "%s", name);
	return s;
}

bool soak_goes_on(const struct soak *s) { return !bad(s->worst) && s->ms < s->minutes * MINUTE_MS; }

bool soak_case(struct soak *s, const char *name, const struct evidence *e, u64 ms)
{
	enum verdict v = verdict(e);

	s->ms = ms;
	s->cases++;
	s->orders += e->orders;
	s->rounds += e->rounds;
	s->known += v == KNOWN;
	/* One that this platform has no power to show is no news. */
	s->weak += v == WEAK && (!e->no_power || e->strict);
	s->ran |= e->runs != 0;
	if (bad(v)) {
		s->worst = v;
		format(s->name, sizeof s->name, "%s", name);
		format(s->why, sizeof s->why, "%s", e->error ? e->error : "");
	}
	if (ms / MINUTE_MS == s->told_ms / MINUTE_MS)
		return false;
	s->told_ms = ms;
	return true;
}

void soak_pass(struct soak *s)
{
	s->passes++;
	s->seed++;
}

const char *soak_line(char *text, size_t size, const struct soak *s)
{
	format(text, size,
	       "soak minute=%lu/%lu passes=%lu failures=%u weak=%lu known=%lu tests=%lu orders=%lu "
	       "rounds=%lu seed=%lu",
	       s->ms / MINUTE_MS, s->minutes, s->passes, bad(s->worst), s->weak, s->known, s->cases,
	       s->orders, s->rounds, s->seed);
	return text;
}

const char *soak_again(char *text, size_t size, const struct soak *s, const struct options *o)
{
	static const char *const modes[] = { "", " MODE=step", " MODE=race" };
	char rounds[32] = "";

	if (o->rounds)
		format(rounds, sizeof rounds, " ROUNDS=%lu", o->rounds);
	format(text, size, "again: make run ARGS=\"T=%s SEED=%lu%s%s%s\"", s->name, s->seed,
	       modes[o->mode], rounds, o->strict ? " STRICT" : "");
	return text;
}

enum verdict soak_report(struct ktap *k, const struct soak *s)
{
	static const char name[] = "soak";

	if (bad(s->worst) && !s->cases) {
		ktap_result_why(k, KTAP_NOT_OK, name, KTAP_ERROR,
				"not begun: the first pass was not good, %s %s",
				verdict_name(s->worst), s->name);
		return ERROR;
	}
	if (bad(s->worst)) {
		ktap_result_why(k, KTAP_NOT_OK, name, s->worst == ERROR ? KTAP_ERROR : KTAP_DATA,
				"ended by %s, %s%s%s, pass=%lu seed=%lu", s->name,
				verdict_name(s->worst), s->why[0] ? ": " : "", s->why,
				s->passes + 2, s->seed);
		return s->worst;
	}
	if (!s->ran) {
		ktap_result_why(k, KTAP_OK, name, KTAP_SKIP, "needs a test that runs here");
		return SKIP;
	}
	if (s->weak) {
		ktap_result_why(k, KTAP_NOT_OK, name, KTAP_WEAK,
				"%lu times a test did not show what it must", s->weak);
		return WEAK;
	}
	ktap_result_why(k, KTAP_OK, name, KTAP_DATA,
			"passes=%lu tests=%lu orders=%lu rounds=%lu seeds up to %lu", s->passes,
			s->cases, s->orders, s->rounds, s->seed);
	return PASS;
}
