#pragma once
#include "kernel/types.h"

/*
 * The verdicts of a run in a few characters that a person can photograph, read out, or compare: 64-bit FNV-1a of one
 * line for each result (draft-eastlake-fnv). It tells runs apart; it is no protection against forgery. Pure.
 */

/* Goes on from digest, which is 0 before the first text. */
u64 digest_add(u64 digest, const char *text);

/* "0123-4567-89ab-cdef" */
enum { DIGEST_TEXT = 20 };
const char *digest_text(char text[DIGEST_TEXT], u64 digest);
