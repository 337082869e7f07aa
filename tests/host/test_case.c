/* From executions to evidence: whatever a machine shows, is the verdict the right one? A test plays the machine. */
#include "tests/host/played_scenario.h"

static unsigned orders;
static int remember(void *all, const char *order)
{
	strcpy(((char(*)[8])all)[orders++], order);
	return ORDER_RAN;
}

static void a_pass(void **state)
{
	char all[32][8];

	(void)state;
	play = right;
	expect(&safe, PASS);
	orders = 0;
	orders_each(&safe, ORDERS_PRUNED, remember, all);
	assert_int_equal(e.runs, orders + 8);
	/* Controls end when they are shown. */
	assert_int_equal(at.stepped, orders + 2);
	assert_int_equal(at.raced, 8 + 2);
	how.order = "0000eee";
	expect(&safe, PASS);
	assert_int_equal(at.stepped, 3);
}

static void one_is_enough_to_fail(void **state)
{
	struct scenario all_orders = safe;
	char all[32][8];

	(void)state;
	play = bad_once;
	bad_round = 0;
	all_orders.forbid[0] = FORBID(two_comes_last);
	for (unsigned i = 0; i < 2; i++) {
		const struct scenario *s = i ? &all_orders : &safe;

		orders = 0;
		orders_each(s, i ? ORDERS_ALL : ORDERS_PRUNED, remember, all);
		assert_int_equal(orders, i ? 5 : 3);
		while (orders--) {
			bad_order = all[orders];
			expect(s, FAIL);
			assert_int_equal(e.forbidden, 1);
			assert_int_equal(at.raced, 0);
		}
	}
	bad_order = NULL;
	expect(&safe, PASS);
	for (bad_round = 1; bad_round <= how.rounds; bad_round++) {
		expect(&safe, FAIL);
		assert_int_equal(at.raced, bad_round);
	}
	expect(&safe, PASS);
}

static void every_claim_is_looked_at(void **state)
{
	(void)state;
	play = bad_once;
	bad_order = "e0000ee";
	for (bad_round = 0; bad_round < 2; bad_round++, bad_order = NULL)
		for (unsigned i = 0; i < CLAIMS; i++) {
			struct scenario s = safe;

			for (unsigned c = 0; c < CLAIMS; c++)
				s.forbid[c] = c == i ? FORBID(two_is_old) : FORBID(never);
			expect(&s, FAIL);
		}
}

static void modes(void **state)
{
	struct scenario named = safe;

	(void)state;
	play = right;
	how.mode = MODE_STEP;
	expect(&safe, PASS);
	assert_int_equal(at.raced, 0);
	how.mode = MODE_RACE;
	expect(&safe, PASS);
	assert_int_equal(at.stepped, 0);
	assert_int_equal(e.runs, 8);
	/* Who names its orders says nothing of others. */
	named.orders[0].order = how.order = "0000eee";
	how.mode = MODE_BOTH;
	expect(&named, PASS);
	assert_int_equal(at.raced, 0);
	how.mode = MODE_RACE;
	expect(&named, SKIP);
	assert_int_equal(at.raced + at.stepped, 0);
}

static void a_race_ends_in_time(void **state)
{
	(void)state;
	play = right;
	how.rounds = 0;
	expect(&safe, PASS);
	assert_int_equal(at.raced, RACE_MS + 2);
	play = blind;
	expect(&safe, WEAK);
	assert_int_equal(at.raced, RACE_MS + 2 * CONTROL_MS);
	/* Who asks for rounds has more patience. */
	how.rounds = 1000000;
	expect(&safe, WEAK);
	assert_int_equal(at.raced, 3 * ASKED_MS);
}

static void the_impossible(void **state)
{
	(void)state;
	play = right;
	allows = all_but_one;
	for (strict_mode = MODEL_STEPPED; strict_mode <= MODEL_RACING; strict_mode++) {
		how.mode = strict_mode == MODEL_RACING ? MODE_RACE : MODE_BOTH;
		impossible = N;
		expect(&safe, FAIL);
		assert_int_equal(e.outside_model, 1);
		/* What only a control shows. */
		impossible = O;
		expect(&safe, FAIL);
		assert_int_equal(e.outside_model, 1);
		impossible = X;
		expect(&safe, PASS);
	}
	allows = allows_all;
	how.mode = MODE_BOTH;
	for (unsigned mode = 0; mode < ARRAY_SIZE(model_wrong); mode++) {
		model_wrong[mode] = "it does not end";
		expect(&safe, ERROR);
		assert_string_equal(e.error, "it does not end");
		model_wrong[mode] = NULL;
	}
	expect(&safe, PASS);
}

