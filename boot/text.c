/* Pure: text from loaders. */
#include "boot/text.h"

bool text_copy(char *out, size_t size, const u8 *text, size_t n)
{
	size_t i;

	for (i = 0; i < n && text[i] && i + 1 < size; i++)
		out[i] = (char)(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
	out[i] = '\0';
	return i == n || text[i] == '\0';
}
