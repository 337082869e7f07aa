/* Shootdowns of all entries, by interrupts and without, and grace periods: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* A is P0, which holds O and has one reference, the mapping's. */
#define ONE_PAGE .maps = { { P0, RW } }, .content = { O, N }, .refs = { 1 }

#define SET_B_CR3_STEPS(step)       \
	step(1, pte_set, A, P1, RW) \
	step(2, pte_set, B, P1, RW) \
	step(3, cr3_load)           \
	step(4, load, A, R1)        \
	step(5, load, B, R2)
#define SET_B_ALL_STEPS(step)       \
	step(1, pte_set, A, P1, RW) \
	step(2, pte_set, B, P1, RW) \
	step(3, flush_all)          \
	step(4, load, A, R1)        \
	step(5, load, B, R2)
#define BROADCAST_STEPS(step)       \
	step(1, pte_set, A, P1, RW) \
	step(2, broadcast, A)       \
	step(3, load, A, R1)
LISTING(BROADCAST)
LISTING(SET_B_CR3)
LISTING(SET_B_ALL)

static void all_entries_of_a_cpu(void **state)
{
	const struct scenario one = { .agents = { RUNS(C0, BROADCAST) }, ONE_PAGE };
	const struct scenario cr3 = { .agents = { RUNS(C0, SET_B_CR3) },
				      .maps = { { P0, RW }, { P0, RW } },
				      .content = { O, N } };
	const struct scenario all = { .agents = { RUNS(C0, SET_B_ALL) },
				      .maps = { { P0, RW }, { P0, RW } },
				      .content = { O, N } };

	(void)state;
	expect(RACING(&cr3), false, "N N");
	expect(LEFT_OUT(&cr3, C0, 3), false, "N N,N O,O N,O O");
	expect(RACING(&all), false, "N N");
	expect(RACING(&one), false, "N");
}

#define UNMAP_FLUSH_STEPS(step) \
	step(1, pte_clear, A)   \
	step(2, cpu_flush, A)   \
	step(3, reuse, P0)
#define UNMAP_BROADCAST_STEPS(step) \
	step(1, pte_clear, A)       \
	step(2, broadcast, A)       \
	step(3, reuse, P0)
#define UNMAP_RCU_STEPS(step) \
	step(1, pte_clear, A) \
	step(2, rcu_start)    \
	step(3, rcu_wait)     \
	step(4, reuse, P0)
#define WALKER_STEPS(step)       \
	step(1, cli)             \
	step(2, pte_read, A, R1) \
	step(3, peek, P0, R2)    \
	step(4, sti)
#define WALKER_AGAIN_STEPS(step) \
	step(1, cli)             \
	step(2, sti)             \
	step(3, cli)             \
	step(4, pte_read, A, R1) \
	step(5, peek, P0, R2)    \
	step(6, sti)
LISTING(WALKER_AGAIN)
LISTING(UNMAP_FLUSH)
LISTING(UNMAP_BROADCAST)
LISTING(UNMAP_RCU)
LISTING(WALKER)

/*
 * A19, A20: who has seen P0 with interrupts off reads O: an IPI waits for the sti, and so does a grace period. A broadcast
 * does not. Who found nothing may read either.
 */
static void a_lockless_walker(void **state)
{
	const struct scenario ipi = { .agents = { RUNS(C0, UNMAP_FLUSH), RUNS(C1, WALKER) },
				      ONE_PAGE };
	const struct scenario all = { .agents = { RUNS(C0, UNMAP_BROADCAST), RUNS(C1, WALKER) },
				      ONE_PAGE };
	const struct scenario rcu = { .agents = { RUNS(C0, UNMAP_RCU), RUNS(C1, WALKER) },
				      ONE_PAGE };
	const struct scenario again = { .agents = { RUNS(C0, UNMAP_RCU), RUNS(C1, WALKER_AGAIN) },
					ONE_PAGE };
	const char *good = "P0 O,empty O,empty S", *bad = "P0 O,P0 S,empty O,empty S";

	(void)state;
	expect(RACING(&ipi), false, good);
	expect(STEPPED(&ipi), false, good);
	expect(RACING(&all), false, bad);
	expect(STEPPED(&all), false, bad);
	expect(RACING(&rcu), false, good);
	expect(STEPPED(&rcu), false, good);
	expect(RACING(&again), false, good);
	/* No wait; a snapshot before the clear; a section that is none. */
	expect(LEFT_OUT(&rcu, C0, 3), false, bad);
	expect(SWAP_OF(&rcu, C0, 1, 2), false, bad);
	expect(LEFT_OUT(&rcu, C1, 1), false, bad);
	expect(LEFT_OUT(&ipi, C1, 1), false, bad);
}

#define UNMAP_IPI_STEPS(step) \
	step(1, pte_clear, A) \
	step(2, ipi, A)       \
	step(3, ipi_wait)     \
	step(4, tell, C1)
#define HEED_LOAD_STEPS(step) \
	step(1, heed, C0)     \
	step(2, load, A, R1)
#define CLI_HEED_LOAD_STEPS(step) \
	step(1, cli)              \
	step(2, heed, C0)         \
	step(3, load, A, R1)      \
	step(4, sti)
LISTING(UNMAP_IPI)
LISTING(HEED_LOAD)
LISTING(CLI_HEED_LOAD)

/* Without the wait the handler may come late in a race. Step by step it comes at once, unless interrupts are off. */
static void an_ipi_in_two_halves(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, UNMAP_IPI), RUNS(C1, HEED_LOAD) },
				    ONE_PAGE };
	const struct scenario off = { .agents = { RUNS(C0, UNMAP_IPI), RUNS(C1, CLI_HEED_LOAD) },
				      ONE_PAGE };
	struct model_query q = LEFT_OUT(&s, C0, 3);

	(void)state;
	expect(RACING(&s), false, "fault");
	expect(q, false, "O,fault");
	q.mode = MODEL_STEPPED;
	expect(q, false, "fault");
	q = LEFT_OUT(&off, C0, 3);
	expect(q, false, "O,fault");
	q.mode = MODEL_STEPPED;
	expect(q, false, "O,fault");
}

#define MASKED_FLUSH_STEPS(step) \
	step(1, cli)             \
	step(2, cpu_flush, A)    \
	step(3, sti)
LISTING(MASKED_FLUSH)

static bool accept(void *arg, const struct outcome *seen)
{
	(void)arg;
	(void)seen;
	return true;
}

/* Two that wait for each other with interrupts off: for ever, if both are past their cli. */
static void waiting_for_ever(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, MASKED_FLUSH), RUNS(C1, MASKED_FLUSH) },
				    ONE_PAGE };
	struct model_query q = { .scenario = &s, .profile = &model_arch };

	(void)state;
	for (q.mode = MODEL_STEPPED; q.mode <= MODEL_RACING; q.mode++) {
		struct model_result r = model_run(&q, &golden_memory, accept, NULL);
		assert_true(r.stuck && r.outcomes);
	}
	q.order = "001011";
	q.mode = MODEL_STEPPED;
	assert_int_equal(model_run(&q, &golden_memory, accept, NULL).outcomes, 1);
	q.order = "010011";
	struct model_result r = model_run(&q, &golden_memory, accept, NULL);
	assert_true(r.stuck && !r.outcomes && r.reached == 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_entries_of_a_cpu),
		cmocka_unit_test(a_lockless_walker),
		cmocka_unit_test(an_ipi_in_two_halves),
		cmocka_unit_test(waiting_for_ever),
	};

	return cmocka_run_group_tests_name("model shootdown", tests, golden_set_up,
					   golden_tear_down);
}
