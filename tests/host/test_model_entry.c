/* A device's PASID entry that changes: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2)

/* By the CPUs' tables a read is of O, by the other of N. */
#define TWO_TABLES                                                  \
	.entry = true, .content = { [P0] = O, [P1] = N, [Q1] = S }, \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } }

#define OTHER_STEPS(step)                  \
	step(1, entry_root, B)             \
	step(2, pasid_queue)               \
	step(3, iommu_wait)                \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, tell, E)
#define READ_STEPS(step)  \
	step(1, heed, C0) \
	step(2, dma_read, A, R1)
LISTING(OTHER)
LISTING(READ)

static void two_caches_have_it(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, OTHER), RUNS(E, READ) }, TWO_TABLES };

	(void)state;
	expect(RACING(&s), false, "N");
	expect(STEPPED(&s), false, "N");
	expect(QEMU(&s), false, "N");
	expect(LEFT_OUT(&s, C0, 1), false, "O");
	/* Queued at once they are told in turn (VT-d 6.5.2.12). */
	expect(LEFT_OUT(&s, C0, 3), false, "N");
	/* The IOTLB alone is told; is told while the entry is kept still; is not told. */
	expect(LEFT_OUT(&s, C0, 2), false, "N,O");
	expect(SWAP_OF(&s, C0, 2, 4), false, "N,O");
	expect(LEFT_OUT(&s, C0, 4), false, "N,O");
	expect(LEFT_OUT(&s, C0, 5), false, "N,O");
}

#define GONE_STEPS(step)                   \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	step(7, tell, E)
LISTING(GONE)

static void present_is_gone(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, GONE), RUNS(E, READ) }, TWO_TABLES };

	(void)state;
	expect(RACING(&s), false, "fault");
	expect(QEMU(&s), false, "fault");
	expect(LEFT_OUT(&s, C0, 2), false, "O,fault");
	expect(LEFT_OUT(&s, C0, 3), false, "fault");
	expect(LEFT_OUT(&s, C0, 5), false, "O,fault");
}

#define KEEPS_STEPS(step)        \
	step(1, dma_read, A, R1) \
	step(2, tell, C0)        \
	step(3, heed, C0)        \
	step(4, dma_read, A, R2)
#define GONE_AFTER_STEPS(step)             \
	step(1, heed, E)                   \
	step(2, entry_clear)               \
	step(3, pasid_queue)               \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, tell, E)
LISTING(KEEPS)
LISTING(GONE_AFTER)

/* QEMU looks at Present with the context entry, which it keeps. */
static void present_late(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, GONE_AFTER), RUNS(E, KEEPS) }, TWO_TABLES };

	(void)state;
	expect(QEMU(&s), false, "O O");
	expect(RACING(&s), false, "O fault");
}

#define TOLD_STEPS(step)                   \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, dtlb_queue, A)             \
	step(7, iommu_wait)                \
	step(8, tell, E)
#define ASKS_STEPS(step)        \
	step(1, ats_request, A) \
	step(2, heed, C0)       \
	step(3, ats_read, A, R1)
LISTING(TOLD)
LISTING(ASKS)

/* Nothing of it reaches the device's own TLB again, if that is told last. */
static void a_device_is_told(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, TOLD), RUNS(E, ASKS) }, TWO_TABLES };

	(void)state;
	expect(RACING(&s), false, "fault");
	expect(STEPPED(&s), false, "fault");
	expect(QEMU(&s), false, "fault");
	/* Present still; the PASID cache, the IOTLB has it still; the device has. */
	expect(LEFT_OUT(&s, C0, 1), false, "O,fault");
	expect(LEFT_OUT(&s, C0, 2), false, "O,fault");
	expect(LEFT_OUT(&s, C0, 5), false, "O,fault");
	expect(LEFT_OUT(&s, C0, 6), false, "O,fault");
	expect(SWAP_OF(&s, C0, 2, 6), false, "O,fault");
}

#define DOMAIN_FIRST_STEPS(step)           \
	step(1, entry_domain, B)           \
	step(2, entry_root, B)             \
	step(3, pasid_queue)               \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_select, B, OF_PASID) \
	step(7, iommu_wait)                \
	step(8, tell, E)
LISTING(DOMAIN_FIRST)

/* Under the new domain id with the old root: the PASID cache is told of the old id alone. */
static void a_mixture(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, DOMAIN_FIRST), RUNS(E, READ) },
				    TWO_TABLES };

	(void)state;
	expect(RACING(&s), false, "N,O");
	expect(SWAP_OF(&s, C0, 1, 2), false, "N");
}

#define WIPE_STEPS(step)                   \
	step(1, entry_wipe)                \
	step(2, pasid_queue)               \
	step(3, iommu_wait)                \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)
#define READS_STEPS(step) step(1, dma_read, A, R1)
LISTING(WIPE)
LISTING(READS)

/* Present was read before, the root after. */
static void half_read(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, WIPE), RUNS(E, READS) }, TWO_TABLES };

	(void)state;
	expect(RACING(&s), false, "O,S,fault");
}

#define APPEARS_STEPS(step)                \
	step(1, context_clear)             \
	step(2, context_queue)             \
	step(3, iommu_wait)                \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, context_set)               \
	step(7, tell, E)
LISTING(APPEARS)

