/* References, words, interrupts, grace periods, guards: the model against sets worked out by hand. */
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

#define UNMAP_PUT_STEPS(step) \
	step(1, pte_clear, A) \
	step(2, put, P0, R3)
#define GUP_STEPS(step)          \
	step(1, pte_read, A, R1) \
	step(2, try_get, R1, R2)
#define GUP_PUT_STEPS(step)      \
	step(1, pte_read, A, R1) \
	step(2, try_get, R1, R2) \
	step                     \
	##_if(3, R2, YES, put_seen, R1)
#define PUT_STEPS(step)   step(1, put, P0, R1)
#define PUT_2_STEPS(step) step(1, put, P0, R2)
LISTING(UNMAP_PUT)
LISTING(GUP)
LISTING(GUP_PUT)
LISTING(PUT)
LISTING(PUT_2)

/* A page whose last reference is gone cannot be had; who was there before keeps it. */
static void references(void **state)
{
	const struct scenario gup = { .agents = { RUNS(C0, UNMAP_PUT), RUNS(C1, GUP) }, ONE_PAGE };
	const struct scenario back = { .agents = { RUNS(C0, UNMAP_PUT), RUNS(C1, GUP_PUT) },
				       ONE_PAGE };
	const struct scenario twice = { .agents = { RUNS(C0, PUT), RUNS(C1, PUT_2) }, ONE_PAGE };

	(void)state;
	expect(RACING(&gup), false, "P0 yes 1,P0 no 0,empty no 0");
	/* Taken and given back in time there is one left to put. */
	expect(RACING(&back), false, "P0 yes 1,P0 yes 0,P0 no 0,empty no 0");
	expect(RACING(&twice), false, "0 fault,fault 0");
}

#define ALLOC_PEEK_STEPS(step) \
	step(1, alloc, P0, R2) \
	step(2, peek, P0, R3)
#define GET_PUT_STEPS(step)  \
	step(1, get, P0)     \
	step(2, put, P0, R1) \
	step(3, put, P0, R2)
#define PUT_REUSE_PUT_STEPS(step) \
	step(1, put, P0, R1)      \
	step(2, reuse, P0)        \
	step(3, put, P0, R2)
LISTING(PUT_REUSE_PUT)
LISTING(ALLOC_PEEK)
LISTING(GET_PUT)

/* The stranger takes only what is free, and then it is the stranger's. */
static void a_stranger(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, PUT), RUNS(C1, ALLOC_PEEK) }, ONE_PAGE };
	const struct scenario reused = { .agents = { RUNS(C0, PUT_REUSE_PUT) }, ONE_PAGE };
	const struct scenario count = { .agents = { RUNS(C0, GET_PUT) }, ONE_PAGE };

	(void)state;
	expect(RACING(&s), false, "0 yes S,0 no O");
	expect(RACING(&count), false, "1 0");
	expect(RACING(&reused), true, "0 0 S N nothing");
}

#define MARK_STEPS(step)                    \
	step(1, pte_set, A, P1, RW_SPECIAL) \
	step(2, tell, C1)
#define REFUSE_STEPS(step)       \
	step(1, pte_read, A, R1) \
	step(2, try_get, R1, R2) \
	step(3, heed, C0)        \
	step(4, store, A, Y, R3)
LISTING(MARK)
LISTING(REFUSE)

/* A mark of software's: a lockless walker has nothing that it could take; to hardware the page is as any other. */
static void what_is_marked(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, MARK), RUNS(C1, REFUSE) },
				    .maps = { { P0, RW } },
				    .content = { O, N },
				    .refs = { 1, 1 } };

	(void)state;
	expect(RACING(&s), true,
	       "P0 yes landed O Y nothing,P0 yes landed Y N nothing,special no landed O Y nothing,"
	       "special no landed Y N nothing");
}

#define WAIT_PEEK_STEPS(step)    \
	step(1, ref_wait, P0, 2) \
	step(2, peek, P1, R1)
