/* Store buffers: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* Two words, two CPUs, nothing remapped: x86-TSO's own tests. P0 and P1 hold O. */
#define TWO_WORDS .maps = { { P0, RW }, { P1, RW } }, .content = { O, O }

#define STORE_A_LOAD_B_STEPS(step) \
	step(1, store, A, N)       \
	step(2, load, B, R1)
#define STORE_B_LOAD_A_STEPS(step) \
	step(1, store, B, N)       \
	step(2, load, A, R2)
LISTING(STORE_A_LOAD_B)
LISTING(STORE_B_LOAD_A)

/* Both stores may wait in their buffers while both loads read: O O. Not so if each is done before the next step. */
static void store_buffering(void **state)
{
	const struct scenario s = {
		.agents = { RUNS(C0, STORE_A_LOAD_B), RUNS(C1, STORE_B_LOAD_A) }, TWO_WORDS
	};

	(void)state;
	expect(RACING(&s), false, "O O,O N,N O,N N");
	expect(STEPPED(&s), false, "O N,N O,N N");
	expect(ORDER(&s, "0011"), false, "O N");
}

#define STORE_LOCK_LOAD_B_STEPS(step) \
	step(1, store, A, N)          \
	step(2, lock, 0)              \
	step(3, load, B, R1)
#define STORE_LOCK_LOAD_A_STEPS(step) \
	step(1, store, B, N)          \
	step(2, lock, 1)              \
	step(3, load, A, R2)
LISTING(STORE_LOCK_LOAD_B)
LISTING(STORE_LOCK_LOAD_A)

/* A locked operation in between empties the buffer: whoever is second reads N. With one lock only, O O again. */
static void store_buffering_with_locked_operations(void **state)
{
	const struct scenario s = {
		.agents = { RUNS(C0, STORE_LOCK_LOAD_B), RUNS(C1, STORE_LOCK_LOAD_A) }, TWO_WORDS
	};

	(void)state;
	expect(RACING(&s), false, "O N,N O,N N");
	expect(LEFT_OUT(&s, C0, 2), false, "O O,O N,N O,N N");
}

#define STORE_A_STORE_B_STEPS(step) \
	step(1, store, A, N)        \
	step(2, store, B, N)
#define LOAD_B_LOAD_A_STEPS(step) \
	step(1, load, B, R1)      \
	step(2, load, A, R2)
LISTING(STORE_A_STORE_B)
LISTING(LOAD_B_LOAD_A)

/* Buffers are first in, first out: the new B and then the old A is not seen. */
static void message_passing(void **state)
{
	const struct scenario s = {
		.agents = { RUNS(C0, STORE_A_STORE_B), RUNS(C1, LOAD_B_LOAD_A) }, TWO_WORDS
	};

	(void)state;
	expect(RACING(&s), false, "O O,O N,N N");
}

#define LOAD_A_STORE_B_STEPS(step) \
	step(1, load, A, R1)       \
	step(2, store, B, N)
#define LOAD_B_STORE_A_STEPS(step) \
	step(1, load, B, R2)       \
	step(2, store, A, N)
#define STORE_LOAD_A_STEPS(step) \
	step(1, store, A, N)     \
	step(2, load, A, R1)     \
	step(3, load, B, R2)
LISTING(LOAD_A_STORE_B)
LISTING(LOAD_B_STORE_A)
LISTING(STORE_LOAD_A)

/* A load is not delayed behind a later store: not both new. */
static void load_buffering(void **state)
{
	const struct scenario s = {
		.agents = { RUNS(C0, LOAD_A_STORE_B), RUNS(C1, LOAD_B_STORE_A) }, TWO_WORDS
	};

	(void)state;
	expect(RACING(&s), false, "O O,O N,N O");
}

/* A CPU reads its own store before others do: own N and the other's old word, on both sides at once. */
#define STORE_LOAD_B_STEPS(step) \
	step(1, store, B, N)     \
	step(2, load, B)         \
	step(3, load, A, R3)
LISTING(STORE_LOAD_B)
static void own_stores_first(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, STORE_LOAD_A), RUNS(C1, STORE_LOAD_B) },
				    TWO_WORDS };

	(void)state;
	expect(RACING(&s), false, "N O O,N O N,N N O,N N N");
}

/* What lets nothing pass that is in the store buffer: neither CPU reads an old word behind it. */
#define STORE_INVLPG_LOAD_B_STEPS(step) \
	step(1, store, A, N)            \
	step(2, invlpg, A)              \
	step(3, load, B, R1)
#define STORE_CLEAR_LOAD_B_STEPS(step) \
	step(1, copy, K, P0)           \
	step(2, pte_clear, A)          \
	step(3, load, B, R1)
