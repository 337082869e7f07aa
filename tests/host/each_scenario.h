#pragma once
#include "tests/scenario.h"

/* Of every scenario that is linked in: for (EACH(s)). */
#define EACH(s)                                           \
	const struct scenario_ref *s = __start_scenarios; \
	s != __stop_scenarios;                            \
	s++
