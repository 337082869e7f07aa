/* IOTLB, queue and DMA: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* One page: A is P0, which holds O; P1 holds N. */
#define ONE_PAGE .maps = { { P0, RW } }, .content = { O, N }

#define SET_FLUSH_TELL_STEPS(step)  \
	step(1, pte_set, A, P1, RW) \
	step(2, iommu_queue, A)     \
	step(3, iommu_wait)         \
	step(4, tell, E)
#define FLUSH_SET_TELL_STEPS(step)  \
	step(1, iommu_flush, A)     \
	step(2, pte_set, A, P1, RW) \
	step(3, tell, E)
#define WAIT_FIRST_STEPS(step)      \
	step(1, pte_set, A, P1, RW) \
	step(2, iommu_wait)         \
	step(3, iommu_queue, A)     \
	step(4, tell, E)
#define HEED_READ_STEPS(step) \
	step(1, heed, C0)     \
	step(2, dma_read, A, R1)
LISTING(SET_FLUSH_TELL)
LISTING(FLUSH_SET_TELL)
LISTING(WAIT_FIRST)
LISTING(HEED_READ)

/*
 * The IOTLB has A, by itself or not. Only queued and awaited, after the PTE, the invalidation helps; in every other
 * program the entry can be there (O), or gone (N). QEMU executes at once, so that a missing wait is not seen.
 */
static void the_iotlb(void **state)
{
	const struct scenario good = { .agents = { RUNS(C0, SET_FLUSH_TELL), RUNS(E, HEED_READ) },
				       ONE_PAGE };
	const struct scenario early = { .agents = { RUNS(C0, FLUSH_SET_TELL), RUNS(E, HEED_READ) },
					ONE_PAGE };
	const struct scenario swapped = { .agents = { RUNS(C0, WAIT_FIRST), RUNS(E, HEED_READ) },
					  ONE_PAGE };
	struct model_query no_wait = LEFT_OUT(&good, C0, 3);

	(void)state;
	expect(RACING(&good), false, "N");
	expect(no_wait, false, "O,N");
	expect(LEFT_OUT(&good, C0, 2), false, "O,N");
	expect(RACING(&early), false, "O,N");
	expect(RACING(&swapped), false, "O,N");
	no_wait.mode = MODEL_STEPPED;
	expect(no_wait, false, "O,N");
	no_wait.profile = &model_qemu_tcg;
	expect(no_wait, false, "N");
}

#define CLEAR_COPY_STEPS(step)  \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, A) \
	step(3, iommu_wait)     \
	step(4, copy, P0, P1)
#define CLEAR_NO_DRAIN_STEPS(step)       \
	step(1, pte_clear, A)            \
	step(2, iommu_queue_no_drain, A) \
	step(3, iommu_wait)              \
	step(4, copy, P0, P1)
#define WRITE_STEPS(step) step(1, dma_write, A, X, R1)
LISTING(CLEAR_COPY)
LISTING(CLEAR_NO_DRAIN)
LISTING(WRITE)

/*
 * A write that is translated before the invalidation is visible before the wait is over (drain): X is in the copy, or the write
 * was refused. Without the wait, or if the invalidation does not drain, it may land after the copy. Stepped, a write is whole: before the clear, or any
 * time after it while the entry is there; then, the wait done, it is refused.
 */
static void a_write_in_flight(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, CLEAR_COPY), RUNS(E, WRITE) },
				    .maps = { { P0, RW } },
				    .content = { O, O } };
	struct scenario late = s;

	(void)state;
	late.agents[C0] = (const struct agent[]){ RUNS(C0, CLEAR_NO_DRAIN) }[C0];
	expect(RACING(&late), true, "landed X X nothing,fault O O nothing,landed X O nothing");
	expect(ORDER(&late, "0e000"), true, "landed X X nothing,fault O O nothing");
	expect(RACING(&s), true, "landed X X nothing,fault O O nothing");
	expect(LEFT_OUT(&s, C0, 3), true,
	       "landed X X nothing,fault O O nothing,landed X O nothing");
	expect(ORDER(&s, "e0000"), true, "landed X X nothing");
	expect(ORDER(&s, "0e000"), true, "landed X X nothing,fault O O nothing");
	expect(ORDER(&s, "00e00"), true, "landed X X nothing,fault O O nothing");
	expect(ORDER(&s, "000e0"), true, "fault O O nothing");
}

/* Rights: a cached one may outlive the PTE's, and a missing one may be refused although the PTE has it by now. */
#define DOWNGRADE_STEPS(step)       \
	step(1, pte_set, A, P0, RO) \
	step(2, iommu_flush, A)     \
	step(3, tell, E)