#define STORE_QUEUE_LOAD_B_STEPS(step) \
	step(1, store, A, N)           \
	step(2, iommu_queue, A)        \
	step(3, load, B, R1)
#define STORE_WAIT_LOAD_B_STEPS(step) \
	step(1, store, A, N)          \
	step(2, iommu_wait)           \
	step(3, load, B, R1)
#define STORE_FLUSH_LOAD_B_STEPS(step) \
	step(1, store, A, N)           \
	step(2, iommu_flush, A)        \
	step(3, load, B, R1)
#define STORE_DMA_LOAD_B_STEPS(step) \
	step(1, store, A, N)         \
	step(2, dma_read, A)         \
	step(3, load, B, R1)
LISTING(STORE_INVLPG_LOAD_B)
LISTING(STORE_CLEAR_LOAD_B)
LISTING(STORE_QUEUE_LOAD_B)
LISTING(STORE_WAIT_LOAD_B)
LISTING(STORE_FLUSH_LOAD_B)
LISTING(STORE_DMA_LOAD_B)

/* The other side is fenced by a lock; so is K, which holds N, copied where a PTE is cleared and A read by alias. */
static void fences(void **state)
{
	const struct agent one[] = { RUNS(0, STORE_INVLPG_LOAD_B), RUNS(1, STORE_QUEUE_LOAD_B),
				     RUNS(2, STORE_WAIT_LOAD_B), RUNS(3, STORE_FLUSH_LOAD_B),
				     RUNS(4, STORE_DMA_LOAD_B) };
	struct scenario s = { .agents = { [C1] = { "C1", STORE_LOCK_LOAD_A_steps, 3 } },
			      TWO_WORDS };

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(one); i++) {
		s.agents[C0] = one[i];
		expect(RACING(&s), false, "O N,N O,N N");
		expect(LEFT_OUT(&s, C0, 2), false, "O O,O N,N O,N N");
	}
}

#define COPY_LOCK_COPY_STEPS(step) \
	step(1, copy, K, P1)       \
	step(2, lock, 1)           \
	step(3, copy, P0, Q0)      \
	step(4, copy, Q0, K)
LISTING(COPY_LOCK_COPY)

/* An XCHG to a PTE: what C1 reads of P0 goes to K. */
static void clearing_a_pte_is_a_fence(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, STORE_CLEAR_LOAD_B),
						RUNS(C1, COPY_LOCK_COPY) },
				    .maps = { { P0, RW }, { P1, RW } },
				    .content = { O, O, [K] = N } };

	(void)state;
	expect(RACING(&s), true, "O N N N,N N N N,N N N O,N O N O");
	expect(LEFT_OUT(&s, C0, 2), true, "O N N N,N N N N,N N N O,N O N O,O N N O");
}

#define STORE_SHOOT_LOAD_A_STEPS(step) \
	step(1, store, B, N)           \
	step(2, cpu_flush, B)          \
	step(3, load, A, R2)
LISTING(STORE_SHOOT_LOAD_A)

/* A shootdown is a fence for the CPU that asks, and for the one that is asked. */
static void a_shootdown_is_a_fence(void **state)
{
	const struct scenario s = {
		.agents = { RUNS(C0, STORE_A_LOAD_B), RUNS(C1, STORE_SHOOT_LOAD_A) }, TWO_WORDS
	};

	(void)state;
	expect(RACING(&s), false, "O N,N O,N N");
}

#define TELLS_STEPS(step)    \
	step(1, store, A, N) \
	step(2, load, B, R1) \
	step(3, tell, C1)    \
	step(4, tell, C2)
#define FIRST_STEPS(step) \
	step(1, heed, C0) \
	step(2, load, A, R2)
#define SECOND_STEPS(step) \
	step(1, heed, C0)  \
	step(2, load, A, R3)
LISTING(TELLS)
LISTING(FIRST)
LISTING(SECOND)

/* Flags are stores too, one each, behind what they tell of. */
static void telling(void **state)
{
	const struct scenario s = {
		.agents = { RUNS(C0, TELLS), RUNS(C1, FIRST), RUNS(C2, SECOND) }, TWO_WORDS
	};

	(void)state;
	expect(RACING(&s), false, "O N N");
	expect(STEPPED(&s), false, "O N N");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(store_buffering),
		cmocka_unit_test(store_buffering_with_locked_operations),
		cmocka_unit_test(message_passing),
		cmocka_unit_test(load_buffering),
		cmocka_unit_test(own_stores_first),
		cmocka_unit_test(fences),
		cmocka_unit_test(clearing_a_pte_is_a_fence),
		cmocka_unit_test(a_shootdown_is_a_fence),
		cmocka_unit_test(telling),
	};

	return cmocka_run_group_tests_name("model tso", tests, golden_set_up, golden_tear_down);
}
