#pragma once
#include "tests/model/model.h"

/*
 * Exactly these outcomes does the model allow, with its short cuts and without: separated by commas, each what the
 * observations that were made saw, then, if asked, what P0, P1 and K hold.
 */
void expect(struct model_query q, bool with_frames, const char *expected);
/* This is one of them. */
bool allows(struct model_query q, bool with_frames, const char *outcome);

#define RACING(s)   ((struct model_query){ .scenario = (s), .mode = MODEL_RACING })
#define STEPPED(s)  ((struct model_query){ .scenario = (s) })
#define ORDER(s, o) ((struct model_query){ .scenario = (s), .order = (o) })
#define LEFT_OUT(s, a, n)      \
	((struct model_query){ \
		.scenario = (s), .mode = MODEL_RACING, .skip_agent = (a), .skip_step = (n) })

extern struct model_memory golden_memory;
int golden_set_up(void **state);
int golden_tear_down(void **state);
