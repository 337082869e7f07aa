#pragma once
#include "kernel/types.h"

/* Does the whole of text match the pattern, where * is any text and ? any one character? Pure. */
bool glob(const char *pattern, const char *text);
