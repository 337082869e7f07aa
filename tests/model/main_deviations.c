/* On the build machine: the known deviations, a line each, fields between tabs. For tools/report.py */
#include <stdio.h>

#include "tests/deviations.h"

int main(void)
{
	for (unsigned i = 0; i < deviations_count; i++) {
		const struct deviation *d = &deviations[i];

		printf("%s\t%s\t%s\t%s\t%s\t%s\t", d->what, d->section, d->says, d->cause, d->shown,
		       d->command);
		for (unsigned n = 0; n < DEVIATION_OUTCOMES && d->shows[n].test; n++)
			printf("%s%s: %s", n ? "; " : "", d->shows[n].test, d->shows[n].outcome);
		printf("\n");
	}
	return 0;
}
