/* Scenarios with a wrong expectation are refused, with a sentence that names it; the right one beside each is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/check.h"
#include "tests/scenario.h"

enum { MEMORY = 1 << 20 };
static struct model_memory memory[2];

OBSERVE(READ, WROTE)

/* Copy-on-write with both flushes; CPU and device read afterwards. */
#define COW_STEPS(step)             \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, cpu_flush, A)       \
	step(4, iommu_flush, A)     \
	step(5, pte_set, A, P1, RW) \
	step(6, store, A, N)        \
	step(7, tell, E)
#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, READ)
#define NO_FLUSH_STEPS(step)        \
	step(1, pte_set, A, P1, RW) \
	step(2, tell, E)
#define WARM_STEPS(step) step(1, dma_read, A)
LISTING(COW)
LISTING(DEVICE)
LISTING(NO_FLUSH)
LISTING(WARM)
CLAIM(stale, saw(READ) != N)
CLAIM(old, saw(READ) == O)
CLAIM(fresh, saw(READ) == N)
CLAIM(never, saw(READ) == X)
CLAIM(cpu_lost, holds(P1) != N)

/* Right; each test changes one thing. */
static struct scenario safe(void)
{
	return (struct scenario){
		.id = "A99",
		.agents = { RUNS(C0, COW), RUNS(E, DEVICE) },
		.warm = { RUNS(E, WARM) },
		.maps = { { P0, RO } },
		.content = { O },
		.forbid = { FORBID(never), FORBID(stale), FORBID(cpu_lost) },
		.control = { WITHOUT(C0, 4, old) },
	};
}

static struct scenario unsafe(void)
{
	return (struct scenario){
		.id = "A98",
		.agents = { RUNS(C0, NO_FLUSH), RUNS(E, DEVICE) },
		.warm = { RUNS(E, WARM) },
		.maps = { { P0, RO } },
		.content = { O, N },
		.forbid = { FORBID(never) },
		.shows = SHOWS(old),
		.shown_by = CACHE_IOTLB,
	};
}

static void refused(const struct scenario *s, const char *order, const char *why)
{
	struct model_report r = model_check(s, order, memory);

	if (!strstr(r.wrong, why) || (!*why && r.wrong[0]))
		fail_msg("\"%s\" is not about \"%s\"", r.wrong, why);
}
#define accepted(s, order) refused(s, order, "")

static void what_is_right_is_accepted(void **state)
{
	const struct scenario a = safe(), b = unsafe();

	(void)state;
	accepted(&a, NULL);
	accepted(&a, "0000000ee");
	accepted(&b, NULL);
	assert_int_equal(model_check(&a, NULL, memory).shown, SHOWN_CONTROL);
	assert_int_equal(model_check(&a, NULL, memory).on_qemu, SHOWN_CONTROL);
	assert_int_equal(model_check(&b, NULL, memory).on_qemu, SHOWN_HAZARD);
}

static void a_forbid_that_can_be_seen(void **state)
{
	struct scenario s = safe();

	(void)state;
	s.forbid[3] = FORBID(fresh);
	refused(&s, NULL, "FORBID fresh can be seen");
	s = unsafe();
	s.forbid[1] = FORBID(old);
	refused(&s, NULL, "ARCH: FORBID old can be seen");
	/* Allowed, though QEMU does not do it: its entry stays. */
	s = unsafe();
	s.forbid[1] = FORBID(fresh);
	refused(&s, NULL, "ARCH: FORBID fresh can be seen");
}

/* A protocol without one of its steps, under the claims of the whole. */
static void a_protecting_step_deleted(void **state)
{
	static struct step steps[ARRAY_SIZE(COW_steps)];
	struct scenario s = safe();

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(COW_steps); i++)
		if (i != 3)
			steps[i - (i > 3)] = COW_steps[i];
	s.agents[C0] =
		(struct agent){ .name = "C0", .steps = steps, .count = ARRAY_SIZE(COW_steps) - 1 };
	refused(&s, NULL, "FORBID stale can be seen");
	/* Invalidated before the clear. */
	memcpy(steps, COW_steps, sizeof steps);
	steps[1] = COW_steps[3];
	steps[3] = COW_steps[1];
	s.agents[C0].count = ARRAY_SIZE(COW_steps);
	refused(&s, NULL, "FORBID stale can be seen");
}

