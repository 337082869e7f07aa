#pragma once
#include "tests/listing.h"

/* What was seen and what frames hold, in words: "D1=O D2=N P0:O P1:N". Returns out. Pure. */
char *model_text(char *out, size_t size, const struct scenario *s, const struct outcome *seen);
