#pragma once
#include "tests/listing.h"

/*
 * Every order of a scenario: all sequences of the agents' steps that keep each agent's own sequence and in which no
 * step runs that would block: a heed before its tell, a lock that is held, a shootdown of a CPU that has interrupts off,
 * a word that does not have its value, a grace period that is not over. What rests on values that only a run has
 * (guards, page requests, references) is not known here: whoever executes an order says so, and no other order that begins
 * like it is given. Pure.
 */
enum { ORDER_MAX = AGENTS * STEPS_MAX };

/* What each() says of an order: its position (from 0) of the step that blocked, or one of these. */
enum { ORDER_RAN = -1, ORDERS_STOP = -2 };
typedef int order_fn(void *arg, const char *order);

/*
 * The pruning rule. Two neighbours in an order that are independent (they touch nothing that the other one changes,
 * tests/independent.c) may change places, and nothing tells. Of all orders that differ in that only, the one that
 * is first in the alphabet of AGENT_LETTERS is given. Claims that use after() can tell: then nothing is pruned.
 */
enum orders_pruning { ORDERS_ALL, ORDERS_PRUNED };

struct orders {
	u64 complete; /* ran to their end */
	u64 blocked;  /* given, and did not: no orders of this scenario */
	u64 stuck;    /* beginnings after which every agent that has steps left is blocked */
};

/* Calls each() with every order, as a string of AGENT_LETTERS, in lexical order of the letters. */
struct orders orders_each(const struct scenario *s, enum orders_pruning pruning, order_fn *each,
			  void *arg);

/* How many there are without pruning, at most; 0: too many to count. */
u64 orders_count(const struct scenario *s);

/* Can all that blocks be known without running them? Then that is exactly how many. */
bool orders_known(const struct scenario *s);

/* Does a claim of this scenario ask for positions? */
bool orders_matter(const struct scenario *s);

/* May these two steps of different agents change places unnoticed? tests/independent.c */
bool independent(const struct scenario *s, unsigned agent_a, const struct step *a, unsigned agent_b,
		 const struct step *b);
