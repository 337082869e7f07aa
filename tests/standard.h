#pragma once
#include "tests/mutants.h"
#include "tests/oracle.h"

/*
 * What a scenario as it is may show, by the model: what its mutants are held against. In every order and in a race, or
 * in each order that it declares. Pure; learning and asking need the oracle.
 */
struct standard {
	const struct scenario *s;
	unsigned orders;                     /* declared; 1 if none is, and all are meant */
	struct outcomes allowed[ORDERS + 1]; /* in the declared orders; FREE: in a race */
	const char *wrong;                   /* why nothing is known, or NULL */
};
enum { FREE = ORDERS };

void standard_learn(struct standard *g, const struct scenario *s);

/* What must be shown: the hazard or fact; NULL if nothing must. */
const struct claim *standard_wants(const struct standard *g);

/* Would this outcome of a mutant change the verdict, in the n-th declared order or FREE? Then the text says how. */
bool standard_breaks(const struct standard *g, const struct mutant *m, unsigned n,
		     const struct outcome *seen, char *text, size_t size);

/* What becomes of a mutant by the model, step by step and free, and the text that mutants_text() wants. */
enum fate standard_model(const struct standard *g, const struct mutant *m, char *text, size_t size);
