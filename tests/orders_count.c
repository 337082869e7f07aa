/* Pure: how many orders a scenario has, without making them. */
#include "kernel/string.h"
#include "tests/at.h"
#include "tests/orders.h"

/* How many orders lead from there to the end, plus 1; 0: a slot that is free. Not all are used, so that one can be found. */
enum { SLOTS = 1 << 14, COUNTED_MAX = SLOTS - SLOTS / 8 };
static struct {
	struct at at;
	u64 orders;
} counted[SLOTS];
static unsigned counted_so_far;

static unsigned slot(const struct at *at)
{
	const u8 *bytes = (const u8 *)at;
	u32 n = 0;

	for (unsigned i = 0; i < sizeof *at; i++)
		n = (n ^ bytes[i]) * 0x01000193;
	n ^= n >> 15;
	while (counted[n %= SLOTS].orders && memcmp(&counted[n].at, at, sizeof *at) != 0)
		n++;
	return n;
}

static u64 count_from(const struct scenario *s, const struct at *at)
{
	u64 n = counted[slot(at)].orders;

	if (n || at_finished(s, at))
		return n ? n - 1 : 1;
	if (counted_so_far == COUNTED_MAX)
		return 0;
	for (unsigned a = 0; a < AGENTS; a++)
		if (at_enabled(s, at, a)) {
			struct at t = *at;

			at_advance(s, &t, a);
			n += count_from(s, &t);
		}
	if (counted_so_far == COUNTED_MAX)
		return 0;
	counted_so_far++;
	unsigned free_one = slot(at);
	counted[free_one].at = *at;
	counted[free_one].orders = n + 1;
	return n;
}

u64 orders_count(const struct scenario *s)
{
	struct at at = at_beginning(s);

	memset(counted, 0, sizeof counted);
	counted_so_far = 0;
	return count_from(s, &at);
}
