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
			u64 to = st->to == 2 ? st->b : st->to == 3 ? st->c : NO_OBSERVATION;

			if (to != observation)
				continue;
			const char *name = st->args;
			for (const char *p = st->args; *p; p++)
				if (*p == ' ' || *p == ',')
					name = p + 1;
			return name;
		}
	return NULL;
}

char *model_text(char *out, size_t size, const struct scenario *s, const struct outcome *seen)
{
	size_t at = 0;

	out[0] = 0;
	for (unsigned o = 1; o < OBSERVATIONS; o++) {
		const char *name = observation_name(s, o);

		if (name && at < size)
			at += format(out + at, size - at, "%s%s=%s", at ? " " : "", name,
				     words_name(seen->saw[o]));
	}
	for (unsigned f = 0; f < FRAMES; f++)
		if (seen->holds[f] != NOTHING && at < size)
			at += format(out + at, size - at, "%s%s:%s", at ? " " : "",
				     words_name(MARK(f)), words_name(seen->holds[f]));
	return out;
}
