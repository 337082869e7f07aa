#pragma once
#include "kernel/types.h"

/*
 * Copies a loader's text of at most n bytes, up to its NUL, into out[size]; what is not printable
 * ASCII becomes '?', so that it cannot break the log's lines. False if it did not fit. Pure.
 */
bool text_copy(char *out, size_t size, const u8 *text, size_t n);
