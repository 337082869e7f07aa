/* Pure: lines that firmware's strings cannot break. */
#include "kernel/line.h"
#include "kernel/string.h"

size_t line_end(char *line, size_t size, size_t length)
{
	static const char dots[] = { '.', '.', '.' };
	size_t most = size - 2; /* a newline and the end */

	for (size_t i = 0; i < length && i < most; i++) {
		if (line[i] < ' ' || line[i] > '~')
			line[i] = '?';
	}
	if (length > most) {
		length = most;
		memcpy(line + most - sizeof dots, dots, sizeof dots);
	}
	line[length] = '\n';
	line[length + 1] = '\0';
	return length + 1;
}
