/* Mutants on a machine that is played: what it shows in which mode and place, and what is made of that. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define deviation_of played_deviation_of
#include "tests/mutate.c"

#include "tests/scenario.h"

OBSERVE(READ)

#define CLEAR_STEPS(step)     \
	step(1, pte_clear, A) \
	step(2, cpu_flush, A) \
	step(3, tell, C1)
#define LATE_STEPS(step)  \
	step(1, heed, C0) \
	step(2, load, A, READ)
#define EARLY_STEPS(step)      \
	step(1, load, A, READ) \
	step(2, heed, C0)
#define WARM_STEPS(step) step(1, load, A)
LISTING(CLEAR)
LISTING(LATE)
LISTING(EARLY)
LISTING(WARM)
CLAIM(stale, saw(READ) == O)

static struct scenario safe(void)
{
	return (struct scenario){
		.id = "D99",
		.name = "played",
		.agents = { RUNS(C0, CLEAR), RUNS(C1, LATE) },
		.warm = { RUNS(C1, WARM) },
		.maps = { { P0, RW } },
		.content = { O },
		.forbid = { FORBID(stale) },
	};
}

/* What the machine shows of the mutant that leaves out the flush, and of all others. */
static struct {
	bool stepped[TRIES], raced, waits, in_trouble, deviates, others;
} shows;
static unsigned attempt, restarts, races;
static char said[16][320];
static unsigned lines;
static bool open_now;

struct platform platform;
u64 tsc_per_ms = 1;
u64 now(void) { return 0; }
void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vformat(said[lines++ % ARRAY_SIZE(said)], sizeof said[0], fmt, ap);
	va_end(ap);
}
void machine_restart(struct dma_engine *e) { restarts += e != NULL; }
const struct deviation *played_deviation_of(const struct platform *p, const struct scenario *s,
					    enum deviation_mode mode, const struct outcome *seen)
{
	static const struct deviation d;

	(void)p;
	(void)s;
	(void)mode;
	return shows.deviates && seen->saw[READ] == O ? &d : NULL;
}
void run_placement(u64 seed, unsigned n)
{
	(void)seed;
	attempt = n;
}
void run_seat_agents(struct run *run, const struct scenario *s, enum run_seats seats)
{
	(void)seats;
	run->scenario = s;
}
bool run_open(struct run *run)
{
	assert_false(open_now);
	run->trouble[0] = 0;
	return open_now = true;
}
bool run_close(struct run *run)
{
	assert_true(open_now);
	open_now = false;
	return !run->trouble[0];
}
void stepped_begin(struct run *run) { assert_non_null(run); }
bool stepped_end(struct run *run) { return !run->trouble[0]; }

static bool has_flush(const struct run *run)
{
	for (unsigned i = 0; i < run->scenario->agents[C0].count; i++)
		if (run->scenario->agents[C0].steps[i].op == OP_cpu_flush)
			return true;
	return false;
}

static void show(struct run *run, bool old)
{
	run->seen = (struct outcome){ .holds = { O } };
	run->seen.saw[READ] = old || (shows.others && has_flush(run)) ? O : BLOCKED;
}

int stepped_order(struct run *run, const char *order)
{
	bool flush = has_flush(run);

	show(run, !flush && shows.stepped[attempt]);
	if (!flush && shows.in_trouble)
		format(run->trouble, sizeof run->trouble, "a step hangs");
	if (!flush && shows.waits)
		return (int)strlen(order) - 1;
	return run->trouble[0] ? ORDERS_STOP : ORDER_RAN;
}

bool racing_rounds(struct run *run, u64 rounds, u64 seed, bool (*each)(void *arg), void *arg)
{
	(void)seed;
	assert_int_equal(rounds, ROUNDS_DEFAULT);
	races++;
	show(run, !has_flush(run) && shows.raced);
	each(arg);
	return true;
}

static void assert_said(const char *expected)
{
	static const char whose[] = "mutant D99.played ";

	for (unsigned i = 0; i < lines; i++)
		if (!strcmp(said[i] + sizeof whose - 1, expected))
			return;
	fail_msg("not said: %s", expected);
}

/* What is said of the mutant without the flush; how many mutants nobody answers for. */
static u64 go(const struct scenario *s, const char *expected)
{
	static struct run run;
	static struct dma_engine engine;
	const struct how how = { .name = "D99.played" };
	struct evidence e = { 0 };
	char line[200];

	attempt = restarts = races = lines = 0;
	run.engine = &engine;
	mutate(s, &how, &run, &e);
	assert_false(open_now);
	assert_null(e.error);
	assert_true(e.runs && lines == e.runs + 1);
	if (expected) {
		format(line, sizeof line, "without C0.2 cpu_flush A: %s", expected);
		assert_said(line);
	}
	return e.forbidden;
}