#define COPY_GET_STEPS(step)  \
	step(1, copy, P0, P1) \
	step(2, get, P0)
LISTING(WAIT_PEEK)
LISTING(COPY_GET)

/* Who sees the reference sees what was stored before it was taken. */
static void a_number_of_references(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, WAIT_PEEK), RUNS(C1, COPY_GET) },
				    ONE_PAGE };

	(void)state;
	expect(RACING(&s), false, "O");
	expect(LEFT_OUT(&s, C0, 1), false, "O,N");
}

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

#define SET_B_CR3_STEPS(step)       \
	step(1, pte_set, A, P1, RW) \
	step(2, pte_set, B, P1, RW) \
	step(3, cr3_load)           \
	step(4, load, A, R1)        \
	step(5, load, B, R2)
#define SET_B_ALL_STEPS(step)       \
	step(1, pte_set, A, P1, RW) \
	step(2, pte_set, B, P1, RW) \
	step(3, flush_all)          \
	step(4, load, A, R1)        \
	step(5, load, B, R2)
#define BROADCAST_STEPS(step)       \
	step(1, pte_set, A, P1, RW) \
	step(2, broadcast, A)       \
	step(3, load, A, R1)
LISTING(BROADCAST)
LISTING(SET_B_CR3)
LISTING(SET_B_ALL)

static void all_entries_of_a_cpu(void **state)
{
	const struct scenario one = { .agents = { RUNS(C0, BROADCAST) }, ONE_PAGE };
	const struct scenario cr3 = { .agents = { RUNS(C0, SET_B_CR3) },
				      .maps = { { P0, RW }, { P0, RW } },
				      .content = { O, N } };
	const struct scenario all = { .agents = { RUNS(C0, SET_B_ALL) },
				      .maps = { { P0, RW }, { P0, RW } },
				      .content = { O, N } };

	(void)state;
	expect(RACING(&cr3), false, "N N");
	expect(LEFT_OUT(&cr3, C0, 3), false, "N N,N O,O N,O O");
	expect(RACING(&all), false, "N N");
	expect(RACING(&one), false, "N");
}

#define UNMAP_FLUSH_STEPS(step) \
	step(1, pte_clear, A)   \
	step(2, cpu_flush, A)   \
	step(3, reuse, P0)
#define UNMAP_BROADCAST_STEPS(step) \
	step(1, pte_clear, A)       \
	step(2, broadcast, A)       \
	step(3, reuse, P0)
#define UNMAP_RCU_STEPS(step) \
	step(1, pte_clear, A) \
	step(2, rcu_start)    \
	step(3, rcu_wait)     \
	step(4, reuse, P0)
#define WALKER_STEPS(step)       \
	step(1, cli)             \
	step(2, pte_read, A, R1) \
	step(3, peek, P0, R2)    \
	step(4, sti)
#define WALKER_AGAIN_STEPS(step) \
	step(1, cli)             \
	step(2, sti)             \
	step(3, cli)             \
	step(4, pte_read, A, R1) \
	step(5, peek, P0, R2)    \
	step(6, sti)
LISTING(WALKER_AGAIN)
LISTING(UNMAP_FLUSH)
LISTING(UNMAP_BROADCAST)
LISTING(UNMAP_RCU)
LISTING(WALKER)

/*
 * A19, A20: who has seen P0 with interrupts off reads O: an IPI waits for the sti, and so does a grace period. A broadcast
 * does not. Who found nothing may read either.
 */
