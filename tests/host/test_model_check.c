/* Scenarios with a wrong expectation are refused, with a sentence that names it; the right one beside each is not. */
#include "tests/host/checked.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right_is_accepted),
		cmocka_unit_test(a_forbid_that_can_be_seen),
		cmocka_unit_test(a_protecting_step_deleted),
		cmocka_unit_test(a_right_to_execute_stands_alone),
		cmocka_unit_test(a_hazard_that_cannot_be_seen),
		cmocka_unit_test(a_race_that_stepping_does_not_show),
		cmocka_unit_test(an_allow_that_cannot_be_seen),
		cmocka_unit_test(claims_that_ask_for_positions),
		cmocka_unit_test(an_emulator_that_is_known_to_depart),
		cmocka_unit_test(an_emulator_that_departs),
		cmocka_unit_test(what_cannot_be_run_or_finished),
	};

	return cmocka_run_group_tests_name("model check", tests, checked_set_up, checked_tear_down);
}
