#pragma once
#include "tests/listing.h"
#include "tests/model/model.h"
#include "tests/outcomes.h"

/*
 * What the architecture allows a scenario to show, by the model (tests/model/). The hardware is held against it
 * whatever a scenario claims. Pure; one at a time.
 */
struct oracle {
	enum model_mode mode; /* that was asked for */
	struct outcomes allowed;
	u64 states;
	bool stuck;        /* some execution ends with every agent waiting */
	u8 reached;        /* how many steps an execution got through at most */
	const char *wrong; /* why nothing is known, or NULL */
	bool refused;      /* wrong says what cannot be executed */
};

/* What walks for devices here is a second stage, or (at first) a first stage. Counts for all that is asked from then on. */
void oracle_second_stage(bool is);

/* In this order, or (NULL) in every one; an order is of this scenario, a variant's of the variant. */
void oracle_ask(struct oracle *o, const struct scenario *s, const char *order,
		enum model_mode mode);

/* Does a profile let a program show this? True too if the model cannot tell. */
bool oracle_expects(const struct model_profile *p, const struct scenario *s, const char *order,
		    enum model_mode mode, const struct claim *wanted);

/* Does it certainly? In any order. */
bool oracle_shows(const struct model_profile *p, const struct scenario *s, enum model_mode mode,
		  const struct claim *wanted);

/* Does it let a program end like this? */
bool oracle_reaches(const struct model_profile *p, const struct scenario *s, const char *order,
		    enum model_mode mode, const struct outcome *seen);

/* An order (ORDER_MAX letters and a NUL) in which a profile lets a program show this, step by step. False: none, or not known. */
bool oracle_way(const struct model_profile *p, const struct scenario *s, const struct claim *wanted,
		char *order);