static void a_lockless_walker(void **state)
{
	const struct scenario ipi = { .agents = { RUNS(C0, UNMAP_FLUSH), RUNS(C1, WALKER) },
				      ONE_PAGE };
	const struct scenario all = { .agents = { RUNS(C0, UNMAP_BROADCAST), RUNS(C1, WALKER) },
				      ONE_PAGE };
	const struct scenario rcu = { .agents = { RUNS(C0, UNMAP_RCU), RUNS(C1, WALKER) },
				      ONE_PAGE };
	const struct scenario again = { .agents = { RUNS(C0, UNMAP_RCU), RUNS(C1, WALKER_AGAIN) },
					ONE_PAGE };
	const char *good = "P0 O,empty O,empty S", *bad = "P0 O,P0 S,empty O,empty S";

	(void)state;
	expect(RACING(&ipi), false, good);
	expect(STEPPED(&ipi), false, good);
	expect(RACING(&all), false, bad);
	expect(STEPPED(&all), false, bad);
	expect(RACING(&rcu), false, good);
	expect(STEPPED(&rcu), false, good);
	expect(RACING(&again), false, good);
	/* No wait; a snapshot before the clear; a section that is none. */
	expect(LEFT_OUT(&rcu, C0, 3), false, bad);
	expect(SWAP_OF(&rcu, C0, 1, 2), false, bad);
	expect(LEFT_OUT(&rcu, C1, 1), false, bad);
	expect(LEFT_OUT(&ipi, C1, 1), false, bad);
}

#define UNMAP_IPI_STEPS(step) \
	step(1, pte_clear, A) \
	step(2, ipi, A)       \
	step(3, ipi_wait)     \
	step(4, tell, C1)
#define HEED_LOAD_STEPS(step) \
	step(1, heed, C0)     \
	step(2, load, A, R1)
#define CLI_HEED_LOAD_STEPS(step) \
	step(1, cli)              \
	step(2, heed, C0)         \
	step(3, load, A, R1)      \
	step(4, sti)
LISTING(UNMAP_IPI)
LISTING(HEED_LOAD)
LISTING(CLI_HEED_LOAD)

/* Without the wait the handler may come late in a race. Step by step it comes at once, unless interrupts are off. */
static void an_ipi_in_two_halves(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, UNMAP_IPI), RUNS(C1, HEED_LOAD) },
				    ONE_PAGE };
	const struct scenario off = { .agents = { RUNS(C0, UNMAP_IPI), RUNS(C1, CLI_HEED_LOAD) },
				      ONE_PAGE };
	struct model_query q = LEFT_OUT(&s, C0, 3);

	(void)state;
	expect(RACING(&s), false, "fault");
	expect(q, false, "O,fault");
	q.mode = MODEL_STEPPED;
	expect(q, false, "fault");
	q = LEFT_OUT(&off, C0, 3);
	expect(q, false, "O,fault");
	q.mode = MODEL_STEPPED;
	expect(q, false, "O,fault");
}

#define READ_SAME_STEPS(step)    \
	step(1, pte_read, A, R1) \
	step(2, pte_same, A, R1, R2)
#define EXCHANGE_STEPS(step) step(1, pte_exchange, A, P1, RW)
#define TAG_STEPS(step)                \
	step(1, pte_tag, A, MIGRATION) \
	step(2, pte_read, A, R1)       \
	step(3, invlpg, A)             \
	step(4, load, A, R2)
LISTING(READ_SAME)
LISTING(EXCHANGE)
LISTING(TAG)

static void entries_by_software(void **state)
{
	const struct scenario same = { .agents = { RUNS(C0, READ_SAME), RUNS(C1, EXCHANGE) },
				       ONE_PAGE };
	const struct scenario tag = { .agents = { RUNS(C0, TAG) }, ONE_PAGE };

	(void)state;
	expect(RACING(&same), false, "P0 yes,P0 no,P1 yes");
	expect(RACING(&tag), false, "migration fault");
}

#define COMPARE_STEPS(step)   step(1, compare, P0, P1, R1)
#define COMPARE_2_STEPS(step) step(1, compare, P1, P0, R1)
#define BOTH_STEPS(step)   \
	step(1, reuse, P0) \
	step(2, copy, K, P1)
#define SEEN_STEPS(step)         \
	step(1, pte_read, A, R1) \
	step(2, store_seen, R1, Y)
LISTING(COMPARE)
LISTING(COMPARE_2)
LISTING(BOTH)
LISTING(SEEN)

