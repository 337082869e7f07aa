#pragma once
#include "tests/listing.h"
#include "tests/steps.h"

/*
 * A scenario: agents with numbered steps over named places, claims about what may be observed, and
 * controls that must go wrong. An agent's steps are a listing, COW_STEPS(step), that the preprocessor
 * expands; a listing has no room for an if, so whatever reads it reads the same program.
 * Add one: a file below tests/, nothing else (HACKING.md).
 */

/* Names for a scenario's observations, from 1. */
#define OBSERVE(...) enum { NO_OBSERVATION_, __VA_ARGS__ };

/*
 * A listing is a macro X_STEPS(step) of step(n, op, arguments) and, guarded, step##_if(n, OBSERVATION, VALUE,
 * op, arguments). It is expanded three times.
 */
#define STEP_ARGS(pad, a, b, c, ...) a, b, c
#define STEP_DATA(n, op, ...) \
	{ n, OP_##op, TO_##op, 0, 0, STEP_ARGS(0, ##__VA_ARGS__, 0, 0, 0), #__VA_ARGS__ },
#define STEP_DATA_if(n, obs, is, op, ...) \
	{ n, OP_##op, TO_##op, obs, is, STEP_ARGS(0, ##__VA_ARGS__, 0, 0, 0), #__VA_ARGS__ },
#define STEP_RACE(n, op, ...)                                                             \
	if (!begin_step(self, n) || !do_##op(self, STEP_ARGS(0, ##__VA_ARGS__, 0, 0, 0))) \
		return false;
#define STEP_RACE_if(n, obs, is, op, ...)       \
	if (saw_before(self, obs) == (is)) {    \
		STEP_RACE(n, op, ##__VA_ARGS__) \
	}
#define STEP_GATED(n, op, ...) \
	case n:                \
		return do_##op(self, STEP_ARGS(0, ##__VA_ARGS__, 0, 0, 0));
#define STEP_GATED_if(n, obs, is, op, ...)              \
	case n:                                         \
		return saw_before(self, obs) != (is) || \
		       do_##op(self, STEP_ARGS(0, ##__VA_ARGS__, 0, 0, 0));

#define LISTING(id)                                                                     \
	static const struct step id##_steps[] = { id##_STEPS(STEP_DATA) };              \
	_Static_assert(ARRAY_SIZE(id##_steps) < STEPS_MAX, "too many steps");           \
	static bool id##_race(struct self *self) { id##_STEPS(STEP_RACE) return true; } \
	static bool id##_take(struct self *self, u8 no)                                 \
	{                                                                               \
		switch (no) {                                                           \
			id##_STEPS(STEP_GATED) default : return false;                  \
		}                                                                       \
	}
/* Who runs a listing: RUNS(C0, COW). */
#define RUNS(who, listing)                                                            \
	[who] = { #who, listing##_steps, ARRAY_SIZE(listing##_steps), listing##_take, \
		  listing##_race }

/* Claims speak of saw(observation), holds(frame) and after(agent, step, other agent, its step). */
#define CLAIM(id, expression)                                             \
	static bool id(const struct outcome *seen) { return expression; } \
	static const struct claim id##_claim = { id, #id, #expression };
/* Versions of clang-format disagree here. */
/* clang-format off */
#define FORBID(id) &id##_claim
#define ALLOW(id) &id##_claim
#define SHOWS(id) &id##_claim
#define WITHOUT(agent, step, id) { { agent, step, 0 }, SHOWS(id), 0 }
#define SWAPPED(agent, step, with, id) { { agent, step, with }, SHOWS(id), 0 }
#define SPARE(agent, step, why) { { agent, step, 0 }, why }
#define SPARE_SWAP(agent, step, with, why) { { agent, step, with }, why }
/* clang-format on */
#define saw(o)            (seen->saw[o])
#define holds(f)          (seen->holds[f])
#define after(a, n, b, m) (seen->when[b][m] != 0 && seen->when[a][n] > seen->when[b][m])
#define SCENARIO(id)                                                                       \
	static const struct scenario id;                                                   \
	static const struct scenario_ref id##_ref                                          \
		__attribute__((used, section("scenarios"))) = { &id, __FILE__, __LINE__ }; \
	static const struct scenario id