#define NX_STEPS(step)                   \
	step(1, pte_exchange, A, P0, RO) \
	step(2, cpu_flush, A)            \
	step(3, tell, C1)
#define FETCHES_STEPS(step) \
	step(1, heed, C0)   \
	step(2, fetch, A, READ)
#define LOADS_STEPS(step)    step(1, load, B)
#define PROTECTS_STEPS(step) step(1, pte_wrprotect, B)
#define READS_STEPS(step)    step(1, dma_read, B)
#define GRANTS_STEPS(step)   step(1, pte_set, B, P1, RW)
LISTING(NX)
LISTING(FETCHES)
LISTING(LOADS)
LISTING(PROTECTS)
LISTING(READS)
LISTING(GRANTS)
CLAIM(executed, saw(READ) == YES)

/* The model's entries have one right besides that to read. */
static void a_right_to_execute_stands_alone(void **state)
{
	const struct scenario right = { .agents = { RUNS(C0, NX), RUNS(C1, FETCHES) },
					.maps = { { P0, RX } },
					.forbid = { FORBID(executed) },
					.control = { WITHOUT(C0, 2, executed) } };
	const struct agent others[AGENTS] = { RUNS(C2, LOADS), RUNS(C3, PROTECTS), RUNS(E, READS),
					      RUNS(C1, GRANTS) };
	struct scenario s = right;

	(void)state;
	accepted(&s, NULL);
	for (unsigned a = C1; a <= E; a++) {
		s = right;
		s.agents[a == C1 ? C2 : a] = others[a];
		refused(&s, NULL, "right to execute");
		s = right;
		s.warm[a == C1 ? C2 : a] = others[a];
		refused(&s, NULL, "right to execute");
	}
	s = right;
	s.maps[B].rights = RW;
	refused(&s, NULL, "right to execute");
	s = right;
	s.spaces = TWO_SPACES;
	refused(&s, NULL, "right to execute");
	s = unsafe();
	s.maps[B].rights = SUPERVISOR_RX;
	refused(&s, NULL, "right to execute");
}

static void a_hazard_that_cannot_be_seen(void **state)
{
	struct scenario s = unsafe();

	(void)state;
	s.shows = SHOWS(cpu_lost);
	refused(&s, NULL, "hazard cpu_lost cannot be seen");
	s = safe();
	s.shows = SHOWS(old);
	refused(&s, "0000000ee", "hazard old cannot be seen");
	s = safe();
	s.fact.which = FACT_IOTLB_KEEPS;
	s.fact.claim = SHOWS(old);
	refused(&s, NULL, "fact old cannot be seen");
}

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

/* Two words without a fence: both read the old one in a race only, and stepping never shows it. */
#define LEFT_STEPS(step)     \
	step(1, store, A, N) \
	step(2, load, B, READ)
#define RIGHT_STEPS(step)    \
	step(1, store, B, N) \
	step(2, load, A, WROTE)
LISTING(LEFT)
LISTING(RIGHT)
CLAIM(both_old, saw(READ) == O && saw(WROTE) == O)

/* What is seen anyway says nothing of the step that is left out. */
static void a_control_that_shows_what_is_there(void **state)
{
	struct scenario s = unsafe();

	(void)state;
	s.control[0] = (struct control)WITHOUT(E, 1, old);
	refused(&s, NULL, "control old can be seen without its change");
}

static void a_race_that_stepping_does_not_show(void **state)
{
	const struct scenario s = { .id = "D99",
				    .agents = { RUNS(C0, LEFT), RUNS(C1, RIGHT) },
				    .maps = { { P0, RW }, { P1, RW } },
				    .content = { O, O },
				    .forbid = { FORBID(both_old) } };

	(void)state;
	refused(&s, NULL, "racing: FORBID both_old can be seen");
	accepted(&s, "0011");
}

