#pragma once
#include "tests/listing.h"

/* What this platform has, and what it can show. Boot CPU. */

/* The need that is not met, as the words after "needs", or NULL. needs: as a scenario has them. */
const char *power_missing(u32 needs, bool mirror);

/*
 * Why a stale entry may be gone here (by: enum cache), or NULL if this platform keeps it: an emulated TLB or IOTLB has no
 * excuse, a real one may drop an entry at any time.
 */
const char *power_none(u32 by);

/*
 * Was what it rests on (by: enum cache) looked for here and not found? Then a race may still meet it, by a walk that was on its way when
 * the tables changed: once in a hundred runs, so that no verdict rests on that.
 */
bool power_by_chance(u32 by);

/*
 * By what is known of this platform (the model's profile that fits its facts): can this be seen at all? In one order, or
 * NULL: in any, step by step or racing. True where nothing is known.
 */
bool power_expects(const struct scenario *s, const char *order, const struct claim *wanted);

/* Why not, if that is false: what the architecture allows and this platform never does. */
const char *power_lacks(const struct scenario *s, const struct claim *wanted);

/* An order (ORDER_MAX letters and a NUL) in which it can be seen, by what is known. False: none, or not known. */
bool power_way(const struct scenario *s, const struct claim *wanted, char *order);

/* Does a profile describe this platform, and let a program end like this? Stepped in an order, or (NULL) racing. */
bool power_reaches(const struct scenario *s, const char *order, const struct outcome *seen);

/* What was found out: facts in one line, one for each engine's asynchronous window (0: over when the call returns). */
void power_note_facts(void);

/* What a control or hazard rests on that leaves this step out: enum cache. */
u32 power_rests_on(const struct step *left_out);

/* A cache may drop an entry at any time: how often to try. What C01 never saw need not be tried again. */
unsigned power_tries(const struct scenario *s, u32 by);
