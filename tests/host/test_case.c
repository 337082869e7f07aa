/* From executions to evidence: whatever a machine shows, is the verdict the right one? A test plays the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The model is played too: it allows what is in here, or everything. */
#define oracle_ask   played_model
#define outcomes_has played_allows
#include "tests/case.c"
#include "tests/oracle.h"
#undef oracle_ask
#undef outcomes_has
static const char *model_wrong;
static bool model_allows = true;
void played_model(struct oracle *o, const struct scenario *s, const char *order,
		  enum model_mode mode)
{
	(void)s;
	(void)order;
	(void)mode;
	o->wrong = model_wrong;
}
bool played_allows(const struct outcomes *o, const struct outcome *seen)
{
	(void)o;
	(void)seen;
	return model_allows;
}

struct machine machine;
u32 cpu_count = 2;
static bool qemu = true, tcg = true;
static struct dma_engine engine;

/* What an execution shows: order, step left out (agent AGENTS: none), attempt; false: trouble. */
static bool (*play)(const char *order, unsigned agent, unsigned step, struct outcome *seen);
static unsigned attempt, executions;

bool power_is_qemu(void) { return qemu; }
bool power_is_tcg(void) { return tcg; }
void note(const char *fmt, ...) { (void)fmt; }
void watchdog_again(void) {}
void machine_report(void) {}
static unsigned restarts;
void machine_restart(struct dma_engine *e) { restarts += e == &engine; }
void report_drawing(const struct run *r, const char *order, enum agent_id agent, u8 step)
{
	(void)r;
	(void)order;
	(void)agent;
	(void)step;
}
void report_seen(const struct run *r) { (void)r; }
void report_places(const struct run *r) { (void)r; }
void run_tables(void) {}
void run_attempt(unsigned n) { attempt = n; }
void run_open(struct run *r) { r->trouble[0] = 0; }
bool run_close(struct run *r) { return !r->trouble[0]; }
void run_place_agents(struct run *r, const struct scenario *s) { r->scenario = s; }
struct dma_engine *machine_engine(u32 can) { return (engine.can & can) == can ? &engine : NULL; }
bool run_order(struct run *r, const char *order, enum agent_id agent, u8 step)
{
	executions++;
	memset(&r->seen, 0, sizeof r->seen);
	return play(order, agent, step, &r->seen);
}

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

static enum verdict judged(const struct scenario *s, const char *order)
{
	struct evidence e = { 0 };

	executions = 0;
	case_run(s, order, false, "x", true, &e);
	return verdict(&e);
}
#define expect(s, v) assert_string_equal(verdict_name(judged(s, NULL)), verdict_name(v))

static int set_up(void **state)
{
	(void)state;
	machine =
		(struct machine){ .facts = { [FACT_TLB_KEEPS] = true, [FACT_IOTLB_KEEPS] = true } };
	engine = (struct dma_engine){ .can = DMA_READ | DMA_WRITE };
	qemu = tcg = true;
	cpu_count = 2;
	return 0;
}

/* As it should be: what protects, protects, and is missed when it is left out. */
static bool right(const char *order, unsigned agent, unsigned step, struct outcome *seen)
{
	(void)order;
	seen->saw[ONE] = agent == C0 && step
	== 2 ? O : N;
	seen->saw[TWO] = agent == C0 && step
	== 3 ? O : N;
	return true;
}

static void a_pass(void **state)
{
	(void)state;
	play = right;
	expect(&safe, PASS);
	/* In one order: it, and one execution a control. */
	assert_int_equal(judged(&safe, "0000eee"), PASS);
	assert_int_equal(executions, 3);
}

static const char *bad_order;
static bool bad_in_one_order(const char *order, unsigned agent, unsigned step, struct outcome *seen)
{
	right(order, agent, step, seen);
	if (agent == AGENTS && !strcmp(order, bad_order))
		seen->saw[TWO] = O;
	return true;
}

static void one_order_is_enough_to_fail(void **state)
{
	static const char *const orders[] = { "0000eee", "000e0ee", "00e00ee", "0e000ee",
					      "e0000ee" };

	(void)state;
	play = bad_in_one_order;
	for (unsigned i = 0; i < ARRAY_SIZE(orders); i++) {
		bad_order = orders[i];
		expect(&safe, FAIL);
	}
	bad_order = "none";
	expect(&safe, PASS);
}

