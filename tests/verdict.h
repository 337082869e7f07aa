#pragma once
#include "kernel/ktap.h"

enum verdict { PASS, FAIL, ERROR, KNOWN, WEAK, SKIP };

/* What was seen of one test, and what its platform promises. All zero but runs: a pass. */
struct evidence {
	u64 runs;              /* executions that came to their end */
	u64 orders, rounds;    /* the same by mode, with those of controls */
	u64 forbidden;         /* outcomes that break a claim, deviations not counted */
	u64 outside_model;     /* outcomes that the model does not allow, deviations not counted */
	u64 deviating;         /* such outcomes that match the listed deviation */
	const char *deviation; /* the deviation listed for this test on this platform, or NULL */
	u64 leaks;             /* frames that did not come back */
	const char *error;     /* anything else wrong with the test or its environment, or NULL */
	const char *missing;   /* a need that is not met here, or NULL */
	bool control_absent;   /* a control ran and went right: the test may be blind */
	bool hazard_absent;    /* it ran to show a hazard, which was not seen */
	const char *no_power;  /* why this platform cannot show them; NULL: it must */
	bool strict;           /* STRICT: a listed deviation and a lack of power excuse nothing */
};

/* The verdict that the evidence allows; see verdict.c for the order of the rules. Pure. */
enum verdict verdict(const struct evidence *e);

const char *verdict_name(enum verdict v);

/* Put the verdict of the test called name into the log, as the design's table says. Pure. */
enum verdict verdict_report(struct ktap *k, const char *name, const struct evidence *e);
