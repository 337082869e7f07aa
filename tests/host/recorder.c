#include "tests/host/recorder.h"

#include <string.h>

char said[8192];
static size_t length;

static void record(const char *text, size_t n)
{
	if (n >= sizeof said - length)
		n = sizeof said - length - 1;
	memcpy(said + length, text, n);
	length += n;
	said[length] = '\0';
}

struct ktap recorder(void)
{
	length = 0;
	said[0] = '\0';
	return (struct ktap){ .emit = record };
}