static void every_claim_is_looked_at(void **state)
{
	(void)state;
	play = bad_in_one_order;
	bad_order = "e0000ee";
	for (unsigned i = 0; i < CLAIMS; i++) {
		struct scenario s = safe;

		for (unsigned c = 0; c < CLAIMS; c++)
			s.forbid[c] = c == i ? (struct claim)FORBID(two_is_old)
					     : (struct claim)FORBID(never);
		expect(&s, FAIL);
	}
}

static unsigned blind_step;
static bool blind_to_one(const char *order, unsigned agent, unsigned step, struct outcome *seen)
{
	if (agent == C0 && step == blind_step)
		agent = AGENTS;
	return right(order, agent, step, seen);
}

static void a_control_must_go_wrong(void **state)
{
	(void)state;
	play = blind_to_one;
	for (blind_step = 1; blind_step <= 4; blind_step++) {
		struct evidence e = { 0 };

		case_run(&safe, NULL, false, "x", true, &e);
		assert_int_equal(verdict(&e), blind_step == 2 || blind_step == 3 ? WEAK : PASS);
		assert_null(e.no_power);
	}
	/* Each of as many as there may be. */
	blind_step = 3;
	for (unsigned i = 0; i < CONTROLS; i++) {
		struct scenario s = safe;

		for (unsigned c = 0; c < CONTROLS; c++) {
			s.control[c].change.agent = C0;
			s.control[c].change.step
			= c == i ? 3 : 2;
			s.control[c].shows = c == i ? (struct claim)SHOWS(two_is_old)
						    : (struct claim)SHOWS(one_is_old);
		}
		expect(&s, WEAK);
	}
}

static void a_control_without_its_step(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = right;
	s.control[1].change.step
	= 5;
	expect(&s, ERROR);
}

static unsigned trouble_agent, trouble_step;
static bool troubled(const char *order, unsigned agent, unsigned step, struct outcome *seen)
{
	right(order, agent, step, seen);
	return agent != trouble_agent || step
	!= trouble_step;
}

static void trouble_is_an_error(void **state)
{
	(void)state;
	play = troubled;
	trouble_agent = AGENTS;
	trouble_step = 0;
	expect(&safe, ERROR);
	expect(&unsafe, ERROR);
	trouble_agent = C0;
	for (trouble_step = 2; trouble_step <= 3; trouble_step++)
		expect(&safe, ERROR);
	trouble_step = 1;
	expect(&safe, PASS);
	/* The engine, if there is one, is put right for those that follow. */
	struct scenario s = safe;

	trouble_agent = AGENTS;
	trouble_step = restarts = 0;
	expect(&s, ERROR);
	assert_int_equal(restarts, 0);
	s.needs = NEED_READ;
	expect(&s, ERROR);
	assert_int_equal(restarts, 1);
}

static unsigned late;
static bool shows_late(const char *order, unsigned agent, unsigned step, struct outcome *seen)
{
	(void)agent;
	(void)step;
	seen->saw[ONE] = N;
	seen->saw[TWO] = attempt >= late && !strcmp(order, "0000eee") ? O : N;
	return true;
}

static void a_hazard_must_be_shown(void **state)
{
	(void)state;
	play = shows_late;
	late = TRIES - 1;
	expect(&unsafe, PASS);
	late = TRIES;
	expect(&unsafe, WEAK);
	late = 0;
	assert_int_equal(judged(&unsafe, "0000eee"), PASS);
	assert_int_equal(judged(&unsafe, "000e0ee"), WEAK);
}

static bool shows_and_breaks(const char *order, unsigned agent, unsigned step, struct outcome *seen)
{
	(void)order;
	(void)agent;
	(void)step;
	seen->saw[ONE] = seen->saw[TWO] = O;
	return true;
}

/* Somebody wants to see one order: nothing need be shown, and no control runs; what is forbidden stays so. */
/* The model knows better than claims. */
static void the_impossible(void **state)
{
	(void)state;
	play = right;
	model_allows = false;
	expect(&safe, FAIL);
	model_allows = true;
	model_wrong = "it does not end";
	expect(&safe, ERROR);
	model_wrong = NULL;
	expect(&safe, PASS);
}

static void a_replay(void **state)
{
	struct evidence e = { 0 };

	(void)state;
	play = shows_late;
	late = TRIES;
	executions = 0;
	case_run(&unsafe, "0000eee", true, "x", true, &e);
	assert_int_equal(verdict(&e), PASS);
	assert_int_equal(executions, 1);
	play = bad_in_one_order;
	bad_order = "0000eee";
	case_run(&safe, "000e0ee", true, "x", true, &e);
	assert_int_equal(verdict(&e), PASS);
	case_run(&safe, "0000eee", true, "x", true, &e);
	assert_int_equal(verdict(&e), FAIL);
}

