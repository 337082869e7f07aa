/* A table that another PDE takes over: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

#define MOVE_STEPS(step)        \
	step(1, pde_clear, A)   \
	step(2, pde_set, B, T0) \
	step(3, cpu_flush, A)   \
	step(4, tell, C1)
#define BOTH_STEPS(step)     \
	step(1, heed, C0)    \
	step(2, load, A, R1) \
	step(3, load, B, R2)
LISTING(MOVE)
LISTING(BOTH)

#define MOVE_FOR_DEVICE_STEPS(step) \
	step(1, pde_clear, A)       \
	step(2, pde_set, B, T0)     \
	step(3, iommu_flush, A)     \
	step(4, tell, E)
#define DEVICE_BOTH_STEPS(step)  \
	step(1, heed, C0)        \
	step(2, dma_read, A, R1) \
	step(3, dma_read, B, R2)
LISTING(MOVE_FOR_DEVICE)
LISTING(DEVICE_BOTH)

/*
 * D09. Two PDEs: the table is found by the other one, and by the first only as long as a CPU, or the unit, remembers that, or the
 * leaf.
 */
static void a_table_that_is_moved(void **state)
{
#define TWO_PDES .tables = true, .apart = true, .maps = { { P0, RW } }, .content = { O }
	const struct scenario by[] = {
		{ .agents = { RUNS(C0, MOVE), RUNS(C1, BOTH) }, TWO_PDES },
		{ .agents = { RUNS(C0, MOVE_FOR_DEVICE), RUNS(E, DEVICE_BOTH) }, TWO_PDES },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(by); i++) {
		expect(RACING(&by[i]), false, "fault O");
		expect(LEFT_OUT(&by[i], C0, 1), false, "O O");
		expect(LEFT_OUT(&by[i], C0, 2), false, "fault fault");
		expect(LEFT_OUT(&by[i], C0, 3), false, "O O,fault O");
		expect(SWAP_OF(&by[i], C0, 1, 3), false, "O O,fault O");
		expect(QEMU(&by[i]), false, "fault O");
	}
}

#define TELLS(step, scope)              \
	step(1, pde_clear, A)           \
	step(2, iommu_select, A, scope) \
	step(3, iommu_wait)             \
	step(4, tell, E)                \
	step(5, tell, E2)
#define TELLS_ONE_STEPS(step) TELLS(step, OF_PASID)
#define TELLS_ALL_STEPS(step) TELLS(step, OF_ALL)
#define FIRST_DEVICE_STEPS(step) \
	step(1, heed, C0)        \
	step(2, dma_read, A, R1)
#define SECOND_DEVICE_STEPS(step) \
	step(1, heed, C0)         \
	step(2, dma_read, B, R2)
LISTING(TELLS_ONE)
LISTING(TELLS_ALL)
LISTING(FIRST_DEVICE)
LISTING(SECOND_DEVICE)

/* B12. What is remembered of one PDE is of a PASID: told of the first's, the second's device goes by it still. */
static void a_table_of_two_pasids(void **state)
{
#define TWO_PROCESSES(tells)                                                                   \
	{                                                                                      \
		.agents = { RUNS(C0, tells), RUNS(E, FIRST_DEVICE), RUNS(E2, SECOND_DEVICE) }, \
		.tables = true, .spaces = TWO_PASIDS, .maps = { { P0, RW } }, .content = {     \
			O                                                                      \
		}                                                                              \
	}
	const struct scenario s = TWO_PROCESSES(TELLS_ONE), all = TWO_PROCESSES(TELLS_ALL);

	(void)state;
	expect(RACING(&s), false, "fault O,fault fault");
	expect(LEFT_OUT(&s, C0, 1), false, "O O");
	expect(QEMU(&s), false, "fault fault");
	expect(RACING(&all), false, "fault fault");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_that_is_moved),
		cmocka_unit_test(a_table_of_two_pasids),
	};

	return cmocka_run_group_tests_name("model table moved", tests, golden_set_up,
					   golden_tear_down);
}
