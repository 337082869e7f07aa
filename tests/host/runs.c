#include "tests/host/runs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/orders.h"

enum { MEMORY = 8 << 20 };
static struct model_memory memory;

const struct model_profile *const run_profiles[2] = { &model_arch, &model_qemu_tcg };

static bool keep(void *arg, const struct outcome *seen)
{
	struct runs *r = arg;

	return outcomes_add(&r->seen, seen);
}

int run_order(void *arg, const char *order)
{
	struct runs *r = arg;

	r->q.order = order;
	r->orders++;
	struct model_result result = model_run(&r->q, &memory, keep, r);
	if (result.wrong)
		fail_msg("%s", result.wrong);
	r->too_large |= !result.complete;
	return r->end = result.outcomes ? ORDER_RAN : result.reached;
}

void run_alone(struct runs *r, const char *order)
{
	r->seen.count = 0;
	r->too_large = false;
	run_order(r, order);
}

bool same_seen(struct runs *one, struct runs *other)
{
	for (unsigned i = 0; i < one->seen.count; i++) {
		struct outcome seen;

		memcpy(seen.saw, one->seen.seen[i].saw, sizeof seen.saw);
		memcpy(seen.holds, one->seen.seen[i].holds, sizeof seen.holds);
		if (!outcomes_find(&other->seen, &seen))
			return false;
	}
	return one->seen.count == other->seen.count;
}

int runs_set_up(void **state)
{
	(void)state;
	memory = model_memory(malloc(MEMORY), MEMORY);
	return 0;
}

int runs_tear_down(void **state)
{
	(void)state;
	free(memory.slots);
	return 0;
}
