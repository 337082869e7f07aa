/* Pure: families of scenarios, which are their folders. */
#include "tests/family.h"
#include "kernel/format.h"
#include "kernel/glob.h"
#include "kernel/string.h"

static bool matches(const char *pattern, const char *file, const char *name)
{
	const char *family = strchr(file, '/'), *end = family ? strchr(family + 1, '/') : NULL;
	char full[120];

	if (!strchr(pattern, '/'))
		return glob(pattern, name);
	if (!end)
		return false;
	format(full, sizeof full, "%.*s/%s", (int)(end - family - 1), family + 1, name);
	return glob(pattern, full);
}

bool family_glob(const char *patterns, const char *file, const char *name)
{
	char one[128];
	const char *end;

	for (; (end = strchr(patterns, ',')) != NULL; patterns = end + 1) {
		format(one, sizeof one, "%.*s", (int)(end - patterns), patterns);
		if (matches(one, file, name))
			return true;
	}
	return matches(patterns, file, name);
}