static void a_shown_hazard_excuses_nothing(void **state)
{
	(void)state;
	play = shows_and_breaks;
	expect(&unsafe, FAIL);
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
	play = blind_to_one;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		qemu = row[i].qemu;
		tcg = row[i].tcg;
		for (blind_step = 2; blind_step <= 3; blind_step++) {
			struct evidence e = { 0 };

			case_run(&safe, NULL, false, "x", true, &e);
			assert_int_equal(verdict(&e), WEAK);
			assert_int_equal(e.no_power != NULL,
					 blind_step == 2 ? row[i].tlb : row[i].iotlb);
		}
		struct evidence e = { 0 };

		play = shows_late;
		late = TRIES;
		case_run(&unsafe, NULL, false, "x", true, &e);
		assert_int_equal(e.no_power != NULL, row[i].iotlb);
		play = blind_to_one;
	}
}

static bool blind_to_all(const char *order, unsigned agent, unsigned step, struct outcome *seen)
{
	(void)agent;
	(void)step;
	return right(order, AGENTS, 0, seen);
}

static void an_excuse_is_not_for_another(void **state)
{
	struct scenario other = safe;
	struct evidence e = { 0 };

	(void)state;
	play = blind_to_all;
	tcg = false;
	case_run(&safe, NULL, false, "x", true, &e);
	assert_int_equal(verdict(&e), WEAK);
	assert_null(e.no_power);
	other.control[0] = safe.control[1];
	other.control[1] = safe.control[0];
	e = (struct evidence){ 0 };
	case_run(&other, NULL, false, "x", true, &e);
	assert_null(e.no_power);
}

static void needs(void **state)
{
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
	machine.trouble = NULL;
	engine.can = DMA_WRITE;
	expect(&s, SKIP);
	s.needs = NEED_WRITE;
	expect(&s, PASS);
	s.needs = NEED_WRITE_ANY;
	expect(&s, SKIP);
	s.needs = NEED_CPU2;
	expect(&s, PASS);
	cpu_count = 1;
	expect(&s, SKIP);
}

#define STUCK_STEPS(step) step(1, heed, E)
LISTING(STUCK)
static void a_dead_lock(void **state)
{
	struct scenario s = safe;

	(void)state;
	play = right;
	s.agents[C0] = (struct agent){ "C0", STUCK_steps, 1, STUCK_step, STUCK_race };
	s.control[0].shows.is_seen = NULL;
	expect(&s, ERROR);
}

static void facts(void **state)
{
	struct scenario s = safe;

	(void)state;
	machine.facts[FACT_IOTLB_KEEPS] = false;
	s.control[0].shows.is_seen = NULL;
	s.shown_by = CACHE_IOTLB;
	s.fact.which = FACT_IOTLB_KEEPS;
	s.fact.claim = (struct claim)SHOWS(two_is_old);
	s.forbid[0].is_seen = NULL;
	play = shows_late;
	late = TRIES;
	expect(&s, WEAK);
	assert_false(machine.facts[FACT_IOTLB_KEEPS]);
	late = 3;
	expect(&s, PASS);
	assert_true(machine.facts[FACT_IOTLB_KEEPS]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_pass, set_up),
		cmocka_unit_test_setup(one_order_is_enough_to_fail, set_up),
		cmocka_unit_test_setup(every_claim_is_looked_at, set_up),
		cmocka_unit_test_setup(a_control_must_go_wrong, set_up),
		cmocka_unit_test_setup(a_control_without_its_step, set_up),
		cmocka_unit_test_setup(trouble_is_an_error, set_up),
		cmocka_unit_test_setup(a_hazard_must_be_shown, set_up),
		cmocka_unit_test_setup(the_impossible, set_up),
		cmocka_unit_test_setup(a_replay, set_up),
		cmocka_unit_test_setup(a_shown_hazard_excuses_nothing, set_up),
		cmocka_unit_test_setup(excuses, set_up),
		cmocka_unit_test_setup(an_excuse_is_not_for_another, set_up),
		cmocka_unit_test_setup(needs, set_up),
		cmocka_unit_test_setup(a_dead_lock, set_up),
		cmocka_unit_test_setup(facts, set_up),
	};

	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}
