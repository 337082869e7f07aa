/* References, entries and frames by software, guards: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references),
		cmocka_unit_test(a_stranger),
		cmocka_unit_test(what_is_marked),
		cmocka_unit_test(a_number_of_references),
		cmocka_unit_test(entries_by_software),
		cmocka_unit_test(frames_by_alias),
		cmocka_unit_test(guards),
	};

	return cmocka_run_group_tests_name("model software", tests, golden_set_up,
					   golden_tear_down);
}