#define UPGRADE_STEPS(step)         \
	step(1, pte_set, A, P0, RW) \
	step(2, iommu_flush, A)     \
	step(3, tell, E)
#define HEED_WRITE_STEPS(step) \
	step(1, heed, C0)      \
	step(2, dma_write, A, X, R1)
#define READ_A_STEPS(step) step(1, dma_read, A)
LISTING(DOWNGRADE)
LISTING(UPGRADE)
LISTING(HEED_WRITE)
LISTING(READ_A)

static void rights_of_a_device(void **state)
{
	const struct scenario down = { .agents = { RUNS(C0, DOWNGRADE), RUNS(E, HEED_WRITE) },
				       ONE_PAGE };
	const struct scenario up = { .agents = { RUNS(C0, UPGRADE), RUNS(E, HEED_WRITE) },
				     .warm = { RUNS(E, READ_A) },
				     .maps = { { P0, RO } },
				     .content = { O, N } };
	struct model_query stale = LEFT_OUT(&up, C0, 2);

	(void)state;
	expect(RACING(&down), false, "fault");
	expect(LEFT_OUT(&down, C0, 2), false, "landed,fault");
	expect(RACING(&up), false, "landed");
	expect(stale, false, "landed,fault");
	stale.profile = &model_qemu_tcg;
	expect(stale, false, "unrecorded");
}

/* The catalogue's own example, 9.8: copy-on-write, the device read before and after. */
#define COW_STEPS(step)             \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, cpu_flush, A)       \
	step(4, iommu_flush, A)     \
	step(5, pte_set, A, P1, RW) \
	step(6, store, A, N)        \
	step(7, tell, E)
#define DEVICE_STEPS(step)       \
	step(1, dma_read, A, R1) \
	step(2, heed, C0)        \
	step(3, dma_read, A, R2)
LISTING(COW)
LISTING(DEVICE)

/*
 * Without the flush: O O if the entry is used, O N if it is dropped; with no first read, O if the IOMMU loaded A by
 * itself, and N. With it, only N after it. Free, the first read may come at any time: it is O from the old page or
 * the copy, refused in the gap, or N.
 */
static void catalogue_9_8(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, COW), RUNS(E, DEVICE) },
				    .maps = { { P0, RO } },
				    .content = { O } };
	struct model_query bad = ORDER(&s, "e 0000000 ee");

	(void)state;
	expect(bad, false, "O N");
	bad = ORDER(changed(&s, (struct change){ C0, 4, 0 }), "e 000000 ee");
	expect(bad, false, "O O,O N");
	expect(RACING(&s), false, "O N,fault N,N N");
	/* Not refused in the gap unless a walk is made there; then it found nothing, and A may still be cached. */
	expect(LEFT_OUT(&s, C0, 4), false, "O O,O N,N N,N O,fault O,fault N");
}

#define FLUSH_OTHER_STEPS(step)     \
	step(1, pte_set, A, P1, RW) \
	step(2, iommu_flush, B)     \
	step(3, tell, E)
#define FLUSH_B_STEPS(step)         \
	step(1, pte_set, B, P1, RW) \
	step(2, iommu_flush, B)     \
	step(3, tell, E)
#define HEED_READ_B_STEPS(step) \
	step(1, heed, C0)       \
	step(2, dma_read_mark, B, R1)
LISTING(FLUSH_OTHER)
LISTING(FLUSH_B)
LISTING(HEED_READ_B)

/* One page's invalidation is not another's. */
static void the_page_invalidated(void **state)
{
	const struct scenario other = { .agents = { RUNS(C0, FLUSH_OTHER), RUNS(E, HEED_READ) },
					ONE_PAGE };
	const struct scenario b = { .agents = { RUNS(C0, FLUSH_B), RUNS(E, HEED_READ_B) },
				    .maps = { [B] = { P0, RW } } };

	(void)state;
	expect(RACING(&other), false, "O,N");
	expect(RACING(&b), false, "P1");
	expect(LEFT_OUT(&b, C0, 2), false, "P0,P1");
}

#define TWICE_STEPS(step)           \
	step(1, pte_set, A, P1, RW) \
	step(2, iommu_queue, A)     \
	step(3, pte_set, A, Q0, RW) \
	step(4, lock, 0)            \
	step(5, copy, P0, K)        \
	step(6, iommu_wait)         \
	step(7, tell, E2)
#define HEED_MARK_STEPS(step) \
	step(1, heed, C0)     \
	step(2, dma_read_mark, A, R2)
LISTING(TWICE)
LISTING(HEED_MARK)

