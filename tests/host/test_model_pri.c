/* Page requests: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* A is P0, which holds O; P1 holds N. */
#define ONE_PAGE .maps = { { P0, RW } }, .content = { O, N }

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
	expect(QEMU(&one), false, "P0 P0");
	expect(RACING(&two), false, "P0");
	expect(STEPPED(&two), false, "P0");
	/* Without a request before the answer there is no answer; with none after it, as with one. */
	expect(LEFT_OUT(&two, E, 3), false, "P0,fault");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_request),
		cmocka_unit_test(a_response_has_a_code),
		cmocka_unit_test(a_page_request_makes_the_iotlb_forget),
	};

	return cmocka_run_group_tests_name("model pri", tests, golden_set_up, golden_tear_down);
}