/* P0 and P1 are O N, S N, S O: never equal, but to who reads P0 before and P1 after; either may be read first. */
static void frames_by_alias(void **state)
{
	const struct scenario one = { .agents = { RUNS(C0, COMPARE), RUNS(C1, BOTH) },
				      .content = { O, N, O } };
	const struct scenario other = { .agents = { RUNS(C0, COMPARE_2), RUNS(C1, BOTH) },
					.content = { O, N, O } };
	const struct scenario seen = { .agents = { RUNS(C0, SEEN), RUNS(C1, EXCHANGE) }, ONE_PAGE };
	const struct scenario different = { .agents = { RUNS(C0, COMPARE) }, ONE_PAGE };
	const struct scenario equal = { .agents = { RUNS(C0, COMPARE) }, .content = { O, O } };

	(void)state;
	expect(RACING(&one), false, "yes,no");
	expect(RACING(&other), false, "yes,no");
	expect(STEPPED(&one), false, "no");
	expect(RACING(&different), false, "no");
	expect(RACING(&equal), false, "yes");
	expect(RACING(&seen), true, "P0 Y N nothing,P1 O Y nothing");
}

#define GUARDED_STEPS(step)                   \
	step(1, word_read, 0, R1)             \
	step                                  \
	##_if(2, R1, COUNT(1), heed, C1) step \
	##_if(3, R1, COUNT(0), word_set, 1, 2) step(4, word_read, 1, R2)
#define SET_TELL_STEPS(step)    \
	step(1, word_set, 0, 1) \
	step(2, tell, C0)
LISTING(GUARDED)
LISTING(SET_TELL)

/* A step whose guard does not hold does nothing, and blocks nobody: with 0 read there is no tell to wait for. */
static void guards(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, GUARDED), RUNS(C1, SET_TELL) } };

	(void)state;
	expect(RACING(&s), false, "0 2,1 0");
	expect(ORDER(&s, "000011"), false, "0 2");
	expect(LEFT_OUT(&s, C1, 1), false, "0 2");
}

#define MASKED_FLUSH_STEPS(step) \
	step(1, cli)             \
	step(2, cpu_flush, A)    \
	step(3, sti)
LISTING(MASKED_FLUSH)

static bool accept(void *arg, const struct outcome *seen)
{
	(void)arg;
	(void)seen;
	return true;
}

/* Two that wait for each other with interrupts off: for ever, if both are past their cli. */
static void waiting_for_ever(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, MASKED_FLUSH), RUNS(C1, MASKED_FLUSH) },
				    ONE_PAGE };
	struct model_query q = { .scenario = &s, .profile = &model_arch };

	(void)state;
	for (q.mode = MODEL_STEPPED; q.mode <= MODEL_RACING; q.mode++) {
		struct model_result r = model_run(&q, &golden_memory, accept, NULL);
		assert_true(r.stuck && r.outcomes);
	}
	q.order = "001011";
	q.mode = MODEL_STEPPED;
	assert_int_equal(model_run(&q, &golden_memory, accept, NULL).outcomes, 1);
	q.order = "010011";
	struct model_result r = model_run(&q, &golden_memory, accept, NULL);
	assert_true(r.stuck && !r.outcomes && r.reached == 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references),           cmocka_unit_test(a_stranger),
		cmocka_unit_test(what_is_marked),       cmocka_unit_test(a_number_of_references),
		cmocka_unit_test(store_buffers),        cmocka_unit_test(fences),
		cmocka_unit_test(all_entries_of_a_cpu), cmocka_unit_test(a_lockless_walker),
		cmocka_unit_test(an_ipi_in_two_halves), cmocka_unit_test(entries_by_software),
		cmocka_unit_test(frames_by_alias),      cmocka_unit_test(guards),
		cmocka_unit_test(waiting_for_ever),
	};

	return cmocka_run_group_tests_name("model software", tests, golden_set_up,
					   golden_tear_down);
}
