/* A queue that stands still at a descriptor: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1)

#define BEHIND(step, wait)               \
	step(1, pte_exchange, A, P1, RO) \
	step(2, queue_refused, BAD_TYPE) \
	step(3, iommu_queue, A)          \
	wait step(5, tell, E)
#define WAITS_STEPS(step)    BEHIND(step, step(4, iommu_wait))
#define FLUSHES_STEPS(step)  BEHIND(step, step(4, iommu_flush, A))
#define GIVES_UP_STEPS(step) BEHIND(step, step(4, iommu_wait_badly, GIVE_UP))
#define DISCARDS_STEPS(step) BEHIND(step, step(4, iommu_wait_badly, DISCARD))
#define BEFORE_STEPS(step)                 \
	step(1, pte_exchange, A, P1, RO)   \
	step(2, iommu_queue, A)            \
	step(3, queue_refused, BAD_TYPE)   \
	step(4, iommu_wait_badly, DISCARD) \
	step(5, tell, E)
#define NONE_STEPS(step)                   \
	step(1, pte_exchange, A, P1, RO)   \
	step(2, iommu_queue, A)            \
	step(3, iommu_wait_badly, GIVE_UP) \
	step(4, tell, E)
#define READ_STEPS(step)  \
	step(1, heed, C0) \
	step(2, dma_read, A, R1)
#define WARM_STEPS(step) step(1, dma_read, A)
#define SILENT(step, wait)                \
	step(1, pte_exchange, A, P1, RO)  \
	step(2, queue_refused, NO_ANSWER) \
	step(3, iommu_queue, A)           \
	wait step(5, tell, E)
#define WAITS_AGAIN_STEPS(step) SILENT(step, step(4, iommu_wait))
#define TIMES_OUT_STEPS(step)   SILENT(step, step(4, iommu_wait_badly, GIVE_UP))
LISTING(WAITS_AGAIN)
LISTING(TIMES_OUT)
LISTING(WAITS)
LISTING(FLUSHES)
LISTING(GIVES_UP)
LISTING(DISCARDS)
LISTING(BEFORE)
LISTING(NONE)
LISTING(READ)
LISTING(WARM)

static void is_seen(const struct agent driver, const char *allowed, const char *on_qemu)
{
	struct scenario s = { .agents = { RUNS(E, READ) },
			      .warm = { RUNS(E, WARM) },
			      .content = { [P0] = O, [P1] = N },
			      .maps = { [A] = { P0, RO, LEAF_USED } } };

	s.agents[C0] = driver;
	expect(RACING(&s), false, allowed);
	expect(STEPPED(&s), false, allowed);
	expect(QEMU(&s), false, on_qemu);
}

#define DRIVER(listing) ((const struct agent[AGENTS]){ RUNS(C0, listing) }[C0])

static void stands_still(void **state)
{
	(void)state;
	is_seen(DRIVER(WAITS), "N", "N");
	is_seen(DRIVER(FLUSHES), "N", "N");
	/* The IOTLB may have dropped the old by itself. */
	is_seen(DRIVER(GIVES_UP), "N,O", "O");
	is_seen(DRIVER(DISCARDS), "N,O", "O");
	/* What is in front of it may not be executed yet; on QEMU it is. */
	is_seen(DRIVER(BEFORE), "N,O", "N");
	/* Nothing was refused: the status word arrives in time. */
	is_seen(DRIVER(NONE), "N", "N");
}

/* Who waits puts a wait again; who takes the time-out for the end has no promise. */
static void no_answer(void **state)
{
	(void)state;
	is_seen(DRIVER(WAITS_AGAIN), "N", "N");
	is_seen(DRIVER(TIMES_OUT), "N,O", "O");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(stands_still),
					    cmocka_unit_test(no_answer) };

	return cmocka_run_group_tests(tests, golden_set_up, golden_tear_down);
}
