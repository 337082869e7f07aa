#pragma once
#include "tests/listing.h"

/*
 * The test of the tests. A mutant is a scenario that lost a protection: a step that protects is left out, or changes
 * places with its neighbour, or a swap is made that a control names. Run as if it were the scenario it must change the
 * verdict, or the scenario says why it does not (.spare). Pure.
 */
struct mutant {
	struct change change;
	const char *why; /* the scenario's reason why the verdict stays; NULL: it must not */
	bool control;    /* one of its controls has the same change */
	u8 unseen; /* what the step that is left out would have observed: no sign of anything; 0: nothing */
};

/* The index-th from 0, by agent and step, swaps that only controls name last. False: there are no more. */
bool mutants_get(const struct scenario *s, unsigned index, struct mutant *m);

/* A reason that is given for a change that is no mutant, or NULL. */
const struct change *mutants_stray(const struct scenario *s);

enum fate {
	KILLED,   /* the verdict changes: something shows that must not */
	GONE,     /* it changes: the hazard or fact does not show any more */
	SURVIVED, /* it does not: the mutant may show less than the scenario, and nothing else */
	NO_DIFFERENCE, /* it does not: both may show the same */
	UNDECIDED,     /* nobody knows */
	FATES
};

/*
 * Is that as it must be? Killed if no reason is given, and only then. The order of two neighbours that makes no
 * difference needs no reason but that.
 */
bool mutants_answered(const struct mutant *m, enum fate fate);

/* "A02.gap without C0.3 iommu_flush A: killed by forbidden gap_is_closed"; by: what, which hazard, or why nobody knows. */
void mutants_text(char *out, size_t size, const struct scenario *s, const struct mutant *m,
		  enum fate fate, const char *by);
