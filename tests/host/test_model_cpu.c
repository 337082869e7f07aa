/* TLBs: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* One page: A is P0, which holds O; P1 holds N. */
#define ONE_PAGE .maps = { { P0, RW } }, .content = { O, N }

#define SET_LOAD_STEPS(step)        \
	step(1, pte_set, A, P1, RW) \
	step(2, load, A, R1)
#define SET_INVLPG_LOAD_STEPS(step) \
	step(1, pte_set, A, P1, RW) \
	step(2, invlpg, A)          \
	step(3, load, A, R1)
#define INVLPG_SET_LOAD_STEPS(step) \
	step(1, invlpg, A)          \
	step(2, pte_set, A, P1, RW) \
	step(3, load, A, R1)
#define CLEAR_LOADS_STEPS(step) \
	step(1, pte_clear, A)   \
	step(2, load, A, R1)    \
	step(3, load, A, R2)
#define LOAD_A_STEPS(step) step(1, load, A)
LISTING(SET_LOAD)
LISTING(SET_INVLPG_LOAD)
LISTING(INVLPG_SET_LOAD)
LISTING(CLEAR_LOADS)
LISTING(LOAD_A)

/*
 * The TLB may have A by itself, so that a warm-up changes nothing: O is always possible without INVLPG, N as an
 * entry can be dropped. INVLPG before the store is no help: a walk in between has the old PTE.
 */
static void a_tlb_entry_without_invlpg(void **state)
{
	const struct scenario cold = { .agents = { RUNS(C0, SET_LOAD) }, ONE_PAGE };
	const struct scenario warm = { .agents = { RUNS(C0, SET_LOAD) },
				       .warm = { RUNS(C0, LOAD_A) },
				       ONE_PAGE };

	(void)state;
	expect(RACING(&cold), false, "O,N");
	expect(RACING(&warm), false, "O,N");
	/* QEMU uses what it has, and loads nothing by itself. */
	expect(QEMU(&cold), false, "N");
	expect(QEMU(&warm), false, "O");
}

static void a_tlb_entry_with_invlpg(void **state)
{
	const struct scenario after = { .agents = { RUNS(C0, SET_INVLPG_LOAD) }, ONE_PAGE };
	const struct scenario before = { .agents = { RUNS(C0, INVLPG_SET_LOAD) }, ONE_PAGE };

	(void)state;
	expect(RACING(&after), false, "N");
	expect(RACING(&before), false, "O,N");
}

/* A #PF drops what is cached for its page (SDM 3A 4.10.4.1): no O after it. QEMU's does not, but uses its entry first. */
static void a_fault_drops_the_entry(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, CLEAR_LOADS) },
				    .warm = { RUNS(C0, LOAD_A) },
				    ONE_PAGE };

	(void)state;
	expect(RACING(&s), false, "O O,O fault,fault fault");
	expect(QEMU(&s), false, "O O");
}

#define REMAP_STEPS(step)           \
	step(1, pte_set, A, P1, RW) \
	step(2, invlpg, A)          \
	step(3, tell, C1)
#define SHOOT_STEPS(step)           \
	step(1, pte_set, A, P1, RW) \
	step(2, cpu_flush, A)       \
	step(3, tell, C1)
#define HEED_LOAD_STEPS(step) \
	step(1, heed, C0)     \
	step(2, load, A, R1)
LISTING(REMAP)
LISTING(SHOOT)
LISTING(HEED_LOAD)

/* INVLPG is for one's own TLB; a shootdown is for all, and over when all have acknowledged. */
static void remote_entries(void **state)
{
	const struct scenario local = { .agents = { RUNS(C0, REMAP), RUNS(C1, HEED_LOAD) },
					ONE_PAGE };
	const struct scenario shot = { .agents = { RUNS(C0, SHOOT), RUNS(C1, HEED_LOAD) },
				       ONE_PAGE };

	(void)state;
	expect(RACING(&local), false, "O,N");
	expect(RACING(&shot), false, "N");
}

#define UNMAPPED .maps = { { P0, 0 }, { P1, 0 } }, .content = { O, N }
#define MAP_A_LOAD_B_STEPS(step)    \
	step(1, pte_set, A, P0, RW) \
	step(2, load, B, R1)
#define MAP_B_LOAD_A_STEPS(step)    \
	step(1, pte_set, B, P1, RW) \
	step(2, load, A, R2)
#define MAP_LOAD_A_STEPS(step)      \
	step(1, pte_set, A, P0, RW) \
	step(2, load, A, R1)
LISTING(MAP_A_LOAD_B)
LISTING(MAP_B_LOAD_A)
LISTING(MAP_LOAD_A)

/* A PTE is stored like any word: late, and both may find the other's not present. But a CPU's own walk sees its own. */
static void a_pte_in_the_store_buffer(void **state)
{
	const struct scenario both = { .agents = { RUNS(C0, MAP_A_LOAD_B), RUNS(C1, MAP_B_LOAD_A) },
				       UNMAPPED };
	const struct scenario own = { .agents = { RUNS(C0, MAP_LOAD_A) }, UNMAPPED };

	(void)state;
	expect(RACING(&both), false, "fault fault,fault O,N fault,N O");
	expect(STEPPED(&both), false, "fault O,N fault,N O");
	expect(RACING(&own), false, "O");
}

