/* From executions to evidence: a control must go wrong, in whatever mode, and trouble is nobody's excuse. */
#include "tests/host/played_scenario.h"

static void a_control_must_go_wrong(void **state)
{
	(void)state;
	play = blind_to_one;
	blind_stepped = blind_racing = true;
	for (blind_step = 1; blind_step <= 4; blind_step++) {
		bool needed = blind_step == 2 || blind_step == 3;

		expect(&safe, needed ? WEAK : PASS);
		assert_null(e.no_power);
		assert_int_equal(e.control_absent, needed);
	}
	/* Each of as many as there may be. */
	blind_step = 3;
	for (unsigned i = 0; i < CONTROLS; i++) {
		struct scenario s = safe;

		for (unsigned c = 0; c < CONTROLS; c++)
			s.control[c] = safe.control[c != i];
		expect(&s, WEAK);
	}
}

/* In any mode that is asked for. */
static void a_control_is_shown_by_either_mode(void **state)
{
	(void)state;
	play = blind_to_one;
	blind_step = 3;
	for (unsigned i = 0; i < 4; i++) {
		blind_stepped = i & 1;
		blind_racing = i & 2;
		how.mode = MODE_BOTH;
		expect(&safe, i == 3 ? WEAK : PASS);
		/* Shown or not in one mode, the other looks for itself; less long than for what is forbidden. */
		assert_int_equal(at.raced,
				 how.rounds + 1 +
					 (blind_racing ? how.rounds / CONTROL_ROUNDS + 1 : 1));
		how.mode = MODE_STEP;
		expect(&safe, i & 1 ? WEAK : PASS);
		/* What a race does not show it may not have come to. */
		how.mode = MODE_RACE;
		expect(&safe, i & 2 ? WEAK : PASS);
		assert_int_equal(e.no_power != NULL, (i & 2) != 0);
	}
}

/* Whose order a control has: the named one, without the letter of what is left out. */
static const char *control_order;
static int sees_orders(const struct scenario *s, const char *order, struct outcome *seen)
{
	if (!is_whole(s))
		control_order = order;
	return right(s, order, seen);
}

static void a_control_takes_the_order(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = sees_orders;
	s.orders[0].order = how.order = "00e0 0ee";
	s.control[1].shows = NULL;
	expect(&s, PASS);
	assert_string_equal(control_order, "00e0ee");
}

static const char *shown_in;
static unsigned control_orders;
static int shows_in_one_order(const struct scenario *s, const char *order, struct outcome *seen)
{
	control_orders += !is_whole(s);
	return !strcmp(order, shown_in) ? right(s, order, seen) : blind(s, order, seen);
}

/* The model says where; if it is wrong the machine is asked about every order as before. */
static void a_control_is_looked_for_where_the_model_says(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = shows_in_one_order;
	s.control[1].shows = NULL;
	how.mode = MODE_STEP;
	way = shown_in = "e000ee";
	control_orders = 0;
	expect(&s, PASS);
	assert_int_equal(control_orders, 1);
	way = "000eee";
	control_orders = 0;
	expect(&s, PASS);
	assert_true(control_orders > 2);
	/* One that is not what the machine shows is no evidence. */
	shown_in = "none";
	expect(&s, WEAK);
}

static void a_control_without_its_step(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = right;
	s.control[1].change.no = 5;
	expect(&s, ERROR);
	s.control[1].change = (struct change){ C0, 2, 9 };
	expect(&s, ERROR);
	s.control[1].change = (struct change){ C0, 0, 0 };
	expect(&s, ERROR);
	s.control[1].change = (struct change){ AGENTS, 1, 0 };
	expect(&s, ERROR);
}

/* Which program, in which mode, does not come to its end. */
static unsigned troubled_without; /* 0: the scenario as it is */
static bool troubled_race;
static int troubled(const struct scenario *s, const char *order, struct outcome *seen)
{
	bool it = troubled_without ? !has(s, troubled_without) : is_whole(s);

	/* What is seen until then counts for nothing. */
	right(s, order, seen);
	return it && troubled_race == !order ? ORDERS_STOP : ORDER_RAN;
}

static void trouble_is_an_error(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = troubled;
	s.needs = NEED_READ;
	for (unsigned i = 0; i < 2; i++) {
		troubled_race = i;
		for (troubled_without = 0; troubled_without <= 3; troubled_without++) {
			bool met = troubled_without != 1;

			expect(&s, met ? ERROR : PASS);
			/* The engine is put right for those that follow. */
			assert_int_equal(at.restarts, met);
			expect(&safe, met ? ERROR : PASS);
			assert_int_equal(at.restarts, 0);
		}
		troubled_without = 0;
		expect(&unsafe, ERROR);
		/* One is enough. */
		assert_in_range(at.opened, 1, troubled_race ? TRIES + 1 : 1);
	}
	play = right;
	for (trouble = TROUBLE_OPEN; trouble < TROUBLES; trouble++) {
		expect(&s, ERROR);
		assert_int_equal(at.restarts, trouble != TROUBLE_CLOSE);
		how.mode = MODE_RACE;
		expect(&safe, trouble == TROUBLE_END ? PASS : ERROR);
		how.mode = MODE_BOTH;
	}
	trouble = TROUBLE_NONE;
	expect(&safe, PASS);
}

/* Where trouble comes after what is forbidden was seen, it does not excuse it. */
static void trouble_excuses_nothing(void **state)
{
	(void)state;
	play = bad_once;
	bad_order = "0000eee";
	for (trouble = TROUBLE_END; trouble < TROUBLES; trouble++)
		expect(&safe, FAIL);
}

/* A control may say what it rests on, where its step does not. */
static void what_a_control_rests_on(void **state)
{
	static const struct {
		u32 by;
		unsigned no;
		bool excused;
	} row[] = { { 0, 1, true },
		    { 0, 2, true },
		    { 0, 3, false },
		    { CACHE_TLB, 1, true },
		    { CACHE_TLB, 3, true },
		    { CACHE_IOTLB, 2, false },
		    { CACHE_STORES, 1, true },
		    { CACHE_TLB | CACHE_IOTLB, 1, true } };
	struct scenario s = safe;

	(void)state;
	tcg = false;
	play = blind_to_one;
	blind_stepped = blind_racing = true;
	s.control[1].shows = NULL;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		blind_step = row[i].no;
		s.control[0].change.no = (u8)row[i].no;
		s.control[0].by = row[i].by;
		expect(&s, WEAK);
		assert_int_equal(e.no_power != NULL, row[i].excused);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_control_must_go_wrong, set_up),
		cmocka_unit_test_setup(a_control_is_shown_by_either_mode, set_up),
		cmocka_unit_test_setup(a_control_takes_the_order, set_up),
		cmocka_unit_test_setup(a_control_is_looked_for_where_the_model_says, set_up),
		cmocka_unit_test_setup(a_control_without_its_step, set_up),
		cmocka_unit_test_setup(what_a_control_rests_on, set_up),
		cmocka_unit_test_setup(trouble_is_an_error, set_up),
		cmocka_unit_test_setup(trouble_excuses_nothing, set_up),
	};

	return cmocka_run_group_tests_name("case control", tests, NULL, NULL);
}
