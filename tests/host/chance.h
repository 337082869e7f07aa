#pragma once
#include "tests/listing.h"

/* Scenarios by chance, the same in every run: for what must hold of all. */

/* Of these agents (three or fewer), each with so many steps at most; until the next call. */
const struct scenario *any_scenario(const u8 *agents, unsigned count, unsigned steps);

/* Less than that. */
unsigned any(unsigned below);

/* Which it was, as notes. */
void draw_scenario(const struct scenario *s);
