/* Store buffers, and which steps are fences: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* A is P0, which holds O and has one reference, the mapping's. */
#define ONE_PAGE .maps = { { P0, RW } }, .content = { O, N }, .refs = { 1 }

#define LEFT_STEPS(step)        \
	step(1, word_set, 0, 1) \
	step(2, fence)          \
	step(3, word_read, 1, R1)
#define RIGHT_STEPS(step)       \
	step(1, word_set, 1, 1) \
	step(2, fence)          \
	step(3, word_read, 0, R2)
LISTING(LEFT)
LISTING(RIGHT)

/* Store buffering (SDM 3A 9.2.3.4): both read 0, unless there is a fence on both sides. */
static void store_buffers(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, LEFT), RUNS(C1, RIGHT) } };

	(void)state;
	expect(RACING(&s), false, "0 1,1 0,1 1");
	expect(LEFT_OUT(&s, C0, 2), false, "0 0,0 1,1 0,1 1");
	expect(LEFT_OUT(&s, C1, 2), false, "0 0,0 1,1 0,1 1");
	expect(STEPPED(changed(&s, (struct change){ C0, 2, 0 })), false, "0 1,1 0,1 1");
}

#define STEP(op, ...)                                                         \
	{                                                                     \
		2, OP_##op, 0, 0, 0, STEP_ARGS(0, ##__VA_ARGS__, 0, 0, 0), "" \
	}

/* What is in the place of one of the fences: is it one? P0 has a reference, P1 none; B is not mapped. */
static void fences(void **state)
{
	static const struct step are[] = {
		STEP(pte_clear, A),
		STEP(pte_clear_dirty, A),
		STEP(pte_exchange, A, P1, RO),
		STEP(pte_tag, A, SWAP),
		STEP(pte_wrprotect, A),
		STEP(pte_clean, A),
		STEP(pte_age, A),
		STEP(alloc, P1),
		STEP(get, P0),
		STEP(put, P0),
		STEP(invlpg, A),
		STEP(cr3_load),
		STEP(flush_all),
		STEP(cpu_flush, A),
		STEP(ipi, A),
		STEP(broadcast, A),
		STEP(iommu_queue, A),
		STEP(iommu_wait),
		STEP(iommu_flush, A),
		STEP(pasid_queue),
		STEP(dtlb_queue, A),
		STEP(dma_read, A),
		STEP(lock, 0),
		STEP(word_add, 2, 1),
		STEP(rcu_start),
		STEP(load, B), /* by the IRET of its fault */
	};
	static const struct step are_not[] = {
		STEP(load, A),
		STEP(load_mark, A),
		STEP(store, A, X),
		STEP(copy, P0, K),
		STEP(compare, P0, K),
		STEP(peek, P0),
		STEP(reuse, P1),
		STEP(store_seen, 3, X),
		STEP(try_get, 3),
		STEP(put_seen, 3),
		STEP(put, P1),
		STEP(pte_read, A),
		STEP(pte_same, A),
		STEP(pte_dirty, A),
		STEP(pte_accessed, A),
		STEP(pte_writable, A),
		STEP(pte_set, A, P1, RO),
		STEP(pte_age, B),
		STEP(ipi_wait),
		STEP(cli),
		STEP(sti),
		STEP(unlock, 0),
		STEP(tell, C1),
		STEP(word_set, 2, 1),
		STEP(word_read, 2),
		STEP(word_wait, 2, 0),
		STEP(rcu_wait),
	};
	struct scenario s = { .agents = { RUNS(C0, LEFT), RUNS(C1, RIGHT) }, ONE_PAGE };
	struct step left[ARRAY_SIZE(LEFT_steps)];

	(void)state;
	memcpy(left, LEFT_steps, sizeof left);
	s.agents[C0].steps = left;
	for (unsigned i = 0; i < ARRAY_SIZE(are); i++) {
		left[1] = are[i];
		expect(RACING(&s), false, "0 1,1 0,1 1");
	}
	for (unsigned i = 0; i < ARRAY_SIZE(are_not); i++) {
		left[1] = are_not[i];
		expect(RACING(&s), false, "0 0,0 1,1 0,1 1");
	}
	/* One that is not executed is none. */
	left[1] = (struct step)STEP(fence);
	left[1].if_saw = R3;
	left[1].is = O;
	expect(RACING(&s), false, "0 0,0 1,1 0,1 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(store_buffers),
		cmocka_unit_test(fences),
	};

	return cmocka_run_group_tests_name("model fences", tests, golden_set_up, golden_tear_down);
}
