/* A second page by a PASID entry that changes: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2)

/* By the CPUs' tables a read is of O, of page B as of A, by the other of N. */
#define TWO_PAGES                                                         \
	.entry = true, .beside = true, .content = { [P0] = O, [P1] = N }, \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } }

#define PASID_TOLD_STEPS(step) \
	step(1, entry_root, B) \
	step(2, pasid_queue)   \
	step(3, iommu_wait)    \
	step(4, tell, E)
#define BOTH_TOLD_STEPS(step)              \
	step(1, entry_root, B)             \
	step(2, pasid_queue)               \
	step(3, iommu_wait)                \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, tell, E)
#define READS_STEPS(step)        \
	step(1, heed, C0)        \
	step(2, dma_read, A, R1) \
	step(3, dma_read, B, R2)
#define WARM_STEPS(step) step(1, dma_read, A)
LISTING(PASID_TOLD)
LISTING(BOTH_TOLD)
LISTING(READS)
LISTING(WARM)

#define ALL_FOUR "N N,N O,O N,O O"

static void a_page_where_nobody_was(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, PASID_TOLD), RUNS(E, READS) },
				    .warm = { RUNS(E, WARM) },
				    TWO_PAGES };
	struct model_query second = RACING(&s);

	(void)state;
	/* What the IOTLB has of A is not of B; it loads nothing that has A=0. */
	expect(RACING(&s), false, "N N,O N");
	expect(STEPPED(&s), false, "N N,O N");
	expect(QEMU(&s), false, "O N");
	expect(LEFT_OUT(&s, C0, 2), false, ALL_FOUR);
	expect(LEFT_OUT(&s, C0, 3), false, ALL_FOUR);
	/* A second stage's walks do not look at it. */
	second.second_stage = true;
	expect(second, false, ALL_FOUR);
}

static void both_pages_are_dropped(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, BOTH_TOLD), RUNS(E, READS) },
				    .warm = { RUNS(E, WARM) },
				    TWO_PAGES };

	(void)state;
	expect(RACING(&s), false, "N N");
	expect(LEFT_OUT(&s, C0, 1), false, "O O");
	expect(LEFT_OUT(&s, C0, 2), false, ALL_FOUR);
	expect(LEFT_OUT(&s, C0, 4), false, "N N,O N");
	/* A is filled again from the old entry before that goes. */
	expect(SWAP_OF(&s, C0, 2, 4), false, "N N,O N");
}

#define ONE_DROPPED_STEPS(step) \
	step(1, heed, E)        \
	step(2, entry_root, B)  \
	step(3, pasid_queue)    \
	step(4, iommu_wait)     \
	step(5, iommu_flush, A) \
	step(6, tell, E)
#define WAS_THERE_STEPS(step)    \
	step(1, dma_read, B)     \
	step(2, tell, C0)        \
	step(3, heed, C0)        \
	step(4, dma_read, A, R1) \
	step(5, dma_read, B, R2)
LISTING(ONE_DROPPED)
LISTING(WAS_THERE)

/* Once it has been accessed the IOTLB may have it, and drops it by its own address. */
static void each_has_its_entry(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, ONE_DROPPED), RUNS(E, WAS_THERE) },
				    TWO_PAGES };

	(void)state;
	expect(RACING(&s), false, "N N,N O");
	expect(QEMU(&s), false, "N O");
}

static void refused(void **state)
{
	static const struct {
		unsigned agent;
		bool entry;
		struct step only;
		const char *wrong;
	} row[] = {
		{ E, true, ONE_STEP(dma_read, B, R1), NULL },
		{ E, true, ONE_STEP(dma_write, B, X, R1), NULL },
		{ E2, true, ONE_STEP(dma_read, B, R1), "E alone does DMA, to A" },
		{ E, true, ONE_STEP(ats_request, B, R1), "page B is for E's accesses alone" },
		{ C0, true, ONE_STEP(entry_root, B), NULL },
		{ C0, true, ONE_STEP(entry_domain, B), "the domain id stays" },
		{ C0, true, ONE_STEP(entry_wipe), "the domain id stays" },
		{ C0, true, ONE_STEP(iommu_flush, A), NULL },
		{ C0, true, ONE_STEP(iommu_flush, B), "page B is for E's accesses alone" },
		{ C0, true, ONE_STEP(pte_clear, B), "page B is for E's accesses alone" },
		{ C0, false, ONE_STEP(fence),
		  "a page beside A is where the device's entry changes" },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		struct scenario s = { TWO_PAGES };

		s.entry = row[i].entry;
		expect_wrong(s, row[i].agent, &row[i].only, row[i].wrong);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_where_nobody_was),
		cmocka_unit_test(both_pages_are_dropped),
		cmocka_unit_test(each_has_its_entry),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, golden_set_up, golden_tear_down);
}