static int quiet(void **state)
{
	(void)state;
	memset(&shows, 0, sizeof shows);
	return 0;
}

static void shown_at_once(void **state)
{
	struct scenario s = safe();

	(void)state;
	shows.stepped[0] = true;
	assert_int_equal(go(&s, "killed by forbidden stale"), 0);
	assert_int_equal(restarts, 0);
}

static void shown_in_another_place(void **state)
{
	struct scenario s = safe();

	(void)state;
	shows.stepped[TRIES - 1] = true;
	assert_int_equal(go(&s, "killed by forbidden stale"), 0);
}

static void shown_by_a_race(void **state)
{
	struct scenario s = safe();

	(void)state;
	shows.raced = true;
	assert_int_equal(go(&s, "killed by forbidden stale"), 0);
	assert_true(races > 0);
}

static void never_shown(void **state)
{
	struct scenario s = safe();

	(void)state;
	assert_int_equal(go(&s, "killed by the model, not shown here: forbidden stale"), 0);
}

/* The platform shows that without any mutation. */
static void shown_by_a_known_deviation(void **state)
{
	struct scenario s = safe();

	(void)state;
	shows.stepped[0] = shows.raced = shows.deviates = true;
	assert_int_equal(go(&s, "killed by the model, not shown here: forbidden stale"), 0);
}

static void killed_by_trouble(void **state)
{
	struct scenario s = safe();

	(void)state;
	shows.in_trouble = true;
	assert_int_equal(go(&s, "killed by a step hangs"), 0);
	assert_int_equal(restarts, 1);
}

static void killed_by_a_deadlock(void **state)
{
	struct scenario s = safe();

	(void)state;
	shows.waits = true;
	assert_int_equal(go(&s, "killed by agents that wait for each other"), 0);
}

/* A reason that does not hold here: the machine shows otherwise, whatever the model says. */
static void argued_and_shown(void **state)
{
	struct scenario s = safe();

	(void)state;
	shows.stepped[0] = true;
	s.spare[0].change = (struct change){ C0, 2, 0 };
	s.spare[0].why = "it rains";
	assert_int_equal(go(&s, "killed by forbidden stale, though argued: it rains"), 1);
	shows.stepped[0] = false;
	assert_int_equal(
		go(&s,
		   "killed by the model, not shown here: forbidden stale, though argued: it rains"),
		1);
}

static void a_hazard_that_is_gone(void **state)
{
	const struct agent agents[AGENTS] = { RUNS(C1, EARLY) };
	struct scenario s = safe();

	(void)state;
	s.agents[C1] = agents[C1];
	s.forbid[0] = NULL;
	s.shows = SHOWS(stale);
	go(&s, NULL);
	assert_said(
		"swapped C1.1 load A, READ and C1.2 heed C0: killed, it does not show any more stale");
	shows.others = true;
	go(&s, NULL);
	assert_said("swapped C1.1 load A, READ and C1.2 heed C0: undecided: "
		    "it shows stale, which the model does not, and nobody says why");
}

static void in_the_order_that_is_declared(void **state)
{
	struct scenario s = safe();

	(void)state;
	s.orders[0].order = "000 11";
	shows.stepped[1] = shows.raced = true;
	/* In this order there is nothing to be heeded, and nobody says so. */
	assert_int_equal(go(&s, "killed by forbidden stale"), 1);
	assert_said("without C1.1 heed C0: survived, and makes no difference, and nobody says why");
	assert_int_equal(races, 0);
}

static void a_reason_for_nothing(void **state)
{
	const struct how how = { .name = "D99.played" };
	struct scenario s = safe();
	struct evidence e = { 0 };
	static struct run run;

	(void)state;
	s.spare[0].change = (struct change){ C0, 3, 0 };
	s.spare[0].why = "it rains";
	mutate(&s, &how, &run, &e);
	assert_non_null(e.error);
	assert_int_equal(e.runs, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(shown_at_once, quiet),
		cmocka_unit_test_setup(shown_in_another_place, quiet),
		cmocka_unit_test_setup(shown_by_a_race, quiet),
		cmocka_unit_test_setup(never_shown, quiet),
		cmocka_unit_test_setup(shown_by_a_known_deviation, quiet),
		cmocka_unit_test_setup(killed_by_trouble, quiet),
		cmocka_unit_test_setup(killed_by_a_deadlock, quiet),
		cmocka_unit_test_setup(argued_and_shown, quiet),
		cmocka_unit_test_setup(a_hazard_that_is_gone, quiet),
		cmocka_unit_test_setup(in_the_order_that_is_declared, quiet),
		cmocka_unit_test_setup(a_reason_for_nothing, quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
