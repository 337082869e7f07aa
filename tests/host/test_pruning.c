/*
 * The rule by which orders are pruned (tests/orders.h) against the run without it. The model is the machine: it
 * executes orders step by step, as the architecture allows and as QEMU does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/chance.h"
#include "tests/host/runs.h"
#include "tests/orders.h"

enum { FEW = 110, FEW_BY_CHANCE = 40, LISTINGS = 300, STEPS = 4 };
static const u8 trios[][3] = { { C0, C1, E }, { C0, C1, C2 }, { C1, E, E2 } };
static u64 compared, pruned;

/* All that can be seen is seen without the orders that were pruned; and who waits for ever. */
static void shows_the_same(const struct scenario *s)
{
	for (unsigned p = 0; p < ARRAY_SIZE(run_profiles); p++) {
		static struct runs all, some;

		all = (struct runs){ .q = { .scenario = s, .profile = run_profiles[p] } };
		some = all;
		struct orders a = orders_each(s, ORDERS_ALL, run_order, &all),
			      b = orders_each(s, ORDERS_PRUNED, run_order, &some);
		compared += all.orders;
		pruned += all.orders - some.orders;
		if (all.too_large || some.too_large)
			continue;
		if (same_seen(&all, &some) && !a.stuck == !b.stuck && some.orders <= all.orders &&
		    b.complete <= a.complete)
			continue;
		draw_scenario(s);
		fail_msg("%s: %u outcomes in %lu orders, stuck %lu; pruned %u in %lu, stuck %lu",
			 run_profiles[p]->name, all.seen.count, all.orders, a.stuck,
			 some.seen.count, some.orders, b.stuck);
	}
}

static void of_every_scenario(void **state)
{
	(void)state;
	compared = pruned = 0;
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++)
		if (orders_count(r->scenario) <= FEW)
			shows_the_same(r->scenario);
	printf("# orders %lu pruned %lu\n", compared, pruned);
	assert_true(pruned > compared / 10);
}

static void of_listings_by_chance(void **state)
{
	(void)state;
	compared = pruned = 0;
	for (unsigned i = 0; i < LISTINGS;) {
		const struct scenario *s = any_scenario(trios[any(3)], 3, STEPS);

		if (orders_count(s) > FEW_BY_CHANCE)
			continue;
		shows_the_same(s);
		i++;
	}
	printf("# orders %lu pruned %lu\n", compared, pruned);
	assert_true(pruned > compared / 4);
}

/* How many orders there are, against all of them one by one. */
static int another(void *arg, const char *order)
{
	(void)order;
	++*(u64 *)arg;
	return ORDER_RAN;
}

enum { ENOUGH = 10000 };

static void are_counted(const struct scenario *s)
{
	u64 n = 0, count = orders_count(s);

	if (count > ENOUGH)
		return;
	orders_each(s, ORDERS_ALL, another, &n);
	assert_int_equal(count, n);
}

static void counts(void **state)
{
	(void)state;
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++)
		are_counted(r->scenario);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_every_scenario),
		cmocka_unit_test(of_listings_by_chance),
		cmocka_unit_test(counts),
	};

	return cmocka_run_group_tests_name("pruning", tests, runs_set_up, runs_tear_down);
}