/* A is P0, B is not mapped; what is copied to K is what C0 reads after its fault. */
#define STORE_FAULT_COPY_STEPS(step) \
	step(1, store, A, N)         \
	step(2, load, B, R1)         \
	step(3, copy, P1, K)
#define COPY_LOCK_LOAD_STEPS(step) \
	step(1, copy, Q0, P1)      \
	step(2, lock, 0)           \
	step(3, load, A, R2)
LISTING(STORE_FAULT_COPY)
LISTING(COPY_LOCK_LOAD)

/* Store buffering again: the IRET of the fault's handler empties the buffer, so that one of them reads the new word. */
static void a_fault_is_a_fence(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, STORE_FAULT_COPY),
						RUNS(C1, COPY_LOCK_LOAD) },
				    .maps = { { P0, RW } },
				    .content = { O, O, [Q0] = N } };

	(void)state;
	expect(RACING(&s), true, "fault N N N N,fault O N N N,fault N N N O");
	expect(LEFT_OUT(&s, C0, 2), true, "N N N N,O N N N,N N N O,O N N O");
}

#define SET_SHOOT_LOAD_STEPS(step)  \
	step(1, pte_set, A, P1, RW) \
	step(2, cpu_flush, A)       \
	step(3, load_mark, A, R1)
#define OTHER_PAGE_STEPS(step)      \
	step(1, pte_set, A, P1, RW) \
	step(2, invlpg, B)          \
	step(3, load_mark, A, R1)
LISTING(SET_SHOOT_LOAD)
LISTING(OTHER_PAGE)

/* A shootdown flushes the CPU that asks for it too; one page's flush is not another's. */
static void which_entries(void **state)
{
	const struct scenario own = { .agents = { RUNS(C0, SET_SHOOT_LOAD) }, ONE_PAGE };
	const struct scenario other = { .agents = { RUNS(C0, OTHER_PAGE) }, ONE_PAGE };

	(void)state;
	expect(RACING(&own), false, "P1");
	expect(RACING(&other), false, "P0,P1");
}

#define WARM_STORE_STEPS(step)   \
	step(1, store, A, X, R2) \
	step(2, load, A, R3)
#define ONE_LOAD_STEPS(step) step(1, load, A, R1)
LISTING(WARM_STORE)
LISTING(ONE_LOAD)

/* Of a warm-up only caches are left, not what it wrote and saw. */
static void after_a_warm_up(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, ONE_LOAD) },
				    .warm = { RUNS(C0, WARM_STORE) },
				    ONE_PAGE };

	(void)state;
	expect(RACING(&s), true, "O O N nothing");
}

#define MAP_A_LOCK_LOAD_B_STEPS(step) \
	step(1, pte_set, A, P0, RW)   \
	step(2, lock, 0)              \
	step(3, load, B, R1)
#define MAP_B_LOCK_LOAD_A_STEPS(step) \
	step(1, pte_set, B, P1, RW)   \
	step(2, lock, 1)              \
	step(3, load, A, R2)
LISTING(MAP_A_LOCK_LOAD_B)
LISTING(MAP_B_LOCK_LOAD_A)

static void ptes_and_locked_operations(void **state)
{
	const struct scenario s = {
		.agents = { RUNS(C0, MAP_A_LOCK_LOAD_B), RUNS(C1, MAP_B_LOCK_LOAD_A) }, UNMAPPED
	};

	(void)state;
	expect(RACING(&s), false, "fault O,N fault,N O");
	expect(LEFT_OUT(&s, C0, 2), false, "fault fault,fault O,N fault,N O");
}

#define LEAVES_STEPS(step)   \
	step(1, load, A, R1) \
	step(2, leave_mm)    \
	step(3, load, A, R2) \
	step(4, store, A, X, R3)
#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, R2)
#define LEAVES_AND_TELLS_STEPS(step) \
	step(1, leave_mm)            \
	step(2, tell, E)             \
	step(3, load, A, R1)
LISTING(LEAVES)
LISTING(DEVICE)
LISTING(LEAVES_AND_TELLS)

/* Nothing is cached of a space that was left, and nothing comes from there; a device needs no CPU in it. */
static void a_space_that_was_left(void **state)
{
	const struct scenario alone = { .agents = { RUNS(C0, LEAVES) },
					.warm = { RUNS(C0, LOAD_A) },
					ONE_PAGE };
	const struct scenario walked = { .agents = { RUNS(C0, LEAVES_AND_TELLS), RUNS(E, DEVICE) },
					 ONE_PAGE };

	(void)state;
	expect(RACING(&alone), false, "O fault fault");
	expect(QEMU(&alone), false, "O fault fault");
	expect(RACING(&walked), false, "fault O");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tlb_entry_without_invlpg),
		cmocka_unit_test(a_tlb_entry_with_invlpg),
		cmocka_unit_test(a_fault_drops_the_entry),
		cmocka_unit_test(remote_entries),
		cmocka_unit_test(a_pte_in_the_store_buffer),
		cmocka_unit_test(a_fault_is_a_fence),
		cmocka_unit_test(which_entries),
		cmocka_unit_test(after_a_warm_up),
		cmocka_unit_test(ptes_and_locked_operations),
		cmocka_unit_test(a_space_that_was_left),
	};

	return cmocka_run_group_tests_name("model cpu", tests, golden_set_up, golden_tear_down);
}
