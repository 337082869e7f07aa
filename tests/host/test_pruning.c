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

/* Orders that ran to their end, in lexical order. */
struct ran {
	struct runs on;
	u64 count;
	u32 hash;
};

static int run_and_note(void *arg, const char *order)
{
	struct ran *ran = arg;
	int end = run_order(&ran->on, order);

	if (end == ORDER_RAN) {
		ran->count++;
		for (; *order; order++)
			ran->hash = (ran->hash ^ (u8)*order) * 0x01000193;
	}
	return end;
}

static void swap(char *x, char *y)
{
	char c = *x;

	*x = *y;
	*y = c;
}

static void reverse(char *from)
{
	for (char *to = from + strlen(from); from < to; from++)
		swap(from, --to);
}

static bool next_permutation(char *order)
{
	size_t i = strlen(order), j = i;

	if (!i)
		return false;
	do
		if (!--i)
			return false;
	while (order[i - 1] >= order[i]);
	while (order[--j] <= order[i - 1])
		;
	swap(&order[i - 1], &order[j]);
	reverse(&order[i]);
	return true;
}

/* The last of those that begin like this one. */
static void last_permutation(char *rest)
{
	while (next_permutation(rest))
		;
}

/* Every sequence of letters, whatever the steps are. */
static void run_permutations(struct ran *ran)
{
	const struct scenario *s = ran->on.q.scenario;
	char order[ORDER_MAX + 1];
	unsigned n = 0;

	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++)
			order[n++] = AGENT_LETTERS[a];
	order[n] = 0;
	do {
		int end = run_and_note(ran, order);

		if (end >= 0)
			last_permutation(&order[end + 1]);
	} while (next_permutation(order));
}

/* Nothing that can run is left out, and what is said to be known of how many is true. */
static bool are_all(const struct scenario *s)
{
	struct ran all = { .on.q = { .scenario = s, .profile = &model_qemu_tcg } }, given = all;

	run_permutations(&all);
	orders_each(s, ORDERS_ALL, run_and_note, &given);
	if (all.count == given.count && all.hash == given.hash &&
	    (orders_known(s) ? orders_count(s) == all.count : orders_count(s) >= all.count))
		return orders_known(s);
	draw_scenario(s);
	fail_msg("%s: %lu orders run, %lu of those that are given; %s %lu",
		 s->id ? s->id : "by chance", all.count, given.count,
		 orders_known(s) ? "known" : "at most", orders_count(s));
	return false;
}

enum { SHORT = 9, SHORT_STEPS = 3 };

static unsigned length(const struct scenario *s)
{
	unsigned n = 0;

	for (unsigned a = 0; a < AGENTS; a++)
		n += s->agents[a].count;
	return n;
}

static void nothing_is_left_out(void **state)
{
	unsigned known = 0;

	(void)state;
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++)
		if (length(r->scenario) <= SHORT)
			are_all(r->scenario);
	for (unsigned i = 0; i < LISTINGS; i++)
		known += are_all(any_scenario(trios[any(3)], 3, SHORT_STEPS));
	printf("# known of %u listings of %u\n", known, LISTINGS);
	assert_in_range(known, LISTINGS / 2, LISTINGS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_every_scenario),
		cmocka_unit_test(of_listings_by_chance),
		cmocka_unit_test(nothing_is_left_out),
	};

	return cmocka_run_group_tests_name("pruning", tests, runs_set_up, runs_tear_down);
}
