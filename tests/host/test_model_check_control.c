/* Controls that show nothing, or what is there anyway, are refused, with a sentence that names them. */
#include "tests/host/checked.h"

static void a_control_that_stays_right(void **state)
{
	struct scenario s = safe();

	(void)state;
	s.control[0].change.no = 3; /* the device does not care for TLBs */
	refused(&s, NULL, "control old cannot be seen without C0.3");
	s = safe();
	s.control[0].shows = SHOWS(never);
	refused(&s, NULL, "control never cannot be seen without C0.4");
	s = safe();
	s.control[0].change.no = 9;
	refused(&s, NULL, "names a step that is not there");
	s.control[0].change.agent = AGENTS;
	refused(&s, NULL, "names a step that is not there");
	s = safe();
	s.control[0].change.no = 7; /* nobody tells the device: it waits for ever */
	refused(&s, NULL, "control old cannot be seen without C0.7 tell E");
}

CLAIM(both_old, saw(READ) == O && saw(WROTE) == O)

/* What is seen anyway says nothing of the step that is left out. */
static void a_control_that_shows_what_is_there(void **state)
{
	struct scenario s = unsafe();

	(void)state;
	s.control[0] = (struct control)WITHOUT(E, 1, old);
	refused(&s, NULL, "control old can be seen without its change");
}

static void a_control_that_swaps(void **state)
{
	struct scenario s = safe();

	(void)state;
	/* Flushed before it is cleared: the entry can come back. */
	s.control[1] = (typeof(s.control[1]))SWAPPED(C0, 2, 4, old);
	accepted(&s, NULL);
	accepted(&s, "0000000ee");
	s.control[1].change.with = 3;
	refused(&s, NULL,
		"control old cannot be seen swapped C0.2 pte_clear A and C0.3 cpu_flush A");
	s.control[1].change.with = 9;
	refused(&s, NULL, "control old names a step that is not there");
}

#define FENCED_LEFT_STEPS(step) \
	step(1, store, A, N)    \
	step(2, fence)          \
	step(3, load, B, READ)
#define FENCED_RIGHT_STEPS(step) \
	step(1, store, B, N)     \
	step(2, fence)           \
	step(3, load, A, WROTE)
LISTING(FENCED_LEFT)
LISTING(FENCED_RIGHT)

static void a_control_that_only_a_race_shows(void **state)
{
	const struct scenario s = { .id = "D97",
				    .agents = { RUNS(C0, FENCED_LEFT), RUNS(C1, FENCED_RIGHT) },
				    .maps = { { P0, RW }, { P1, RW } },
				    .content = { O, O },
				    .forbid = { FORBID(both_old) },
				    .control = { WITHOUT(C0, 2, both_old) } };

	(void)state;
	accepted(&s, NULL);
	refused(&s, "000111", "control both_old cannot be seen without C0.2 fence");
}

#define ON_OFF_STEPS(step) \
	step(1, cli)       \
	step(2, sti)       \
	step(3, cpu_flush, A)
#define OFF_STEPS(step)       \
	step(1, cli)          \
	step(2, cpu_flush, A) \
	step(3, sti)
LISTING(ON_OFF)
LISTING(OFF)

static void waiting_for_ever(void **state)
{
	struct scenario bad = { .id = "D96",
				.agents = { RUNS(C0, OFF), RUNS(C1, OFF) },
				.maps = { { P0, RW } },
				.forbid = { FORBID(never) } };
	struct scenario good = { .id = "D95",
				 .agents = { RUNS(C0, ON_OFF), RUNS(C1, ON_OFF) },
				 .maps = { { P0, RW } },
				 .forbid = { FORBID(never) },
				 .control = { WITHOUT(C1, 2, deadlock) } };

	(void)state;
	refused(&bad, NULL, "does not come to its end");
	bad.shows = SHOWS(deadlock);
	accepted(&bad, NULL);
	accepted(&good, NULL);
	good.shows = SHOWS(deadlock);
	refused(&good, NULL, "hazard deadlock cannot be seen");
	good.shows = NULL;
	good.control[0].change.no = 1;
	refused(&good, NULL, "control deadlock cannot be seen without C1.1 cli");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_control_that_stays_right),
		cmocka_unit_test(a_control_that_shows_what_is_there),
		cmocka_unit_test(a_control_that_swaps),
		cmocka_unit_test(a_control_that_only_a_race_shows),
		cmocka_unit_test(waiting_for_ever),
	};

	return cmocka_run_group_tests_name("model check controls", tests, checked_set_up,
					   checked_tear_down);
}
