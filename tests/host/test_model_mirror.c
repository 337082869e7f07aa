/* Tables that software keeps for devices: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* CPUs have P0 (O) at A. */
#define ONE_PAGE \
	.mirror = true, .content = { [P0] = O, [P1] = N }, .maps = { [A] = { P0, RO, LEAF_USED } }
#define HAD_IT                                             \
	.mirror = true, .content = { [P0] = O, [P1] = N }, \
	.maps = { [A] = { P0, RO, LEAF_USED }, [MIRROR] = { P0, RO, LEAF_USED } }

#define REPLACE_STEPS(step)              \
	step(1, pte_exchange, A, P1, RW) \
	step(2, pte_clear, MIRROR)       \
	step(3, iommu_flush, MIRROR)     \
	step(4, tell, E)
#define READ_STEPS(step)  \
	step(1, heed, C0) \
	step(2, dma_read, MIRROR, R1)
LISTING(REPLACE)
LISTING(READ)

/* A device sees what the mirror says, and what was cached of it; never what the CPUs' entry says. */
static void devices_walk_the_mirror(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, REPLACE), RUNS(E, READ) }, HAD_IT };

	(void)state;
	expect(RACING(&s), false, "fault");
	expect(STEPPED(&s), false, "fault");
	expect(QEMU(&s), false, "fault");
	expect(LEFT_OUT(&s, C0, 1), false, "fault");
	/* The IOTLB has loaded it, or not. */
	expect(LEFT_OUT(&s, C0, 3), false, "O,fault");
	expect(SWAP_OF(&s, C0, 2, 3), false, "O,fault");
	/* It is walked again, and is there still. */
	expect(LEFT_OUT(&s, C0, 2), false, "O");
}

#define APPEAR_STEPS(step)               \
	step(1, pte_set, MIRROR, P0, RO) \
	step(2, iommu_flush, MIRROR)     \
	step(3, tell, E)
LISTING(APPEAR)

/* What was absent may be cached as that until the unit is told, in caching mode; the mirror's keeper may do so at once. */
static void absence_is_cached(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, APPEAR), RUNS(E, READ) }, ONE_PAGE };

	(void)state;
	expect(LEFT_OUT(&s, C0, 2), false, "O");
	s.absence = true;
	expect(RACING(&s), false, "O");
	expect(LEFT_OUT(&s, C0, 2), false, "O,fault");
	expect(SWAP_OF(&s, C0, 1, 2), false, "O,fault");
	expect(QEMU(changed(&s, (struct change){ C0, 2, 0 })), false, "O");
}

#define SHOWN_STEPS(step)                \
	step(1, pte_set, MIRROR, P1, RO) \
	step(2, pte_write_back, MIRROR)  \
	step(3, iommu_flush, MIRROR)     \
	step(4, tell, E)
LISTING(SHOWN)

/* What has not been written back a walk may read or not, and bring back what an invalidation has dropped. */
static void walks_need_not_snoop(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, SHOWN), RUNS(E, READ) }, HAD_IT };

	(void)state;
	expect(LEFT_OUT(&s, C0, 2), false, "N");
	s.unsnooped = true;
	expect(RACING(&s), false, "N");
	expect(STEPPED(&s), false, "N");
	expect(LEFT_OUT(&s, C0, 2), false, "N,O");
	expect(SWAP_OF(&s, C0, 2, 3), false, "N,O");
	expect(QEMU(changed(&s, (struct change){ C0, 2, 0 })), false, "N");
}

#define FILL_STEPS(step)                  \
	step(1, pte_read, A, R1)          \
	step(2, pte_fill, MIRROR, R1, RO) \
	step(3, tell, E)
#define USE_STEPS(step)                   \
	step(1, heed, C0)                 \
	step(2, dma_write, MIRROR, X, R2) \
	step(3, dma_read, MIRROR, R3)
#define FILL_RW_STEPS(step)               \
	step(1, pte_read, A, R1)          \
	step(2, pte_fill, MIRROR, R1, RW) \
	step(3, tell, E)
LISTING(FILL)
LISTING(FILL_RW)
LISTING(USE)

/* What pte_read saw goes in, with the rights that the step says, whatever those of the CPUs are; nothing if it saw no page. */
static void filled_with_what_was_read(void **state)
{
	const struct scenario writable = { .agents = { RUNS(C0, FILL_RW) } };
	struct scenario s = { .agents = { RUNS(C0, FILL), RUNS(E, USE) }, ONE_PAGE };

	(void)state;
	expect(RACING(&s), true, "P0 fault O O N nothing");
	s.agents[C0] = writable.agents[C0];
	expect(RACING(&s), true, "P0 landed X X N nothing");
	s.maps[A].rights = 0;
	expect(RACING(&s), true, "empty fault fault O N nothing");
}

#define NUMBER_STEPS(step)        \
	step(1, word_read, 0, R1) \
	step(2, word_same, 0, R1, R2)
#define ADD_STEPS(step) step(1, word_add, 0, 1)
LISTING(NUMBER)
LISTING(ADD)

static void is_it_the_same_number(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, NUMBER), RUNS(C1, ADD) }, .words = { 3 } };

	(void)state;
	expect(RACING(&s), false, "3 no,3 yes,4 yes");
}

/* What cannot be meant is refused, in words. */
static void refused(void **state)
{
	static const struct {
		unsigned agent;
		struct step only;
		const char *wrong;
	} row[] = {
		{ C0, ONE_STEP(load, MIRROR, R1), "no CPU walks the mirror" },
		{ C0, ONE_STEP(cpu_flush, MIRROR), "no CPU walks the mirror" },
		{ C0, ONE_STEP(pte_dirty, MIRROR, R1),
		  "an entry of the mirror has neither A nor D" },
		{ C0, ONE_STEP(pte_age, MIRROR), "an entry of the mirror has neither A nor D" },
		{ C0, ONE_STEP(iommu_flush, A), "devices walk the mirror, and nothing else" },
		{ E, ONE_STEP(dma_read, A, R1), "devices walk the mirror, and nothing else" },
		{ C0, ONE_STEP(pte_read, MIRROR, R1), NULL },
		{ C0, ONE_STEP(load, A, R1), NULL },
		{ E, ONE_STEP(dma_write, MIRROR, X, R1), NULL },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++)
		expect_wrong((struct scenario){ HAD_IT }, row[i].agent, &row[i].only, row[i].wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_walk_the_mirror),
		cmocka_unit_test(absence_is_cached),
		cmocka_unit_test(walks_need_not_snoop),
		cmocka_unit_test(filled_with_what_was_read),
		cmocka_unit_test(is_it_the_same_number),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, golden_set_up, golden_tear_down);
}
