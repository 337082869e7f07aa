/* Orders against counts worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/orders.h"
#include "tests/scenario.h"

#define THREE_STEPS(step)   \
	step(1, load, A, 1) \
	step(2, load, A, 2) \
	step(3, load, A, 3)
#define TWO_STEPS(step)     \
	step(1, load, A, 4) \
	step(2, load, A, 5)
#define TELLER_STEPS(step)  \
	step(1, load, A, 1) \
	step(2, tell, C1)   \
	step(3, load, A, 2)
#define HEEDER_STEPS(step)  \
	step(1, load, A, 4) \
	step(2, heed, C0)   \
	step(3, load, A, 5)
#define LOCKER_STEPS(step)  \
	step(1, lock, 0)    \
	step(2, load, A, 1) \
	step(3, unlock, 0)
#define FIRST_STEPS(step) \
	step(1, heed, C1) \
	step(2, tell, C1)
#define SECOND_STEPS(step) \
	step(1, heed, C0)  \
	step(2, tell, C0)
LISTING(THREE)
LISTING(TWO)
LISTING(TELLER)
LISTING(HEEDER)
LISTING(LOCKER)
LISTING(FIRST)
LISTING(SECOND)

static char last[ORDER_MAX + 1];
static unsigned stop_after;

static int each(void *arg, const char *order)
{
	unsigned *n = arg;

	/* Lexical order, so no order comes twice. */
	assert_true(*n == 0 || strcmp(last, order) < 0);
	strcpy(last, order);
	return ++*n != stop_after ? ORDER_RAN : ORDERS_STOP;
}

static struct orders count(const struct scenario *s)
{
	unsigned n = 0;
	struct orders o = orders_each(s, ORDERS_ALL, each, &n);

	assert_int_equal(o.complete, n);
	return o;
}

static void free_steps_are_a_multinomial(void **state)
{
	const struct scenario two = { .agents = { RUNS(C0, THREE), RUNS(E, TWO) } };
	const struct scenario three = { .agents = { RUNS(C0, THREE), RUNS(C1, TWO),
						    RUNS(E2, THREE) } };

	(void)state;
	assert_int_equal(count(&two).complete, 10);    /* 5! / (3! 2!) */
	assert_int_equal(count(&three).complete, 560); /* 8! / (3! 2! 3!) */
	assert_string_equal(last, "fff11000");
}

/*
 * C0: a t b; C1: x h y with h after t. x may come anywhere before h. Orders of a t b and x h y: 20. With h
 * before t: of a, t, h and x in front of h ... counted: sequences in which t precedes h. Place the six; fix where
 * h goes among C0's steps: after t (b later): a t h b or after b. a t h b with x before h: 4 places for x before h
 * among (a, t), i.e. 3; y after h among (b): 2: 6. a t b h: x 4 places, y 1: 4. Together 10.
 */
static void a_heed_waits_for_its_tell(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, TELLER), RUNS(C1, HEEDER) } };

	(void)state;
	assert_int_equal(count(&s).complete, 10);
	assert_int_equal(count(&s).stuck, 0);
}

static void a_lock_keeps_the_other_out(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, LOCKER), RUNS(C1, LOCKER) } };

	(void)state;
	assert_int_equal(count(&s).complete, 2);
}

static void a_dead_lock_is_counted_and_not_given(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, FIRST), RUNS(C1, SECOND) } };
	struct orders o = count(&s);

	(void)state;
	assert_int_equal(o.complete, 0);
	assert_int_equal(o.stuck, 1);
}

static void it_stops_when_told(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, THREE), RUNS(E, TWO) } };

	(void)state;
	stop_after = 3;
	assert_int_equal(count(&s).complete, 3);
	stop_after = 0;
}

/* Without claims that ask for positions the same is seen by fewer: loads of different CPUs may change places. */
static void loads_are_independent(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, THREE), RUNS(C1, TWO) } };
	unsigned n = 0;

	(void)state;
	assert_int_equal(orders_each(&s, ORDERS_PRUNED, each, &n).complete, 1);
	assert_string_equal(last, "00011");
	assert_int_equal(orders_count(&s), 10);
}

#define CHANGER_STEPS(step)   \
	step(1, load, B, 1)   \
	step(2, pte_clear, A) \
	step(3, load, B, 2)
LISTING(CHANGER)

/* Where the clear is among the two loads of A, and no more: 3 of 10. */
static void what_matters_is_kept(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, CHANGER), RUNS(C1, TWO) } };
	unsigned n = 0;

	(void)state;
	assert_int_equal(orders_each(&s, ORDERS_PRUNED, each, &n).complete, 3);
	assert_int_equal(orders_count(&s), 10);
}

/* A step of C1 that blocks until C0 has taken two: all other beginnings are given up where they block. */
static int blocks(void *arg, const char *order)
{
	unsigned zeros = 0;

	for (int at = 0; order[at]; at++) {
		if (order[at] == '1' && zeros < 2)
			return at;
		zeros += order[at] == '0';
	}
	++*(unsigned *)arg;
	return ORDER_RAN;
}

static void what_blocks_is_not_tried_again(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, THREE), RUNS(C1, TWO) } };
	unsigned n = 0;
	struct orders o = orders_each(&s, ORDERS_ALL, blocks, &n);

	(void)state;
	assert_int_equal(n, 3); /* 00 then 0 among 11 */
	assert_int_equal(o.complete, 3);
	assert_int_equal(o.blocked, 2); /* at 01 and at 1 */
	assert_int_equal(o.stuck, 0);
}

static int always_blocks(void *arg, const char *order)
{
	(void)arg;
	(void)order;
	return 1;
}

static void blocked_for_ever_is_stuck(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, THREE), RUNS(C1, TWO) } };
	struct orders o = orders_each(&s, ORDERS_ALL, always_blocks, NULL);

	(void)state;
	assert_int_equal(o.complete, 0);
	assert_int_equal(o.stuck, 2); /* after 0 and after 1 */
}

/* What a scenario names by hand is among its orders. */
static const char *wanted;
static int is_it(void *arg, const char *order)
{
	const char *p = wanted;

	for (; *p; p++) {
		if (*p == ' ')
			continue;
		if (*p != *order++)
			return ORDER_RAN;
	}
	*(bool *)arg = true;
	return ORDERS_STOP;
}

static void named_orders_are_orders(void **state)
{
	(void)state;
	for (const struct scenario_ref *s = __start_scenarios; s != __stop_scenarios; s++)
		for (unsigned n = 0; n < ORDERS && s->scenario->orders[n].order; n++) {
			bool found = false;

			wanted = s->scenario->orders[n].order;
			orders_each(s->scenario, ORDERS_ALL, is_it, &found);
			assert_true(found);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(free_steps_are_a_multinomial),
		cmocka_unit_test(a_heed_waits_for_its_tell),
		cmocka_unit_test(a_lock_keeps_the_other_out),
		cmocka_unit_test(a_dead_lock_is_counted_and_not_given),
		cmocka_unit_test(it_stops_when_told),
		cmocka_unit_test(loads_are_independent),
		cmocka_unit_test(what_matters_is_kept),
		cmocka_unit_test(what_blocks_is_not_tried_again),
		cmocka_unit_test(blocked_for_ever_is_stuck),
		cmocka_unit_test(named_orders_are_orders),
	};

	return cmocka_run_group_tests_name("orders", tests, NULL, NULL);
}
