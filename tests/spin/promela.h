#pragma once
#include "tests/scenario.h"

/* On standard output: a Promela program that executes any listing, and a listing for it, as numbers. */
void print_program(void);
void print_listing(const struct scenario *s);

/* What Promela lacks for a scenario, in some words; NULL: nothing. */
const char *promela_lacks(const struct scenario *s);

/* Controls have numbers from 0 without a gap. */
static inline bool has_control(const struct scenario *s, unsigned control)
{
	return control < CONTROLS && s->control[control].change.no;
}
