/* On the build machine: the known deviations, a line each, fields between tabs. For tools/report.py */
#include <stdio.h>

#include "tests/deviations.h"

int main(void)
{
	for (const struct deviation *d = __start_deviations; d != __stop_deviations; d++) {
		printf("%s\t%s\t%s\t%s\t%s\t%s\t", d->what, d->section, d->says, d->cause, d->shown,
		       d->command);
		for (unsigned n = 0; n < DEVIATION_OUTCOMES && d->shows[n].test; n++)
			printf("%s%s: %s", n ? "; " : "", d->shows[n].test, d->shows[n].outcome);
		printf("\n");
	}
	return 0;
}