static void an_allow_that_cannot_be_seen(void **state)
{
	struct scenario s = safe();

	(void)state;
	s.allow[0] = ALLOW(fresh);
	accepted(&s, NULL);
	s.allow[1] = ALLOW(old);
	refused(&s, NULL, "ALLOW old cannot be seen");
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

/* Positions: E reads before the clear, or after the device was told. */
CLAIM(early, after(C0, 2, E, 2))
CLAIM(stale_after, after(E, 2, C0, 4) && saw(READ) == O)

static void claims_that_ask_for_positions(void **state)
{
	struct scenario s = safe();

	(void)state;
	s.forbid[0] = FORBID(stale_after);
	s.control[0].shows = SHOWS(stale_after);
	s.control[0].change.no = 4;
	/* The step left out has no position. */
	refused(&s, NULL, "control stale_after cannot be seen without C0.4");
	s.control[0].shows = SHOWS(old);
	accepted(&s, NULL);
	s.forbid[3] = FORBID(early); /* it heeds */
	accepted(&s, NULL);
	s.allow[0] = ALLOW(early);
	refused(&s, NULL, "ALLOW early cannot be seen");
}

#define CLEANED_STEPS(step) \
	step(1, heed, E)    \
	step(2, pte_dirty, A, READ)
#define WRITES_STEPS(step)              \
	step(1, dma_write, A, X, WROTE) \
	step(2, tell, C0)
LISTING(CLEANED)
LISTING(WRITES)
CLAIM(dirty_lost, saw(WROTE) == LANDED && saw(READ) == NO)

static void an_emulator_that_is_known_to_depart(void **state)
{
	struct scenario s = { .id = "C99",
			      .agents = { RUNS(C0, CLEANED), RUNS(E, WRITES) },
			      .maps = { { P0, RW, LEAF_CLEAN } },
			      .content = { O },
			      .forbid = { FORBID(dirty_lost) } };

	(void)state;
	accepted(&s, NULL);
	assert_true(model_check(&s, NULL, memory).departs);
	s.maps[0].state = LEAF_USED;
	accepted(&s, NULL);
	assert_false(model_check(&s, NULL, memory).departs);
}

/* QEMU's TLB keeps an entry for reading through the #PF of a store. */
#define CLEAR_STEPS(step)           \
	step(1, pte_clear, A)       \
	step(2, store, A, X, WROTE) \
	step(3, load, A, READ)
#define LOAD_STEPS(step) step(1, load, A)
LISTING(CLEAR)
LISTING(LOAD)

static void an_emulator_that_departs(void **state)
{
	const struct scenario s = { .id = "D98",
				    .agents = { RUNS(C0, CLEAR) },
				    .warm = { RUNS(C0, LOAD) },
				    .maps = { { P0, RO } },
				    .content = { O },
				    .forbid = { FORBID(never) } };

	(void)state;
	refused(&s, "000", "QEMU: in order 000 an outcome that ARCH does not allow");
}

static void what_cannot_be_run_or_finished(void **state)
{
	static u64 bytes[2][128];
	struct model_memory small[] = { model_memory(bytes[0], sizeof bytes[0]),
					model_memory(bytes[1], sizeof bytes[1]) };
	struct scenario s = safe();

	(void)state;
	assert_non_null(strstr(model_check(&s, NULL, small).wrong, "too many states"));
	s.agents[C0].count = 0; /* nobody tells the device */
	refused(&s, NULL, "does not come to its end");
	s = safe();
	refused(&s, "0000000e", "the order leaves out steps");
	refused(&s, "ee0000000", "does not come to its end");
}

static int set_up(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++)
		memory[i] = model_memory(malloc(MEMORY), MEMORY);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(memory[0].slots);
	free(memory[1].slots);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right_is_accepted),
		cmocka_unit_test(a_forbid_that_can_be_seen),
		cmocka_unit_test(a_protecting_step_deleted),
		cmocka_unit_test(a_right_to_execute_stands_alone),
		cmocka_unit_test(a_hazard_that_cannot_be_seen),
		cmocka_unit_test(a_control_that_stays_right),
		cmocka_unit_test(a_control_that_shows_what_is_there),
		cmocka_unit_test(a_race_that_stepping_does_not_show),
		cmocka_unit_test(an_allow_that_cannot_be_seen),
		cmocka_unit_test(a_control_that_swaps),
		cmocka_unit_test(a_control_that_only_a_race_shows),
		cmocka_unit_test(waiting_for_ever),
		cmocka_unit_test(claims_that_ask_for_positions),
		cmocka_unit_test(an_emulator_that_is_known_to_depart),
		cmocka_unit_test(an_emulator_that_departs),
		cmocka_unit_test(what_cannot_be_run_or_finished),
	};

	return cmocka_run_group_tests_name("model check", tests, set_up, tear_down);
}
