#pragma once
#include "tests/model/check.h"

/* What outcomes of a program show: bits of its claims, by their index. */
struct seen {
	u32 forbid, allow, shown; /* shown: enum model_shown */
	bool outside;             /* an outcome that is not within */
};

/* A program (a scenario, or one with the change of a control) under one profile in one mode. */
struct judge {
	const struct scenario *s;
	unsigned control; /* whose change it has; CONTROLS: none */
	const struct model_profile *profile;
	enum model_mode mode;
	struct model_memory *memory,
		*within; /* within: whose outcomes ours should be among, or NULL */
	struct model_report *report;
	struct seen seen; /* in all runs */
};

/* Run it in this order, or in all. What cannot be run is refused. */
struct model_result judge_run(struct judge *j, const char *order);

/* What a run of all orders shows, if somebody waits for ever in it: enum model_shown. */
u32 judge_stuck(const struct judge *j, const struct model_result *r);

/* The first thing that is wrong stays. */
__attribute__((format(printf, 2, 3))) void refuse(struct model_report *report, const char *fmt,
						  ...);
