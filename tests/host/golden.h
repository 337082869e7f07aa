#pragma once
#include "tests/model/model.h"

/*
 * Exactly these outcomes does the model allow, with its short cuts and without: separated by commas, each what the
 * observations that were made saw, then, if asked, what P0, P1 and K hold.
 */
void expect(struct model_query q, bool with_frames, const char *expected);
/* This is one of them. */
bool allows(struct model_query q, bool with_frames, const char *outcome);

/* What is wrong with this scenario, to the model; NULL: nothing. */
const char *golden_wrong(const struct scenario *s);
/* These words are (NULL: nothing is), if that agent does this and nothing else: ONE_STEP(load, B, R1). */
void expect_wrong(struct scenario s, unsigned agent, const struct step *only, const char *wrong);
#define ONE_STEP(op, ...)                                                                     \
	{                                                                                     \
		1, OP_##op, TO_##op, 0, 0, STEP_ARGS(0, ##__VA_ARGS__, 0, 0, 0), #__VA_ARGS__ \
	}

#define QEMU(s)             ((struct model_query){ .scenario = (s), .profile = &model_qemu_tcg })
#define RACING(s)           ((struct model_query){ .scenario = (s), .mode = MODEL_RACING })
#define STEPPED(s)          ((struct model_query){ .scenario = (s) })
#define ORDER(s, o)         ((struct model_query){ .scenario = (s), .order = (o) })
#define LEFT_OUT(s, a, n)   RACING(changed((s), (struct change){ (a), (n), 0 }))
#define SWAP_OF(s, a, n, m) RACING(changed((s), (struct change){ (a), (n), (m) }))

/* A scenario with a change: until a few more have been made. */
const struct scenario *changed(const struct scenario *s, struct change change);

extern struct model_memory golden_memory;
int golden_set_up(void **state);
int golden_tear_down(void **state);
