/* From executions to evidence: whatever a machine shows, is the verdict the right one? A test plays the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/played_case.h"
#include "tests/scenario.h"

/* Two agents: a CPU that clears, flushes and tells it, and a device. Two observations and what they may not be. */
OBSERVE(ONE, TWO)
#define CPU_STEPS(step)         \
	step(1, pte_clear, A)   \
	step(2, cpu_flush, A)   \
	step(3, iommu_flush, A) \
	step(4, tell, E)
#define DEVICE_STEPS(step)        \
	step(1, dma_read, A, ONE) \
	step(2, heed, C0)         \
	step(3, dma_read, A, TWO)
LISTING(CPU)
LISTING(DEVICE)
CLAIM(one_is_old, saw(ONE) == O)
CLAIM(two_is_old, saw(TWO) == O)
CLAIM(two_comes_last, saw(TWO) == O && after(E, 3, C0, 1))
CLAIM(never, saw(ONE) == Y)

static const struct scenario safe = {
	.id = "A99",
	.agents = { RUNS(C0, CPU), RUNS(E, DEVICE) },
	.forbid = { FORBID(never), FORBID(never), FORBID(two_is_old) },
	.control = { WITHOUT(C0, 3, two_is_old), WITHOUT(C0, 2, one_is_old) },
};
static const struct scenario unsafe = {
	.id = "A98",
	.agents = { RUNS(C0, CPU), RUNS(E, DEVICE) },
	.forbid = { FORBID(one_is_old) },
	.shows = SHOWS(two_is_old),
	.shown_by = CACHE_IOTLB,
};

static struct how how;
static struct evidence e;

static enum verdict judged(const struct scenario *s)
{
	memset(&at, 0, sizeof at);
	memset(&e, 0, sizeof e);
	case_run(s, &how, &e);
	assert_int_equal(at.opened, at.closed);
	return verdict(&e);
}
#define expect(s, v) assert_string_equal(verdict_name(judged(s)), verdict_name(v))

/* Without its tell the device waits for ever. */
static bool has(const struct scenario *s, unsigned no)
{
	for (unsigned i = 0; i < s->agents[C0].count; i++)
		if (s->agents[C0].steps[i].no == no)
			return true;
	return false;
}
static bool tells(const struct scenario *s) { return has(s, 4); }

static bool allows_all(const struct outcome *seen, enum model_mode mode)
{
	(void)seen;
	(void)mode;
	return true;
}

static int set_up(void **state)
{
	(void)state;
	machine =
		(struct machine){ .facts = { [FACT_TLB_KEEPS] = true, [FACT_IOTLB_KEEPS] = true } };
	engine = (struct dma_engine){ .can = DMA_READ | DMA_WRITE };
	how = (struct how){ .name = "x", .loud = true, .rounds = 8 };
	qemu = tcg = expects = true;
	cpu_count = 2;
	trouble = TROUBLE_NONE;
	allows = allows_all;
	ends = tells;
	model_wrong[MODEL_STEPPED] = model_wrong[MODEL_RACING] = NULL;
	way = NULL;
	listed = NULL;
	listed_modes = DEVIATES_STEPPED | DEVIATES_RACING;
	return 0;
}

static bool is_whole(const struct scenario *s)
{
	return s->agents[C0].count == ARRAY_SIZE(CPU_steps);
}

/* As it should be: what protects, protects, and is missed when it is left out. */
static int right(const struct scenario *s, const char *order, struct outcome *seen)
{
	(void)order;
	seen->saw[ONE] = has(s, 2) ? N : O;
	seen->saw[TWO] = has(s, 3) ? N : O;
	return ORDER_RAN;
}

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

