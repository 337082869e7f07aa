#pragma once
#include "tests/case.h"
#include "tests/run.h"

/*
 * Execute every mutant of a scenario as if it were the scenario, step by step and, if that changes nothing, racing; say in
 * a note what became of each. What the machine does not show the model decides. The evidence has as forbidden the
 * mutants that nobody answers for. Boot CPU; the run has its engine.
 */
void mutate(const struct scenario *s, const struct how *how, struct run *run, struct evidence *e);
