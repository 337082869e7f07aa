#pragma once
#include "tests/listing.h"
#include "tests/model/model.h"

/*
 * What a platform lacks that alone would let it show this, step by step: the sentence about the first thing that the architecture allows
 * and the profile does not. NULL: nothing alone. Pure.
 */
const char *lacks(const struct model_profile *p, const struct scenario *s,
		  const struct claim *wanted);
