#pragma once
#include "tests/model/model.h"

/* The model against itself, for one scenario after the other: how many searches were compared, and how many could not be. */
extern struct searched {
	u64 compared, too_large;
} searched;

/* Each short cut left out, and all. */
enum { SPELLED = 6 };
extern const u8 spelled[SPELLED];

/* Short cuts change nothing: with them, and without these. */
void short_cuts(const struct scenario *s, u8 spell);
/* All orders together are every order; what is seen step by step can be seen in a race; what QEMU does is allowed. */
void modes(const struct scenario *s);

/* cmocka's, for a group. */
int searched_set_up(void **state);
int searched_tear_down(void **state);
