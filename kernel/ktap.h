#pragma once
#include "kernel/types.h"

/*
 * KTAP version 1 (Documentation/dev-tools/ktap.rst of Linux): numbers and counts are kept here, text
 * leaves by emit, one or more whole lines a call. Names and reasons are made harmless: a control
 * character becomes "?", and a "#" in a name, which would begin a directive, does too. Pure.
 */
struct ktap {
	void (*emit)(const char *text, size_t n);
	bool opened, planned, bailed;
	unsigned plan, results;
	unsigned passed, failed, skipped, known;
	u64 digest; /* of the results: see ktap_close() */
};

/* The run of this kernel, on its consoles. Boot CPU, except for bailing out. */
extern struct ktap ktap;

enum ktap_outcome { KTAP_NOT_OK, KTAP_OK };
/* KTAP_DATA: none, what follows the "#" is data only. */
enum ktap_directive { KTAP_DATA, KTAP_SKIP, KTAP_TODO, KTAP_ERROR, KTAP_WEAK };

/* "KTAP version 1". As early as there is a voice: readers ignore what comes before it. */
void ktap_open(struct ktap *k);

/* "1..n". Once, before the first result. */
void ktap_plan(struct ktap *k, unsigned n);

/* "ok 3 name". */
void ktap_result(struct ktap *k, enum ktap_outcome outcome, const char *name);

/* "not ok 4 name # TODO reason". */
__attribute__((format(printf, 5, 6))) void ktap_result_why(struct ktap *k,
							   enum ktap_outcome outcome,
							   const char *name,
							   enum ktap_directive directive,
							   const char *reason, ...);

/* "Bail out! reason": the run cannot go on and is bad. Any CPU, any context; only the first is said. */
__attribute__((format(printf, 2, 3))) void ktap_bail_out(struct ktap *k, const char *reason, ...);

/*
 * The last lines, "# digest=cbf2-9ce4-8422-2325" and "# summary passed=1 failed=0 skipped=0 known=0", and whether the whole
 * run was good: planned, at least one test, as many results as planned, none failed, not bailed out.
 * The digest is kernel/digest.h's of the result lines without numbers and reasons, "not ok A01.read TODO": two runs with the
 * same verdicts have the same.
 */
bool ktap_close(struct ktap *k);
