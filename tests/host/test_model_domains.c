/* Domain ids and PASIDs of two devices: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* Two devices, one page; where it says so each under a domain id of its own, and B is the second's. */
/* Two tables under one domain id: either entry serves both devices, whoever is told; QEMU's are of a device. */
#define STIR_STEPS(step)        \
	step(1, iommu_flush, B) \
	step(2, tell, E)        \
	step(3, tell, E2)
#define TELL_STEPS(step)            \
	step(1, pte_set, A, P1, RW) \
	step(2, iommu_flush, A)     \
	step(3, tell, E)            \
	step(4, tell, E2)
#define TELL_BOTH_STEPS(step)       \
	step(1, pte_set, A, P1, RW) \
	step(2, iommu_queue, B)     \
	step(3, iommu_queue, A)     \
	step(4, iommu_wait)         \
	step(5, tell, E)            \
	step(6, tell, E2)
#define LOOK_A_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, R1)
#define LOOK_B_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, B, R2)
#define LOOK_A_TOO_STEPS(step) \
	step(1, heed, C0)      \
	step(2, dma_read, A, R2)
#define PLANT_A_STEPS(step) step(1, dma_read, A)
#define PLANT_B_STEPS(step) step(1, dma_read, B)
LISTING(STIR)
LISTING(TELL)
LISTING(TELL_BOTH)
LISTING(LOOK_A)
LISTING(LOOK_B)
LISTING(LOOK_A_TOO)
LISTING(PLANT_A)
LISTING(PLANT_B)
#define DEVICES(told, second, plants)                                                 \
	.agents = { RUNS(C0, told), RUNS(E, LOOK_A), RUNS(E2, second) },              \
	.warm = { RUNS(E, PLANT_A), RUNS(E2, plants) }, .maps = { [A] = { P0, RW } }, \
	.content = { O, N }

static void two_domains(void **state)
{
	const struct scenario one_told = { DEVICES(TELL, LOOK_B, PLANT_B), .spaces = TWO_DOMAINS };
	const struct scenario both_told = { DEVICES(TELL_BOTH, LOOK_B, PLANT_B),
					    .spaces = TWO_DOMAINS };
	const struct scenario one_domain = { DEVICES(TELL, LOOK_A_TOO, PLANT_A) };
	const struct scenario foreign = { DEVICES(TELL, LOOK_A_TOO, PLANT_B),
					  .spaces = TWO_DOMAINS };

	const struct scenario collide = { .agents = { RUNS(C0, STIR), RUNS(E, LOOK_A),
						      RUNS(E2, LOOK_B) },
					  .warm = { RUNS(E, PLANT_A) },
					  .maps = { { P0, RW }, { P1, RW } },
					  .content = { O, N },
					  .spaces = ONE_DOMAIN };

	(void)state;
	expect(RACING(&collide), false, "O N,O O,N N,N O");
	expect(QEMU(&collide), false, "O N");
	expect(RACING(&one_told), false, "N N,N O");
	expect(RACING(&both_told), false, "N N");
	expect(RACING(&one_domain), false, "N N");
	expect(QEMU(&one_told), false, "N O");
	expect(QEMU(&both_told), false, "N N");
	assert_non_null(golden_wrong(&foreign));
}

/* What a descriptor is for. */
#define SELECT(step, scope)             \
	step(1, pte_set, A, P1, RW)     \
	step(2, iommu_select, A, scope) \
	step(3, iommu_wait)             \
	step(4, tell, E)                \
	step(5, tell, E2)
#define BY_PASID_STEPS(step)  SELECT(step, OF_PASID)
#define BY_DOMAIN_STEPS(step) SELECT(step, OF_DOMAIN)
#define BY_ALL_STEPS(step)    SELECT(step, OF_ALL)
#define BESIDE_STEPS(step)                 \
	step(1, pte_set, B, P1, RW)        \
	step(2, iommu_select, A, OF_PASID) \
	step(3, iommu_wait)                \
	step(4, tell, E2)
LISTING(BY_PASID)
LISTING(BY_DOMAIN)
LISTING(BY_ALL)
LISTING(BESIDE)

static void scopes(void **state)
{
#define OF(told, tags)                                         \
	{                                                      \
		DEVICES(told, LOOK_B, PLANT_B), .spaces = tags \
	}
	const struct {
		struct scenario s;
		const char *expected;
	} row[] = {
		{ OF(BY_PASID, TWO_DOMAINS), "N N,N O" }, { OF(BY_DOMAIN, TWO_DOMAINS), "N N,N O" },
		{ OF(BY_ALL, TWO_DOMAINS), "N N" },       { OF(BY_PASID, TWO_PASIDS), "N N,N O" },
		{ OF(BY_DOMAIN, TWO_PASIDS), "N N" },     { OF(BY_ALL, TWO_PASIDS), "N N" },
	};
	/* Another page under the same tags. */
	const struct scenario beside = { .agents = { RUNS(C0, BESIDE), RUNS(E2, LOOK_B) },
					 .warm = { RUNS(E2, PLANT_B) },
					 .maps = { [B] = { P0, RW } },
					 .content = { O, N } };

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++)
		expect(RACING(&row[i].s), false, row[i].expected);
	expect(RACING(&beside), false, "N");
	expect(LEFT_OUT(&beside, C0, 2), false, "N,O");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_domains),
		cmocka_unit_test(scopes),
	};

	return cmocka_run_group_tests_name("model domains", tests, golden_set_up, golden_tear_down);
}