/* Bad in one order, or in one round. */
static const char *bad_order;
static unsigned bad_round;
static int bad_once(const struct scenario *s, const char *order, struct outcome *seen)
{
	right(s, order, seen);
	if (is_whole(s) && (order ? bad_order && !strcmp(order, bad_order) : at.raced == bad_round))
		seen->saw[TWO] = O;
	return ORDER_RAN;
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

/* Does not see that this step is left out, in these modes. */
static unsigned blind_step;
static bool blind_stepped, blind_racing;
static int blind_to_one(const struct scenario *s, const char *order, struct outcome *seen)
{
	bool blind = (order ? blind_stepped : blind_racing) && !has(s, blind_step);

	return right(blind ? &safe : s, order, seen);
}

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

static int blind(const struct scenario *s, const char *order, struct outcome *seen)
{
	(void)s;
	return right(&safe, order, seen);
}

static void a_race_ends_in_time(void **state)
{
	(void)state;
	play = right;
	how.rounds = 1000000;
	expect(&safe, PASS);
	assert_int_equal(at.raced, RACE_MS + 2);
	play = blind;
	expect(&safe, WEAK);
	assert_int_equal(at.raced, RACE_MS + 2 * CONTROL_MS);
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

static unsigned late; /* from this attempt on */
static bool shows_stepped, shows_racing;
static int shows_late(const struct scenario *s, const char *order, struct outcome *seen)
{
	bool it = order ? shows_stepped && at.attempt >= late && !strcmp(order, "0000eee")
			: shows_racing && at.raced == 5;

	(void)s;
	seen->saw[ONE] = N;
	seen->saw[TWO] = it ? O : N;
	return ORDER_RAN;
}

static void a_hazard_must_be_shown(void **state)
{
	struct scenario s = unsafe;

	(void)state;
	play = shows_late;
	shows_stepped = true;
	shows_racing = false;
	late = TRIES - 1;
	expect(&unsafe, PASS);
	assert_int_equal(e.hazard_absent, false);
	late = TRIES;
	expect(&unsafe, WEAK);
	assert_true(e.hazard_absent);
	shows_racing = true;
	expect(&unsafe, PASS);
	/* Rounds go on: they are there to find what is forbidden too. */
	assert_int_equal(at.raced, how.rounds);
	how.rounds = 4;
	expect(&unsafe, WEAK);
	late = 0;
	how.order = "0000eee";
	expect(&unsafe, PASS);
	assert_int_equal(at.stepped, 1);
	how.order = "000e0ee";
	expect(&unsafe, WEAK);
	/* What C01 never saw need not be tried again. */
	machine.facts[FACT_IOTLB_KEEPS] = false;
	expect(&unsafe, WEAK);
	assert_int_equal(at.stepped, 1);
	s.shown_by = CACHE_TLB;
	expect(&s, WEAK);
	assert_int_equal(at.stepped, TRIES);
	machine.facts[FACT_TLB_KEEPS] = false;
	expect(&s, WEAK);
	assert_int_equal(at.stepped, 1);
}

static int shows_and_breaks(const struct scenario *s, const char *order, struct outcome *seen)
{
	(void)s;
	(void)order;
	seen->saw[ONE] = seen->saw[TWO] = O;
	return ORDER_RAN;
}

static void a_shown_hazard_excuses_nothing(void **state)
{
	(void)state;
	play = shows_and_breaks;
	for (how.mode = MODE_BOTH; how.mode <= MODE_RACE; how.mode++)
		expect(&unsafe, FAIL);
}

/* The model knows better than claims: in each program, in each mode. */
static enum model_mode strict_mode;
static u8 impossible;
static bool all_but_one(const struct outcome *seen, enum model_mode mode)
{
	/* What a race cannot show stepping cannot either. */
	return mode > strict_mode || seen->saw[ONE] != impossible;
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

/* Who may forget: no emulation its IOTLB, TCG not its TLB, a real machine either. */
static void excuses(void **state)
{
	static const struct {
		bool qemu, tcg, tlb, iotlb; /* excused */
	} row[] = { { true, true, false, false },
		    { true, false, true, false },
		    { false, false, true, true } };

	(void)state;
	blind_stepped = blind_racing = true;
	shows_stepped = shows_racing = false;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		qemu = row[i].qemu;
		tcg = row[i].tcg;
		play = blind_to_one;
		for (blind_step = 2; blind_step <= 3; blind_step++) {
			expect(&safe, WEAK);
			assert_int_equal(e.no_power != NULL,
					 blind_step == 2 ? row[i].tlb : row[i].iotlb);
		}
		play = shows_late;
		expect(&unsafe, WEAK);
		assert_int_equal(e.no_power != NULL, row[i].iotlb);
	}
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

/* What the profile that fits this platform never does is no fault of the test. */
static void what_is_known_of_the_platform(void **state)
{
	(void)state;
	play = blind_to_one;
	blind_stepped = blind_racing = true;
	blind_step = 3;
	expects = false;
	expect(&safe, WEAK);
	assert_non_null(e.no_power);
	/* It does not fit: then nothing is known. */
	machine.facts[FACT_IOTLB_DROPS] = true;
	expect(&safe, WEAK);
	assert_null(e.no_power);
}

static void an_excuse_is_not_for_another(void **state)
{
	struct scenario other = safe;

	(void)state;
	play = blind;
	tcg = false;
	expect(&safe, WEAK);
	assert_null(e.no_power);
	other.control[0] = safe.control[1];
	other.control[1] = safe.control[0];
	expect(&other, WEAK);
	assert_null(e.no_power);
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
	machine.marks = false;
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

static int none_is_old(const struct scenario *s, const char *order, struct outcome *seen)
{
	(void)s;
	(void)order;
	seen->saw[ONE] = seen->saw[TWO] = N;
	return ORDER_RAN;
}

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

/* Known: what is listed of this platform for this mode. In the first two claims of `broken` it is what right() shows. */
static const struct deviation sees_n = { .what = "it sees N" };
CLAIM(one_is_new, saw(ONE) == N)
CLAIM(one_is_lost, saw(ONE) == X)

static void known_deviations(void **state)
{
	struct scenario broken = safe;

	(void)state;
	play = right;
	broken.forbid[0] = FORBID(one_is_new);
	expect(&broken, FAIL);
	listed = &sees_n;
	listed_symbol = N;
	expect(&broken, KNOWN);
	assert_string_equal(e.deviation, "it sees N");
	assert_int_equal(e.deviating, e.runs);
	/* Nothing else is known. */
	listed_symbol = O;
	expect(&broken, FAIL);
	listed_symbol = N;
	/* Only in its mode. */
	listed_modes = DEVIATES_STEPPED;
	expect(&broken, FAIL);
	assert_true(e.forbidden == 1 && e.deviating);
	how.mode = MODE_STEP;
	expect(&broken, KNOWN);
	listed_modes = DEVIATES_RACING;
	expect(&broken, FAIL);
	how.mode = MODE_RACE;
	expect(&broken, KNOWN);
	/* The model's word is broken like a claim. */
	listed_modes = DEVIATES_STEPPED | DEVIATES_RACING;
	allows = all_but_one;
	impossible = N;
	strict_mode = MODEL_RACING;
	reaches = true;
	expect(&safe, KNOWN);
	/* And what it makes of a control is no news, if it can make that of it; of this it was not known. */
	assert_int_equal(e.deviating, how.rounds);
	reaches = false;
	expect(&safe, KNOWN);
	assert_true(e.deviating > how.rounds);
}

/* Whatever else is seen beside it is as bad as ever. */
static void a_deviation_excuses_no_other(void **state)
{
	struct scenario broken = safe;

	(void)state;
	listed = &sees_n;
	listed_symbol = N;
	broken.forbid[0] = FORBID(one_is_new);
	broken.forbid[1] = FORBID(one_is_old);
	play = right;
	expect(&broken, KNOWN);
	play = shows_and_breaks;
	expect(&broken, FAIL);
	play = blind;
	expect(&broken, WEAK);
	/* The same outcome, but not from the machine as it is: a control may show it, and need not. */
	play = right;
	trouble = TROUBLE_CLOSE;
	expect(&broken, ERROR);
}

/* What is listed is looked for longer than what nobody knows, until it is seen. */
static int seen_late(const struct scenario *s, const char *order, struct outcome *seen)
{
	right(s, order, seen);
	if (!order && at.raced == RACE_MS + 100)
		seen->saw[ONE] = X;
	return ORDER_RAN;
}

static void a_deviation_is_looked_for(void **state)
{
	struct scenario broken = safe;

	(void)state;
	how.rounds = 0;
	play = seen_late;
	broken.forbid[0] = FORBID(one_is_lost);
	broken.control[0].shows = NULL;
	expect(&broken, PASS);
	assert_int_equal(at.raced, RACE_MS);
	listed = &sees_n;
	listed_symbol = X;
	listed_modes = DEVIATES_RACING;
	expect(&broken, KNOWN);
	assert_int_equal(at.raced, RACE_MS + 100);
	play = right;
	expect(&broken, PASS);
	assert_int_equal(at.raced, RACE_MS + KNOWN_MS);
	assert_non_null(e.deviation);
	/* One of orders is not of races. */
	listed_modes = DEVIATES_STEPPED;
	expect(&broken, PASS);
	assert_int_equal(at.raced, RACE_MS);
	/* Who says how many means it. */
	listed_modes = DEVIATES_RACING;
	how.rounds = 7;
	expect(&broken, PASS);
	assert_int_equal(at.raced, 7);
}

/* One that is listed and not seen: the list is out of date. */
static void a_deviation_that_is_gone(void **state)
{

	(void)state;
	listed = &sees_n;
	listed_symbol = N;
	play = right;
	expect(&safe, PASS);
	assert_string_equal(e.deviation, "it sees N");
	for (listed_modes = DEVIATES_STEPPED; listed_modes <= DEVIATES_RACING; listed_modes++)
		for (how.mode = MODE_BOTH; how.mode <= MODE_RACE; how.mode++) {
			bool looked = how.mode == MODE_BOTH ||
				      (how.mode == MODE_STEP) == (listed_modes == DEVIATES_STEPPED);

			expect(&safe, PASS);
			assert_int_equal(e.deviation != NULL, looked);
		}
	/* Nobody looked. */
	listed_modes = DEVIATES_STEPPED | DEVIATES_RACING;
	how.replay = true;
	how.mode = MODE_BOTH;
	how.order = "0000eee";
	expect(&safe, PASS);
	assert_null(e.deviation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_pass, set_up),
		cmocka_unit_test_setup(one_is_enough_to_fail, set_up),
		cmocka_unit_test_setup(every_claim_is_looked_at, set_up),
		cmocka_unit_test_setup(a_control_must_go_wrong, set_up),
		cmocka_unit_test_setup(a_control_is_shown_by_either_mode, set_up),
		cmocka_unit_test_setup(modes, set_up),
		cmocka_unit_test_setup(a_race_ends_in_time, set_up),
		cmocka_unit_test_setup(a_control_takes_the_order, set_up),
		cmocka_unit_test_setup(a_control_is_looked_for_where_the_model_says, set_up),
		cmocka_unit_test_setup(a_control_without_its_step, set_up),
		cmocka_unit_test_setup(trouble_is_an_error, set_up),
		cmocka_unit_test_setup(trouble_excuses_nothing, set_up),
		cmocka_unit_test_setup(a_hazard_must_be_shown, set_up),
		cmocka_unit_test_setup(a_shown_hazard_excuses_nothing, set_up),
		cmocka_unit_test_setup(the_impossible, set_up),
		cmocka_unit_test_setup(a_replay, set_up),
		cmocka_unit_test_setup(excuses, set_up),
		cmocka_unit_test_setup(what_a_control_rests_on, set_up),
		cmocka_unit_test_setup(what_is_known_of_the_platform, set_up),
		cmocka_unit_test_setup(an_excuse_is_not_for_another, set_up),
		cmocka_unit_test_setup(needs, set_up),
		cmocka_unit_test_setup(a_dead_lock, set_up),
		cmocka_unit_test_setup(a_dead_lock_as_control, set_up),
		cmocka_unit_test_setup(a_dead_lock_as_hazard, set_up),
		cmocka_unit_test_setup(what_blocks_shows_nothing, set_up),
		cmocka_unit_test_setup(facts, set_up),
		cmocka_unit_test_setup(known_deviations, set_up),
		cmocka_unit_test_setup(a_deviation_excuses_no_other, set_up),
		cmocka_unit_test_setup(a_deviation_is_looked_for, set_up),
		cmocka_unit_test_setup(a_deviation_that_is_gone, set_up),
	};

	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}
