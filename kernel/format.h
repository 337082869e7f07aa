#pragma once
#include "kernel/types.h"
#include <stdarg.h>

/*
 * snprintf of the C standard for %d %i %u %x %X %c %s %p %%, the lengths h hh l
 * ll z, the flags 0 - # + and space, width and precision (also *). Always terminates out when
 * size > 0; returns the length the whole text would have had. An unknown conversion is printed as
 * it stands. Pure.
 */
__attribute__((format(printf, 3, 4))) size_t format(char *out, size_t size, const char *fmt, ...);
__attribute__((format(printf, 3, 0))) size_t vformat(char *out, size_t size, const char *fmt,
						     va_list ap);
