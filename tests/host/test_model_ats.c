/* Device TLBs: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* A is P0, which holds O; P1 holds N. */
#define ONE_PAGE .maps = { { P0, RW } }, .content = { O, N }

#define MOVE_STEPS(step)            \
	step(1, pte_clear, A)       \
	step(2, iommu_queue, A)     \
	step(3, dtlb_queue, A)      \
	step(4, iommu_wait)         \
	step(5, pte_set, A, P1, RW) \
	step(6, tell, E)
#define DEVICE_STEPS(step)          \
	step(1, ats_request, A, R1) \
	step(2, heed, C0)           \
	step(3, ats_read, A, R2)
LISTING(MOVE)
LISTING(DEVICE)

/*
 * C04. What was granted before the move is dropped by the device before the wait is over, an answer that is on its
 * way included; granted after it is P1. Without the device's invalidation, or without the wait, P0 stays in use.
 */
static void both_invalidations(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, MOVE), RUNS(E, DEVICE) }, ONE_PAGE };

	(void)state;
	expect(RACING(&s), false, "P0 fault,P1 N,P1 fault,fault fault");
	expect(STEPPED(&s), false, "P0 fault,P1 N,P1 fault,fault fault");
	expect(LEFT_OUT(&s, C0, 3), false, "P0 O,P0 fault,P1 N,P1 fault,fault fault");
	expect(LEFT_OUT(&s, C0, 4), false, "P0 O,P0 fault,P1 N,P1 fault,fault fault");
	/* The device asks again before the IOTLB has forgotten; and without the IOTLB's at any time. */
	expect(SWAP_OF(&s, C0, 2, 3), false, "P0 O,P0 fault,P1 N,P1 fault,fault fault");
	expect(LEFT_OUT(&s, C0, 2), false, "P0 O,P0 fault,P1 N,P1 fault,fault fault");
}

#define TWICE_STEPS(step)           \
	step(1, ats_request, A, R1) \
	step(2, ats_read, A, R2)    \
	step(3, ats_read, A, R3)
LISTING(TWICE)

/* A device may drop what it was granted whenever it likes; then it is gone until it asks again. */
static void what_was_dropped_stays_away(void **state)
{
	const struct scenario s = { .agents = { RUNS(E, TWICE) }, ONE_PAGE };

	(void)state;
	expect(RACING(&s), false, "P0 O O,P0 O fault,P0 fault fault");
}

#define CLEAR_STEPS(step) step(1, pte_clear, A)
#define AGAIN_STEPS(step)           \
	step(1, ats_request, A, R1) \
	step(2, ats_request, A, R2) \
	step(3, ats_read, A, R3)
LISTING(CLEAR)
LISTING(AGAIN)

/* An answer that grants nothing does not take back what was granted: that needs an invalidation. */
static void what_was_granted_stays(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, CLEAR), RUNS(E, AGAIN) }, ONE_PAGE };

	(void)state;
	expect(RACING(&s), false,
	       "P0 P0 O,P0 P0 fault,P0 fault O,P0 fault fault,fault P0 O,fault P0 fault,"
	       "fault fault fault");
}

#define COPY_STEPS(step)        \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, A) \
	step(3, dtlb_queue, A)  \
	step(4, iommu_wait)     \
	step(5, copy, P0, P1)
#define WRITE_STEPS(step)       \
	step(1, ats_request, A) \
	step(2, ats_write, A, X, R1)
LISTING(COPY)
LISTING(WRITE)

/* A write with an address that the device had is visible before it says that it has forgotten: X is in the copy. */
static void a_write_with_a_cached_address(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, COPY), RUNS(E, WRITE) },
				    .maps = { { P0, RW } },
				    .content = { O, O } };

	(void)state;
	expect(RACING(&s), true, "landed X X nothing,fault O O nothing");
	expect(LEFT_OUT(&s, C0, 3), true,
	       "landed X X nothing,landed X O nothing,fault O O nothing");
	expect(LEFT_OUT(&s, C0, 4), true,
	       "landed X X nothing,landed X O nothing,fault O O nothing");
}

#define ASK_STEPS(step)     \
	step(1, ats_ask, A) \
	step(2, ats_land)   \
	step(3, heed, C0)   \
	step(4, ats_read, A, R1)
LISTING(ASK)

