/* Pure: outcomes in words. */
#include "tests/model/text.h"
#include "kernel/format.h"
#include "tests/words.h"

/* The name that the listing gives an observation: the last of a step's arguments. */
static const char *observation_name(const struct scenario *s, unsigned observation)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];

			if (step_to(st) != observation)
				continue;
			const char *name = st->args;
			for (const char *p = st->args; *p; p++)
				if (*p == ' ' || *p == ',')
					name = p + 1;
			return name;
		}
	return NULL;
}

char *outcome_text(char *out, size_t size, const struct scenario *s, const u8 *saw_,
		   const u8 *holds_, const u64 *raw)
{
	size_t at = 0;

	out[0] = 0;
	for (unsigned o = 1; o < OBSERVATIONS; o++) {
		const char *name = observation_name(s, o);

		if (name && at < size)
			at += format(out + at, size - at, "%s%s=%s", at ? " " : "", name,
				     words_name(saw_[o]));
		if (name && raw && saw_[o] == OTHER && at < size)
			at += format(out + at, size - at, " (%#lx)", raw[o]);
	}
	for (unsigned f = 0; f < FRAMES && at < size; f++)
		if (holds_[f] != NOTHING)
			at += format(out + at, size - at, "%s%s:%s", at ? " " : "",
				     words_name(MARK(f)), words_name(holds_[f]));
	return out;
}

char *model_text(char *out, size_t size, const struct scenario *s, const struct outcome *seen)
{
	return outcome_text(out, size, s, seen->saw, seen->holds, NULL);
}
