/* From executions to evidence: agents that wait for each other. */
#include "tests/host/played_scenario.h"

/* Agents that wait for each other: the listings say so, or only the machine, where a step blocks by values. */
#define STUCK_STEPS(step) step(1, heed, E)
LISTING(STUCK)
CLAIM(nothing_at_all, saw(ONE) == NOTHING)

static bool blocks_whole, blocks_changed;
static int blocks_at_second(const struct scenario *s, const char *order, struct outcome *seen)
{
	right(s, order, seen);
	return order && (is_whole(s) ? blocks_whole : blocks_changed) ? 1 : ORDER_RAN;
}

static void a_dead_lock(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = right;
	s.agents[C0] = (struct agent){ "C0", STUCK_steps, 1, STUCK_take, STUCK_race };
	s.control[0].shows = NULL;
	expect(&s, ERROR);
	play = blocks_at_second;
	blocks_whole = true;
	blocks_changed = false;
	expect(&safe, ERROR);
	assert_int_equal(e.runs, 0);
	how.order = "0000eee";
	expect(&safe, ERROR);
}

static void a_dead_lock_as_control(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = blocks_at_second;
	blocks_whole = false;
	blocks_changed = true;
	s.control[0] = (struct control){ { C0, 4, 0 }, SHOWS(deadlock), 0 };
	s.control[1].shows = NULL;
	expect(&s, PASS);
	/* It would not end: nobody races it. */
	assert_int_equal(at.raced, how.rounds);
	how.mode = MODE_RACE;
	expect(&s, WEAK);
	assert_non_null(e.no_power);
	how.mode = MODE_BOTH;
	/* By its listing, whatever the machine does. */
	blocks_changed = false;
	expect(&s, PASS);
	s.control[0].change.no = 2;
	expect(&s, WEAK);
	assert_null(e.no_power);
	/* Another hazard is not shown by it. */
	s.control[0] = (struct control){ { C0, 4, 0 }, SHOWS(nothing_at_all), 0 };
	expect(&s, WEAK);
	assert_int_equal(at.raced, how.rounds);
}

/* Two locks, taken in opposite order. */
#define UP_STEPS(step)     \
	step(1, lock, 0)   \
	step(2, lock, 1)   \
	step(3, unlock, 0) \
	step(4, unlock, 1)
#define DOWN_STEPS(step)   \
	step(1, lock, 1)   \
	step(2, lock, 0)   \
	step(3, unlock, 0) \
	step(4, unlock, 1)
LISTING(UP)
LISTING(DOWN)

static void a_dead_lock_as_hazard(void **state)
{
	struct scenario s = { .id = "A97",
			      .agents = { RUNS(C0, UP), RUNS(C1, DOWN) },
			      .forbid = { FORBID(never) } };

	(void)state;
	play = none_is_old;
	expect(&s, ERROR);
	s.shows = SHOWS(deadlock);
	expect(&s, PASS);
	assert_int_equal(at.raced, 0);
	how.mode = MODE_RACE;
	expect(&s, SKIP);
	how.mode = MODE_BOTH;
	s.agents[C1] = s.agents[C0];
	expect(&s, WEAK);
	assert_null(e.no_power);
}

/* Some orders block, as steps do that wait for a value: they are none. */
static int blocks_if_first(const struct scenario *s, const char *order, struct outcome *seen)
{
	right(s, order, seen);
	if (order && order[0] == 'e' && is_whole(s)) {
		seen->saw[TWO] = O;
		return 0;
	}
	return ORDER_RAN;
}

static void what_blocks_shows_nothing(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = blocks_if_first;
	/* Positions count: no order is pruned, so some begin with the device. */
	s.forbid[0] = FORBID(two_comes_last);
	expect(&s, PASS);
	assert_int_equal(e.runs, at.stepped - 1 /* blocked */ - 2 /* controls */ + how.rounds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_dead_lock, set_up),
		cmocka_unit_test_setup(a_dead_lock_as_control, set_up),
		cmocka_unit_test_setup(a_dead_lock_as_hazard, set_up),
		cmocka_unit_test_setup(what_blocks_shows_nothing, set_up),
	};

	return cmocka_run_group_tests_name("case deadlock", tests, NULL, NULL);
}
