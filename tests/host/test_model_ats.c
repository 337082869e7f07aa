/* Device TLBs and page requests: the model against sets worked out by hand. */
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
	expect((struct model_query){ .scenario = &s, .profile = &model_qemu_tcg }, false,
	       "O,N,fault");
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
	expect((struct model_query){ .scenario = &s, .profile = &model_qemu_tcg }, false,
	       "P0 O fault");
}

#define HANDLER_STEPS(step)                \
	step(1, page_response, A, SUCCESS) \
	step(2, pte_set, A, P1, RW)
#define FAULTING_STEPS(step)     \
	step(1, page_request, A) \
	step(2, page_wait, A)    \
	step(3, ats_request, A, R1)
#define HANDLER_ONCE_STEPS(step) step(1, page_response, A, SUCCESS)
LISTING(HANDLER_ONCE)
#define HANDLER_TWICE_STEPS(step)          \
	step(1, page_response, A, SUCCESS) \
	step(2, page_response, A, SUCCESS)
LISTING(HANDLER_TWICE)
LISTING(HANDLER)
LISTING(FAULTING)

/* C17: an answer before the page is there helps nobody; after it the page is found. */
static void a_page_request(void **state)
{
	const struct scenario bad = { .agents = { RUNS(C0, HANDLER), RUNS(E, FAULTING) },
				      .maps = { { P0, 0 } },
				      .content = { O, N } };
	const struct scenario untold = { .agents = { RUNS(E, FAULTING) }, ONE_PAGE };
	const struct scenario twice = { .agents = { RUNS(C0, HANDLER_TWICE), RUNS(E, FAULTING) },
					ONE_PAGE };
	struct model_query q = { .scenario = &untold, .profile = &model_arch };
	struct model_result r;

	(void)state;
	expect(RACING(&bad), false, "P1,fault");
	/* The response is fenced: what was stored before it is there. */
	expect(SWAP_OF(&bad, C0, 1, 2), false, "P1");
	r = model_run(&q, &golden_memory, NULL, NULL);
	assert_true(r.stuck && !r.outcomes && r.reached == 1);
	/* One request has one answer. */
	q.scenario = &twice;
	r = model_run(&q, &golden_memory, NULL, NULL);
	assert_true(r.stuck && !r.outcomes);
}

#define INVALID_STEPS(step) step(1, page_response, A, INVALID)
#define ANSWERED_STEPS(step)     \
	step(1, page_request, A) \
	step(2, page_wait, A, R1)
#define ASKS_ONCE_STEPS(step)    \
	step(1, page_request, A) \
	step(2, page_wait, A, R2)
LISTING(INVALID)
LISTING(ANSWERED)
LISTING(ASKS_ONCE)

/* The code that was sent arrives; of two devices, each takes its own answer, and whose request comes first is open. */
static void a_response_has_a_code(void **state)
{
	const struct scenario one = { .agents = { RUNS(C0, INVALID), RUNS(E, ANSWERED) },
				      ONE_PAGE };
	const struct scenario two = { .agents = { RUNS(C0, HANDLER_ONCE), RUNS(C1, INVALID),
						  RUNS(E, ANSWERED), RUNS(E2, ASKS_ONCE) },
				      ONE_PAGE };

	(void)state;
	expect(RACING(&one), false, "no");
	expect(STEPPED(&one), false, "no");
	expect(RACING(&two), false, "yes no,no yes");
}

#define UPGRADE_STEPS(step)         \
	step(1, pte_set, A, P0, RW) \
	step(2, page_response, A, SUCCESS)
#define ONE_ROUND_STEPS(step)             \
	step(1, page_request, A)          \
	step(2, page_wait, A)             \
	step(3, ats_request_write, A, R1) \
	step(4, ats_request, A, R2)
#define TWO_ROUNDS_STEPS(step)   \
	step(1, page_request, A) \
	step(2, page_wait, A)    \
	step(3, page_request, A) \
	step(4, ats_request_write, A, R1)
#define READS_STEPS(step) step(1, ats_request, A)
LISTING(UPGRADE)
LISTING(ONE_ROUND)
LISTING(TWO_ROUNDS)
LISTING(READS)

/*
 * C14. P0 becomes writable, and nobody invalidates. The request made the IOTLB forget, but before the entry was changed: it
 * may have loaded it again, so that one round may not be enough. Once the entry is changed a request is.
 * For reading P0 is granted always. An IOTLB that loads nothing by itself needs one round.
 */
static void a_page_request_makes_the_iotlb_forget(void **state)
{
#define UPGRADED(rounds)                                                                      \
	{                                                                                     \
		.agents = { RUNS(C0, UPGRADE), RUNS(E, rounds) }, .warm = { RUNS(E, READS) }, \
		.maps = { { P0, RO } }, .content = {                                          \
			O                                                                     \
		}                                                                             \
	}
	const struct scenario one = UPGRADED(ONE_ROUND), two = UPGRADED(TWO_ROUNDS);

	(void)state;
	expect(RACING(&one), false, "P0 P0,fault P0");
	expect(STEPPED(&one), false, "P0 P0,fault P0");
	expect((struct model_query){ .scenario = &one, .profile = &model_qemu_tcg }, false,
	       "P0 P0");
	expect(RACING(&two), false, "P0");
	expect(STEPPED(&two), false, "P0");
	/* Without a request before the answer there is no answer; with none after it, as with one. */
	expect(LEFT_OUT(&two, E, 3), false, "P0,fault");
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
		cmocka_unit_test(a_page_request),
		cmocka_unit_test(a_response_has_a_code),
		cmocka_unit_test(a_page_request_makes_the_iotlb_forget),
	};

	return cmocka_run_group_tests_name("model ats", tests, golden_set_up, golden_tear_down);
}
