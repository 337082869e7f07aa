#pragma once
#include "tests/model/model.h"
#include "tests/outcomes.h"

/* The model as the machine that executes orders, step by step. */
struct runs {
	struct model_query q;
	struct outcomes seen; /* in all of them */
	u64 orders;
	int end;        /* of the last */
	bool too_large; /* one of them, for the memory that there is: nothing can be said */
};

/* An order_fn, arg a struct runs: ORDER_RAN, or the position of the step that blocks. */
int run_order(void *arg, const char *order);

/* That one alone. */
void run_alone(struct runs *r, const char *order);

/* Both have seen the same. */
bool same_seen(struct runs *one, struct runs *other);

/* By the architecture, by QEMU. */
extern const struct model_profile *const run_profiles[2];

/* cmocka's, for a group. */
int runs_set_up(void **state);
int runs_tear_down(void **state);
