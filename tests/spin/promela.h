#pragma once
#include "tests/scenario.h"

/*
 * Scenarios, each with its controls, as one Promela program on standard output: to make a program of it costs more
 * than to search it.
 */
void print_promela(const struct scenario *const *list, unsigned count);

/* What these files do not state of a scenario, in a word; NULL: nothing. */
const char *promela_lacks(const struct scenario *s);
/* How many CPUs Promela must have for it. */
unsigned promela_cpus(const struct scenario *s);

/* Controls have numbers from 0 without a gap. */
static inline bool has_control(const struct scenario *s, unsigned control)
{
	return control < CONTROLS && s->control[control].change.step;
}
