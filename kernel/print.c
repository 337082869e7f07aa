#include "kernel/print.h"
#include "kernel/console.h"
#include "kernel/format.h"
#include "kernel/ktap.h"
#include "kernel/line.h"

/* On the stack of the caller: longer than any line that can be read, short for any stack. */
enum { PRINT_MAX = 768 };

struct ktap ktap = { .emit = console_write };

void note(const char *fmt, ...)
{
	char line[PRINT_MAX];
	va_list ap;
	size_t n = format(line, sizeof line, "# ");

	va_start(ap, fmt);
	n += vformat(line + n, sizeof line - n, fmt, ap);
	va_end(ap);
	console_write(line, line_end(line, sizeof line, n));
}
