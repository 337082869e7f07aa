#pragma once
#include "tests/scenario.h"

/*
 * A scenario by chance, always the same for a seed: steps that get in each other's way, and changes as
 * controls.
 */
const struct scenario *random_scenario(unsigned seed);
