#pragma once
#include "tests/listing.h"

/*
 * What was seen and what frames hold, in words: "D1=O D2=N P0:O P1:N"; after what is no symbol its word in raw, unless that is NULL.
 * Returns out. Pure.
 */
char *outcome_text(char *out, size_t size, const struct scenario *s, const u8 *saw, const u8 *holds,
		   const u64 *raw);
/* The same of an outcome, without such words. */
char *model_text(char *out, size_t size, const struct scenario *s, const struct outcome *seen);