/* C04, bad 4: an answer that an invalidation has overtaken is thrown away, or kept by a device with that flaw. */
static void a_late_answer(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, MOVE), RUNS(E, ASK) }, ONE_PAGE };

	(void)state;
	expect(RACING(&s), false, "N,fault");
	expect(STEPPED(&s), false, "N,fault");
	expect(LEFT_OUT(&s, C0, 3), false, "O,N,fault");
	s.flaw = DMA_KEEPS_LATE_ANSWERS;
	expect(RACING(&s), false, "O,N,fault");
	expect(QEMU(&s), false, "O,N,fault");
	/* It does drop what it was sent in time. */
	s.flaw = DMA_CONFIRMS_EARLY;
	expect(RACING(&s), false, "N,fault");
}

#define COPY_TWICE_STEPS(step)  \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, A) \
	step(3, dtlb_queue, A)  \
	step(4, iommu_wait)     \
	step(5, dtlb_queue, A)  \
	step(6, iommu_wait)     \
	step(7, copy, P0, P1)
#define POST_STEPS(step)            \
	step(1, ats_request, A)     \
	step(2, ats_post, A, X, R1) \
	step(3, ats_land)
LISTING(COPY_TWICE)
LISTING(POST)

/* Bad 5: what is not there yet when the device confirms is not in the copy; told again it is. */
static void a_late_write(void **state)
{
	struct scenario s = { .agents = { RUNS(C0, COPY), RUNS(E, POST) },
			      .maps = { { P0, RW } },
			      .content = { O, O } };

	(void)state;
	expect(RACING(&s), true, "landed X X nothing,fault O O nothing");
	expect(STEPPED(&s), true, "landed X X nothing,fault O O nothing");
	s.flaw = DMA_CONFIRMS_EARLY;
	expect(RACING(&s), true, "landed X X nothing,landed X O nothing,fault O O nothing");
	expect(STEPPED(&s), true, "landed X X nothing,landed X O nothing,fault O O nothing");
	const struct scenario twice = { .agents = { RUNS(C0, COPY_TWICE), RUNS(E, POST) },
					.flaw = DMA_CONFIRMS_EARLY,
					.maps = { { P0, RW } },
					.content = { O, O } };
	expect(RACING(&twice), true, "landed X X nothing,fault O O nothing");
	expect(STEPPED(&twice), true, "landed X X nothing,fault O O nothing");
}

#define GRANT_STEPS(step)           \
	step(1, ats_request, A, R1) \
	step(2, tell, C0)
#define HEED_DIRTY_STEPS(step) \
	step(1, heed, E)       \
	step(2, pte_dirty, A, R2)
#define CLEANED_STEPS(step)      \
	step(1, heed, E)         \
	step(2, pte_clean, A)    \
	step(3, tell, E)         \
	step(4, word_wait, 0, 1) \
	step(5, pte_dirty, A, R2)
#define GRANT_WRITE_STEPS(step)      \
	step(1, ats_request, A)      \
	step(2, tell, C0)            \
	step(3, heed, C0)            \
	step(4, ats_write, A, X, R1) \
	step(5, word_set, 0, 1)
LISTING(GRANT)
LISTING(HEED_DIRTY)
LISTING(CLEANED)
LISTING(GRANT_WRITE)

/* C16, case 5: what is granted for writing is dirty, used or not; cleaned without the device's invalidation it stays clean. */
static void granted_is_dirty(void **state)
{
	const struct scenario grant = { .agents = { RUNS(C0, HEED_DIRTY), RUNS(E, GRANT) },
					.maps = { { P0, RW, LEAF_CLEAN } },
					.content = { O } };
	const struct scenario clean = { .agents = { RUNS(C0, CLEANED), RUNS(E, GRANT_WRITE) },
					ONE_PAGE };

	(void)state;
	expect(RACING(&grant), false, "P0 yes");
	expect(RACING(&clean), false, "landed no,fault no");
}

#define READ_ONLY_STEPS(step)       \
	step(1, ats_request, A, R1) \
	step(2, ats_read, A, R2)    \
	step(3, ats_write, A, X, R3)
LISTING(READ_ONLY)

static void granted_for_reading(void **state)
{
	const struct scenario s = { .agents = { RUNS(E, READ_ONLY) },
				    .maps = { { P0, RO } },
				    .content = { O } };

	(void)state;
	expect(RACING(&s), false, "P0 O fault,P0 fault fault");
	expect(QEMU(&s), false, "P0 O fault");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_invalidations),
		cmocka_unit_test(what_was_dropped_stays_away),
		cmocka_unit_test(what_was_granted_stays),
		cmocka_unit_test(a_write_with_a_cached_address),
		cmocka_unit_test(a_late_answer),
		cmocka_unit_test(a_late_write),
		cmocka_unit_test(granted_is_dirty),
		cmocka_unit_test(granted_for_reading),
	};

	return cmocka_run_group_tests_name("model ats", tests, golden_set_up, golden_tear_down);
}
