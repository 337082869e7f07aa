#pragma once
#include "kernel/cmdline.h"
#include "tests/listing.h"
#include "tests/verdict.h"

/*
 * Run a scenario and its controls (or its mutants, tests/mutate.h), stepped in one order or in every order (NULL) and racing, say in notes what was
 * seen, and collect the evidence. A replay is one order that somebody asked for: it is drawn, nothing forbidden may be
 * seen, and no hazard need be. Not loud when the case only finds a fact, or in a soak: then only what is bad is told. Boot CPU.
 */
struct how {
	const char *name, *order;
	bool replay, loud, mutate;
	bool fact_only; /* the scenario finds one, and nobody asked for its verdict: without controls */
	enum mode mode;
	u64 rounds, seed; /* rounds 0: as many as usual */
};
void case_run(const struct scenario *s, const struct how *how, struct evidence *e);

/* Once before the first case: what the cases share and never give back. */
void case_prepare(void);
