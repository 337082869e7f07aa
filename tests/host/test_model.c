/* The model: what it refuses, its bounds, positions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* One page: A is P0, which holds O; P1 holds N. */
#define ONE_PAGE .maps = { { P0, RW } }, .content = { O, N }

#define LEFT_STEPS(step)     \
	step(1, store, A, N) \
	step(2, load, B, R1)
#define RIGHT_STEPS(step)    \
	step(1, store, B, N) \
	step(2, load, A, R2)
#define HEED_READ_STEPS(step) \
	step(1, heed, C0)     \
	step(2, dma_read, A, R1)
LISTING(LEFT)
LISTING(RIGHT)
LISTING(HEED_READ)

static bool accept(void *arg, const struct outcome *seen)
{
	unsigned *n = arg;

	(void)seen;
	if (n)
		++*n;
	return true;
}

/* What cannot be executed has a sentence. */
#define DEVICE_STORES_STEPS(step) step(1, store, A, N)
#define NO_SUCH_FRAME_STEPS(step) step(1, copy, P0, FRAMES)
#define REFUSED_STEPS(step)   \
	step(1, pte_clear, A) \
	step(2, invlpg, A)    \
	step(3, store, A, N)
#define FOREIGN_GUARD_STEPS(step) \
	step                      \
	##_if(1, R1, O, load, A, R2)
#define WORD_TOO_LARGE_STEPS(step) step(1, word_set, 0, COUNTS)
LISTING(FOREIGN_GUARD)
LISTING(WORD_TOO_LARGE)
LISTING(DEVICE_STORES)
LISTING(NO_SUCH_FRAME)
LISTING(REFUSED)

static struct model_result run(const struct scenario *s, const char *order)
{
	struct model_query q = { .scenario = s, .order = order, .profile = &model_arch };

	return model_run(&q, &golden_memory, accept, NULL);
}

static void what_cannot_be_executed(void **state)
{
	const struct scenario device = { .agents = { RUNS(E, DEVICE_STORES) }, ONE_PAGE };
	const struct scenario frame = { .agents = { RUNS(C0, NO_SUCH_FRAME) }, ONE_PAGE };
	const struct scenario refused = { .agents = { RUNS(C0, REFUSED) }, ONE_PAGE };
	const struct scenario untold = { .agents = { RUNS(E, HEED_READ) }, ONE_PAGE };
	const struct scenario foreign = { .agents = { RUNS(C0, LEFT), RUNS(C1, FOREIGN_GUARD) },
					  ONE_PAGE };
	const struct scenario large = { .agents = { RUNS(C0, WORD_TOO_LARGE) }, ONE_PAGE };
	const struct scenario start = { .agents = { RUNS(C0, LEFT) },
					ONE_PAGE,
					.words = { COUNTS } };
	const struct scenario fine = { .agents = { RUNS(C0, LEFT) }, ONE_PAGE };

	(void)state;
	assert_non_null(run(&device, NULL).wrong);
	assert_non_null(run(&frame, NULL).wrong);
	assert_non_null(run(&refused, NULL).wrong);
	assert_non_null(run(&foreign, NULL).wrong);
	assert_non_null(run(&large, NULL).wrong);
	assert_non_null(run(&start, NULL).wrong);
	assert_true(run(&untold, NULL).stuck);
	assert_non_null(run(&fine, "0").wrong);
	assert_non_null(run(&fine, "000").wrong);
	assert_non_null(run(&fine, "0x0").wrong);
	assert_null(run(&fine, "0 0").wrong);
}

/* Too little memory is told, whatever there was before. */
static void a_bound_is_told(void **state)
{
	static u64 bytes[8192];
	const struct scenario s = { .agents = { RUNS(C0, LEFT), RUNS(C1, RIGHT) },
				    .maps = { { P0, RW }, { P1, RW } },
				    .content = { O, O } };
	struct model_query q = RACING(&s);
	unsigned complete = 0;

	(void)state;
	q.profile = &model_arch;
	for (size_t size = 0; size <= sizeof bytes; size += 512) {
		struct model_memory m = model_memory(bytes, size);
		unsigned outcomes = 0;

		if (model_run(&q, &m, accept, &outcomes).complete) {
			assert_int_equal(outcomes, 4);
			complete++;
		}
	}
	assert_true(complete > 0 && complete < sizeof bytes / 512);
}

/* Positions count what is executed, from 1. */
static bool positions(void *arg, const struct outcome *seen)
{
	const u8 *want = arg;

	assert_int_equal(seen->when[C0][1], want[0]);
	assert_int_equal(seen->when[C0][2], want[1]);
	assert_int_equal(seen->when[C1][1], want[2]);
	assert_int_equal(seen->when[C1][2], want[3]);
	return true;
}

static void positions_in_an_order(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, LEFT), RUNS(C1, RIGHT) },
				    .maps = { { P0, RW }, { P1, RW } } };
	struct model_query q = { .scenario = &s, .order = "01 10", .profile = &model_arch };

	(void)state;
	model_run(&q, &golden_memory, positions, (u8[]){ 1, 4, 2, 3 });
	q.scenario = changed(&s, (struct change){ C1, 1, 0 });
	q.order = "010";
	model_run(&q, &golden_memory, positions, (u8[]){ 1, 3, 0, 2 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_executed),
		cmocka_unit_test(a_bound_is_told),
		cmocka_unit_test(positions_in_an_order),
	};

	return cmocka_run_group_tests_name("model", tests, golden_set_up, golden_tear_down);
}
