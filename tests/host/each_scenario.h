#pragma once
#include "tests/scenario.h"

/* Of every scenario that is linked in: for (EACH(s)). */
#define EACH(s)                                           \
	const struct scenario_ref *s = __start_scenarios; \
	s != __stop_scenarios;                            \
	s++

/* What a step's sight is called, 0 if it has none. */
static inline u64 observation(const struct step *st)
{
	return st->to == 2 ? st->b : st->to == 3 ? st->c : NO_OBSERVATION;
}