/* Somebody wants to see one order: nothing need be shown, and no control runs; what is forbidden stays so. */
static void a_replay(void **state)
{
	(void)state;
	how.order = "0000eee";
	how.replay = true;
	play = shows_late;
	late = TRIES;
	shows_racing = false;
	expect(&unsafe, PASS);
	assert_int_equal(at.stepped, 1);
	assert_int_equal(at.raced, 0);
	assert_int_equal(at.drawings, 1);
	play = bad_once;
	bad_order = "0000eee";
	bad_round = 0;
	expect(&safe, FAIL);
	how.order = "000e0ee";
	expect(&safe, PASS);
	allows = all_but_one;
	impossible = N;
	strict_mode = MODEL_STEPPED;
	expect(&safe, FAIL);
}

static void needs(void **state)
{
	static const struct {
		u32 need, cpus;
	} row[] = { { NEED_CPU2, 2 }, { NEED_CPU3, 3 }, { NEED_CPU4, 4 } };
	struct scenario s = safe;

	(void)state;
	play = right;
	s.needs = NEED_READ;
	expect(&s, PASS);
	machine.no_sva = "an IOMMU";
	expect(&s, SKIP);
	expect(&safe, PASS);
	/* Not good enough is a reason to skip, broken is not. */
	machine.trouble = "the IOMMU does not start";
	expect(&s, ERROR);
	expect(&safe, PASS);
	machine.no_sva = NULL;
	expect(&s, ERROR);
	assert_int_equal(at.opened, 0);
	machine.trouble = NULL;
	engine.can = DMA_WRITE;
	expect(&s, SKIP);
	s.needs = NEED_WRITE;
	expect(&s, PASS);
	s.needs = NEED_WRITE_ANY;
	expect(&s, SKIP);
	s.needs = NEED_WRITE | NEED_MARKS;
	expect(&s, SKIP);
	machine.marks = true;
	s.needs = NEED_WRITE_ANY | NEED_MARKS;
	expect(&s, SKIP);
	s.needs = NEED_WRITE | NEED_MARKS;
	expect(&s, PASS);
	/* A real one whose walks do not snoop sets neither, and refuses. */
	qemu = false;
	expect(&s, SKIP);
	machine.walks_snoop = true;
	expect(&s, PASS);
	qemu = true;
	machine.marks = machine.walks_snoop = false;
	s.needs = NEED_ATS;
	expect(&s, SKIP);
	engine.can |= DMA_ATS;
	expect(&s, PASS);
	machine.trouble = "a DMA engine does not work";
	expect(&s, ERROR);
	machine.trouble = NULL;
	s.needs = NEED_PRI;
	expect(&s, SKIP);
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++)
		for (cpu_count = 1; cpu_count <= 4; cpu_count++) {
			s.needs = row[i].need;
			expect(&s, cpu_count < row[i].cpus ? SKIP : PASS);
		}
}

static void facts(void **state)
{
	struct scenario s = safe;

	(void)state;
	machine.facts[FACT_IOTLB_KEEPS] = false;
	s.control[0].shows = NULL;
	s.shown_by = CACHE_IOTLB;
	s.fact.which = FACT_IOTLB_KEEPS;
	s.fact.claim = SHOWS(two_is_old);
	s.forbid[2] = NULL;
	play = shows_late;
	shows_stepped = true;
	shows_racing = false;
	late = TRIES;
	expect(&s, WEAK);
	assert_false(machine.facts[FACT_IOTLB_KEEPS]);
	late = 3;
	expect(&s, PASS);
	assert_true(machine.facts[FACT_IOTLB_KEEPS]);
	/* Not to see it is an answer too. */
	s.fact.either = EITHER;
	play = none_is_old;
	machine.facts[FACT_IOTLB_KEEPS] = false;
	expect(&s, PASS);
	assert_false(machine.facts[FACT_IOTLB_KEEPS]);
	/* A control says nothing of the platform. */
	play = right;
	s.control[0] = safe.control[0];
	expect(&s, PASS);
	assert_false(machine.facts[FACT_IOTLB_KEEPS]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_pass, set_up),
		cmocka_unit_test_setup(one_is_enough_to_fail, set_up),
		cmocka_unit_test_setup(every_claim_is_looked_at, set_up),
		cmocka_unit_test_setup(modes, set_up),
		cmocka_unit_test_setup(a_race_ends_in_time, set_up),
		cmocka_unit_test_setup(the_impossible, set_up),
		cmocka_unit_test_setup(a_replay, set_up),
		cmocka_unit_test_setup(needs, set_up),
		cmocka_unit_test_setup(facts, set_up),
	};

	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}
