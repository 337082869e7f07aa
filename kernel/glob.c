/* Pure: names by pattern. */
#include "kernel/glob.h"

bool glob(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL;

	/* After a mismatch, only the last * need take one character more: earlier ones had their choice. */
	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			from = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