/*
 * An access that is translated long before it is visible: the old entry is dropped, the next PTE loaded and replaced, the
 * copy made; then X lands in the old page, and the invalidation is over. The entry loaded in between is still there.
 * Where an access is whole, the old entry was there after the copy: the invalidation came later, and took both.
 */
static void an_access_that_takes_long(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, TWICE), RUNS(E, WRITE),
						RUNS(E2, HEED_MARK) },
				    .maps = { { P0, RW } },
				    .content = { O, O } };
	struct model_profile whole = model_arch;
	struct model_query q = RACING(&s);

	(void)state;
	q.profile = &model_arch;
	assert_true(allows(q, true, "landed P1 X O O"));
	whole.dma_in_flight = false;
	q.profile = &whole;
	assert_true(allows(q, true, "landed Q0 X O O"));
	assert_false(allows(q, true, "landed P1 X O O"));
}

/* A and B are pages 1 and 2: a block of 2 that has A begins at 0 and lacks B; one of 4 has both. */
#define BLOCK_STEPS(step, order)             \
	step(1, pte_set, A, P1, RW)          \
	step(2, pte_set, B, P1, RW)          \
	step(3, iommu_queue_block, A, order) \
	step(4, iommu_wait)                  \
	step(5, tell, E)
#define TWO_PAGES_STEPS(step)  BLOCK_STEPS(step, 1)
#define FOUR_PAGES_STEPS(step) BLOCK_STEPS(step, 2)
#define READ_BOTH_STEPS(step)    \
	step(1, heed, C0)        \
	step(2, dma_read, A, R1) \
	step(3, dma_read, B, R2)
#define WARM_BOTH_STEPS(step) \
	step(1, dma_read, A)  \
	step(2, dma_read, B)
LISTING(TWO_PAGES)
LISTING(FOUR_PAGES)
LISTING(READ_BOTH)
LISTING(WARM_BOTH)

static void a_block(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, TWO_PAGES), RUNS(E, READ_BOTH) },
			      .warm = { RUNS(E, WARM_BOTH) },
			      .maps = { { P0, RW }, { P0, RW } },
			      .content = { O, N },
			      .block = 4,
			      .page = { 1, 2 } };
	const struct agent four[] = { RUNS(C0, FOUR_PAGES) };
	struct model_query q = RACING(&s);

	(void)state;
	expect(q, false, "N N,N O");
	q.profile = &model_qemu_tcg;
	expect(q, false, "N O");
	s.agents[C0] = four[C0];
	expect(q, false, "N N");
	q.profile = &model_arch;
	expect(q, false, "N N");
}

/*
 * A large page (Q0, Q1: O) is split; one page of it is told. Where it was cached in pieces B's may be there still: QEMU does not, and of
 * small pages that are merged (P0, P1: O) it keeps B's.
 */
#define SIZE_STEPS(step, size)    \
	step(1, pde_set, A, size) \
	step(2, iommu_flush, A)   \
	step(3, tell, E)
#define SPLITS_STEPS(step) SIZE_STEPS(step, T0)
#define MERGES_STEPS(step) SIZE_STEPS(step, LARGE)
LISTING(SPLITS)
LISTING(MERGES)

static void a_large_page_of_a_device(void **state)
{
	const struct scenario split = { .agents = { RUNS(C0, SPLITS), RUNS(E, READ_BOTH) },
					.warm = { RUNS(E, WARM_BOTH) },
					.tables = true,
					.large = STARTS_LARGE,
					.maps = { { P0, RW }, { P1, RW } },
					.content = { N, N, [Q0] = O, [Q1] = O } };
	const struct scenario merge = { .agents = { RUNS(C0, MERGES), RUNS(E, READ_BOTH) },
					.warm = { RUNS(E, WARM_BOTH) },
					.tables = true,
					.large = LATER_LARGE,
					.maps = { { P0, RW }, { P1, RW } },
					.content = { O, O, [Q0] = N, [Q1] = N } };
	struct model_query split_q = RACING(&split), merge_q = RACING(&merge);

	(void)state;
	expect(split_q, false, "N N,N O");
	expect(merge_q, false, "N N,N O");
	split_q.profile = merge_q.profile = &model_qemu_tcg;
	expect(split_q, false, "N N");
	expect(merge_q, false, "N O");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_iotlb),
		cmocka_unit_test(a_write_in_flight),
		cmocka_unit_test(rights_of_a_device),
		cmocka_unit_test(catalogue_9_8),
		cmocka_unit_test(the_page_invalidated),
		cmocka_unit_test(an_access_that_takes_long),
		cmocka_unit_test(a_block),
		cmocka_unit_test(a_large_page_of_a_device),
	};

	return cmocka_run_group_tests_name("model iommu", tests, golden_set_up, golden_tear_down);
}
