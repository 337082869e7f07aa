#pragma once
#include "tests/unit/unit.h"
#include "tests/verdict.h"

enum { UNIT_TEXT = 320 };

/* What a case found. Right is what the specification has, unless the case itself says so. */
struct unit_run {
	char did[UNIT_TEXT];    /* in words, what leads to it: "bit 10 of the PASID entry set" */
	char wanted[UNIT_TEXT]; /* what the specification says must be seen */
	char seen[UNIT_TEXT];   /* what was seen; a deviation lists the whole of it */
	char fact[UNIT_TEXT];   /* what is allowed and worth knowing */
	bool second;            /* translated by a second stage, which NEED_SECOND asks for */
	bool allowed;           /* what was seen is not `wanted`, but as good */
	const char *missing;    /* why it cannot be told here, as the words after "needs" */
	const char *error;
	bool blind;           /* without the step that protects nothing went wrong, */
	const char *no_power; /* for this reason; NULL: there is none */
};

/* One thing after the other. */
__attribute__((format(printf, 2, 3))) void unit_did(struct unit_run *r, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void unit_want(struct unit_run *r, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void unit_saw(struct unit_run *r, const char *fmt, ...);

/* This reason, once what was seen is said, and what comes behind it; the other (0: none) is as good. */
void unit_want_reason(struct unit_run *r, const char *behind, u8 reason, u8 other);

/*
 * Does this unit drop what it is told to drop, and no more? VT-d allows more. Where not, a case that tells a descriptor from a broader
 * one has its control: what was not named is still there.
 */
bool unit_forgets_exactly(void);

struct platform;
/* From what a case found to what verdict() asks for. Pure. */
void unit_judge(const struct platform *p, const char *name, const struct unit_run *r,
		struct evidence *e);

/* Run one row; notes if loud. Boot CPU. */
void unit_case_run(const struct unit_table *t, const struct unit_row *row, bool loud,
		   struct evidence *e);
