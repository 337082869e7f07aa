#include "tests/slowest.h"
#include "kernel/format.h"
#include "kernel/print.h"
#include "kernel/time.h"

enum { KEPT = 10 };

static struct {
	char name[80];
	u64 ticks;
} slowest[KEPT];

void slowest_add(const char *name, u64 ticks)
{
	unsigned at = KEPT;

	while (at && ticks > slowest[at - 1].ticks) {
		at--;
		if (at + 1 < KEPT)
			slowest[at + 1] = slowest[at];
	}
	if (at == KEPT)
		return;
	format(slowest[at].name, sizeof slowest[at].name, "%s", name);
	slowest[at].ticks = ticks;
}

void slowest_note(void)
{
	for (unsigned i = 0; i < KEPT && slowest[i].ticks; i++)
		note("slowest ms=%lu %s", slowest[i].ticks / tsc_per_ms, slowest[i].name);
}
