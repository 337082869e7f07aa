#pragma once
#include "tests/model/state.h"

/*
 * Partial-order reduction: where an agent's next step touches nothing that anything else may change before it, and
 * changes nothing that anything else may touch, that step alone is a persistent set (Godefroid 1996): other
 * orders end in the same outcomes, and in the same waits for ever.
 */
/* What each step touches, touch.c: before the first state. */
void touch_prepare(struct explorer *x);
/* May this agent's next step alone follow? reduction.c, as all below. */
bool touch_first(const struct explorer *x, const struct state *s, unsigned agent);
/* The same for a CPU's oldest store on its way to memory. */
bool touch_drains(const struct explorer *x, const struct state *s, unsigned c);
/* Can nobody tell when this CPU answers an IPI, but for who waits for it? It uses its TLB no more, and cannot hold it off. */
bool touch_answers(const struct explorer *x, const struct state *s, unsigned c);

/* What nobody will look at any more is the same in all states: 0. */
void touch_forget(const struct explorer *x, struct state *t);
