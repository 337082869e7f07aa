#pragma once
#include "kernel/types.h"

/*
 * Make one harmless line of the text that format() left in line, of which length is the result: what
 * is not printable ASCII becomes "?", what was cut ends in "...", and then comes the newline. size is
 * that of line, at least 8; the result is the bytes to write. Pure.
 */
size_t line_end(char *line, size_t size, size_t length);