static void absence_is_not_kept(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, APPEARS), RUNS(E, READ) }, TWO_TABLES };

	(void)state;
	expect(RACING(&s), false, "O");
	expect(LEFT_OUT(&s, C0, 6), false, "fault");
	expect(SWAP_OF(&s, C0, 4, 6), false, "O");
}

#define COMES_STEPS(step)                  \
	step(1, entry_set)                 \
	step(2, pasid_queue)               \
	step(3, iommu_select, A, OF_PASID) \
	step(4, iommu_wait)                \
	step(5, tell, E)
#define CONTEXT_COMES_STEPS(step)          \
	step(1, context_set)               \
	step(2, context_queue)             \
	step(3, iommu_select, A, OF_PASID) \
	step(4, iommu_wait)                \
	step(5, tell, E)
#define TABLE_COMES_STEPS(step) \
	step(1, pde_set, A, T0) \
	step(2, iommu_flush, A) \
	step(3, tell, E)
#define NO_ENTRY_STEPS(step)   step(1, entry_clear)
#define NO_CONTEXT_STEPS(step) step(1, context_clear)
#define NO_TABLE_STEPS(step)  \
	step(1, pde_clear, A) \
	step(2, cpu_flush, A) \
	step(3, iommu_flush, A)
LISTING(COMES)
LISTING(CONTEXT_COMES)
LISTING(TABLE_COMES)
LISTING(NO_ENTRY)
LISTING(NO_CONTEXT)
LISTING(NO_TABLE)

/* In caching mode it may be, in the cache of that entry and in the IOTLB, and comes back to this from that; not here. */
static void absence_is_kept(void **state)
{
	struct scenario of[] = {
		{ .agents = { RUNS(C0, COMES), RUNS(E, READ) },
		  .warm = { RUNS(C0, NO_ENTRY) },
		  TWO_TABLES },
		{ .agents = { RUNS(C0, CONTEXT_COMES), RUNS(E, READ) },
		  .warm = { RUNS(C0, NO_CONTEXT) },
		  TWO_TABLES },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(of); i++) {
		of[i].absence = true;
		expect(RACING(&of[i]), false, "O");
		expect(STEPPED(&of[i]), false, "O");
		expect(LEFT_OUT(&of[i], C0, 1), false, "fault");
		expect(LEFT_OUT(&of[i], C0, 2), false, "O,fault");
		expect(LEFT_OUT(&of[i], C0, 3), false, "O,fault");
		expect(LEFT_OUT(&of[i], C0, 4), false, "O,fault");
		expect(SWAP_OF(&of[i], C0, 1, 2), false, "O,fault");
		expect(SWAP_OF(&of[i], C0, 2, 3), false, "O,fault");
		expect(QEMU(changed(&of[i], (struct change){ C0, 2, 0 })), false, "O");
	}
}

static void absence_of_a_table(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, TABLE_COMES), RUNS(E, READ) },
			      .warm = { RUNS(C0, NO_TABLE) },
			      .tables = true,
			      .maps = { [A] = { P0, RW, LEAF_USED } },
			      .content = { [P0] = O } };

	(void)state;
	expect(LEFT_OUT(&s, C0, 2), false, "O");
	s.absence = true;
	expect(RACING(&s), false, "O");
	expect(LEFT_OUT(&s, C0, 1), false, "fault");
	expect(LEFT_OUT(&s, C0, 2), false, "O,fault");
	expect(SWAP_OF(&s, C0, 1, 2), false, "O,fault");
}

/* What cannot be meant is refused, in words. */
static void refused(void **state)
{
	static const struct {
		unsigned agent;
		bool entry;
		struct step only;
		const char *wrong;
	} row[] = {
		{ C0, false, ONE_STEP(entry_clear), "the device's entry does not change here" },
		{ C0, true, ONE_STEP(entry_clear), NULL },
		{ E, true, ONE_STEP(entry_clear), "a device cannot do this step" },
		{ E, true, ONE_STEP(dma_read, B, R1), "E alone does DMA, to A" },
		{ E2, true, ONE_STEP(dma_read, A, R1), "E alone does DMA, to A" },
		{ C0, true, ONE_STEP(load, B, R1), "no CPU walks the mirror" },
		{ C0, true, ONE_STEP(pte_age, A), "D and A stay set" },
		{ C0, true, ONE_STEP(dtlb_queue, A), NULL },
		{ C0, true, ONE_STEP(dtlb_queue, B), "the device has page A as A" },
		{ E, true, ONE_STEP(ats_request, A, R1), NULL },
		{ E2, true, ONE_STEP(ats_read, A, R1), "E alone does DMA, to A" },
		{ E, true, ONE_STEP(ats_ask, A), "the device has nothing on its way" },
		{ C0, true, ONE_STEP(iommu_flush, B), NULL },
		{ C0, false, ONE_STEP(context_queue), NULL },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		struct scenario s = { TWO_TABLES };

		s.entry = row[i].entry;
		expect_wrong(s, row[i].agent, &row[i].only, row[i].wrong);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_caches_have_it),  cmocka_unit_test(present_is_gone),
		cmocka_unit_test(present_late),        cmocka_unit_test(a_device_is_told),
		cmocka_unit_test(a_mixture),           cmocka_unit_test(half_read),
		cmocka_unit_test(absence_is_not_kept), cmocka_unit_test(absence_is_kept),
		cmocka_unit_test(absence_of_a_table),  cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, golden_set_up, golden_tear_down);
}
