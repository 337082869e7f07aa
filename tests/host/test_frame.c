#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mm/frame_pool.h"

enum { FRAMES = 64 };

static const u64 base = 0x7fff000; /* behind a multiple of 4096 frames by all but one */

static struct frame_pool *new_pool(void)
{
	struct frame_pool *p = calloc(1, sizeof *p);
	void *memory = aligned_alloc(4096, FRAMES * 4096);

	assert_non_null(p);
	assert_non_null(memory);
	/* Whatever firmware left there. */
	memset(memory, 0xa7, FRAMES * 4096);
	frame_pool_init(p, (struct pa){ base }, memory, FRAMES);
	return p;
}

static void end_pool(struct frame_pool *p)
{
	free(p->memory);
	free(p);
}

static u8 *bytes(struct frame_pool *p, struct pa pa) { return p->memory + (pa.v - base); }

static bool all(const u8 *p, u8 value)
{
	for (unsigned i = 0; i < 4096; i++)
		if (p[i] != value)
			return false;
	return true;
}

static void life(void **state)
{
	struct frame_pool *p = new_pool();
	struct pa pa = frame_pool_alloc(p, FRAME_TEST, 0);

	(void)state;
	/* The first is the metadata's. */
	assert_int_equal(p->used[FRAME_KERNEL], 1);
	assert_int_equal(pa.v, base + 4096);
	assert_true(all(bytes(p, pa), 0));
	assert_int_equal(frame_pool_find(p, pa)->refs, 1);
	assert_int_equal(frame_pool_find(p, pa)->kind, FRAME_TEST);
	assert_int_equal(p->used[FRAME_TEST], 1);

	frame_pool_find(p, pa)->refs++;
	assert_null(frame_pool_put(p, pa));
	assert_int_equal(p->used[FRAME_TEST], 1);
	assert_null(frame_pool_put(p, pa));
	/* Freed: no reference to be had any more (tryget from zero), poison. */
	assert_int_equal(p->used[FRAME_TEST], 0);
	assert_null(frame_pool_find(p, pa));
	assert_true(all(bytes(p, pa), FRAME_POISON));
	end_pool(p);
}

/* All of them, each once; then all again, the longest free first. */
static void exhaust(void **state)
{
	struct frame_pool *p = new_pool();
	struct pa freed[FRAMES] = { { 0 } };

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < FRAMES - 1; i++) {
			struct pa pa = frame_pool_alloc(p, FRAME_TABLE, 0);

			assert_true(!round || pa.v == freed[i].v);
			assert_true(pa.v && all(bytes(p, pa), 0));
			memset(bytes(p, pa), 0xff, 4096);
			if (!round)
				freed[FRAMES - 2 - i] = pa;
		}
		assert_int_equal(frame_pool_alloc(p, FRAME_TABLE, 0).v, 0);
		assert_int_equal(p->used[FRAME_TABLE], FRAMES - 1);
		if (!round)
			for (unsigned i = 0; i < FRAMES - 1; i++)
				assert_null(frame_pool_put(p, freed[i]));
	}
	assert_int_equal(p->damaged, 0);
	end_pool(p);
}

static void misuse(void **state)
{
	struct frame_pool *p = new_pool();
	struct pa pa = frame_pool_alloc(p, FRAME_DMA, 0);

	(void)state;
	assert_string_equal(frame_pool_put(p, (struct pa){ pa.v + 8 }), "is not a whole frame");
	assert_null(frame_pool_put(p, pa));
	assert_string_equal(frame_pool_put(p, pa), "is free already");
	assert_string_equal(frame_pool_put(p, (struct pa){ base + 40 * 4096 }), "is free already");
	assert_string_equal(frame_pool_put(p, (struct pa){ base - 1 }), "is not of the pool");
	assert_string_equal(frame_pool_put(p, (struct pa){ base + FRAMES * 4096 }),
			    "is not of the pool");
	assert_string_equal(frame_pool_put(p, (struct pa){ ~0ull }), "is not of the pool");
	assert_null(frame_pool_find(p, (struct pa){ 0 }));
	assert_null(frame_pool_find(p, (struct pa){ ~0ull }));
	/* None of this did anything. */
	assert_int_equal(frame_pool_alloc(p, FRAME_DMA, 0).v, pa.v);
	assert_int_equal(p->used[FRAME_DMA], 1);
	end_pool(p);
}

/* A write after the end of a frame's life is found when it is looked for, and when it is taken. */
static void damage(void **state)
{
	struct frame_pool *p = new_pool();
	struct pa a = frame_pool_alloc(p, FRAME_TEST, 0), b = frame_pool_alloc(p, FRAME_TEST, 0);

	(void)state;
	frame_pool_put(p, a);
	frame_pool_put(p, b);
	frame_pool_check(p);
	assert_int_equal(p->damaged, 0);

	bytes(p, b)[4095] ^= 1;
	frame_pool_check(p);
	assert_int_equal(p->damaged, 1);
	assert_int_equal(p->damage.v, b.v);
	frame_pool_check(p);
	assert_int_equal(p->damaged, 1);
	/* Whatever word it is in. */
	for (unsigned at = 0; at < PAGE_SIZE; at += 8) {
		bytes(p, b)[at + at / 8 % 8] ^= 0x80;
		frame_pool_check(p);
		assert_int_equal(p->damaged, 2 + at / 8);
	}
	p->damaged = 1;

	bytes(p, a)[0] = 0;
	assert_int_equal(frame_pool_alloc(p, FRAME_TEST, 0).v, a.v);
	assert_int_equal(p->damaged, 2);
	assert_int_equal(p->damage.v, a.v);
	assert_true(all(bytes(p, a), 0));
	/* In use: writes are welcome. */
	bytes(p, a)[0] = 1;
	frame_pool_check(p);
	assert_int_equal(p->damaged, 2);
	end_pool(p);
}

/* A frame rests before it is used again, so that who still writes to it is found; unless frames run out. */
static void rest(void **state)
{
	struct frame_pool *p = new_pool();
	struct pa pa[3];

	(void)state;
	p->rest = 2;
	for (unsigned i = 0; i < 3; i++)
		pa[i] = frame_pool_alloc(p, FRAME_TEST, 0);
	frame_pool_put(p, pa[0]);
	frame_pool_put(p, pa[1]);
	assert_int_equal(frame_pool_alloc(p, FRAME_TEST, 0).v, pa[2].v + 4096);
	frame_pool_put(p, pa[2]);
	assert_int_equal(frame_pool_alloc(p, FRAME_TEST, 0).v, pa[0].v);
	p->fresh = p->frames;
	assert_int_equal(frame_pool_alloc(p, FRAME_TEST, 0).v, pa[1].v);
	end_pool(p);
}

static void orders(void **state)
{
	struct frame_pool *p = new_pool();
	struct pa one = frame_pool_alloc(p, FRAME_KERNEL, 0), four, sixteen;

	(void)state;
	/* Frame 1 is at 0x8000000: what follows is aligned by skipping, and what was skipped is not lost. */
	assert_int_equal(one.v, 0x8000000);
	four = frame_pool_alloc(p, FRAME_IOMMU, 2);
	assert_int_equal(four.v, 0x8004000);
	sixteen = frame_pool_alloc(p, FRAME_DMA, 4);
	assert_int_equal(sixteen.v, 0x8010000);
	assert_int_equal(p->used[FRAME_IOMMU], 4);
	assert_int_equal(p->used[FRAME_DMA], 16);
	for (unsigned i = 0; i < 16; i++)
		assert_true(all(bytes(p, (struct pa){ sixteen.v + i * 4096 }), 0));
	/* 62 frames follow the first two; 32 aligned ones are not left. */
	assert_int_equal(frame_pool_alloc(p, FRAME_DMA, 5).v, 0);
	assert_int_equal(frame_pool_alloc(p, FRAME_TEST, 0).v, 0x8001000);
	assert_int_equal(frame_pool_find(p, (struct pa){ four.v + 0x3000 })->refs, 1);
	assert_null(frame_pool_put(p, (struct pa){ four.v + 0x3000 }));
	assert_int_equal(p->used[FRAME_IOMMU], 3);
	assert_int_equal(p->damaged, 0);
	end_pool(p);
}

/* What is freed in one piece can be had in one piece again, however often, and beside what is in use. */
static void orders_again(void **state)
{
	struct frame_pool *p = new_pool();
	struct pa one = frame_pool_alloc(p, FRAME_TEST, 0), kept = { 0 };

	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		struct pa eight = frame_pool_alloc(p, FRAME_IOMMU, 3);

		assert_int_not_equal(eight.v, 0);
		assert_int_equal(eight.v % (8 * 4096), 0);
		assert_int_equal(p->used[FRAME_IOMMU], 8);
		for (u64 at = eight.v; at < eight.v + 8 * 4096; at += 4096) {
			assert_true(all(bytes(p, (struct pa){ at }), 0));
			assert_true(at != one.v && at != kept.v);
			assert_null(frame_pool_put(p, (struct pa){ at }));
		}
		/* Not the first of its eight. */
		if (!kept.v)
			kept = frame_pool_alloc(p, FRAME_TEST, 0);
	}
	assert_int_equal(p->damaged, 0);
	/* All that are left, one by one: none was lost, none is there twice. */
	for (unsigned i = 3; i < FRAMES; i++)
		assert_int_not_equal(frame_pool_alloc(p, FRAME_TEST, 0).v, 0);
	assert_int_equal(frame_pool_alloc(p, FRAME_TEST, 0).v, 0);
	end_pool(p);
}

/* Skipped frames, and only they, are given out in address order; none twice. */
static void order_then_singles(void **state)
{
	struct frame_pool *p = new_pool();
	bool seen[FRAMES] = { false };
	unsigned count = 0;
	struct pa pa = frame_pool_alloc(p, FRAME_TEST, 5);

	(void)state;
	assert_int_equal(pa.v, 0x8000000);
	assert_int_equal(frame_pool_alloc(p, FRAME_TEST, 5).v, 0);
	while ((pa = frame_pool_alloc(p, FRAME_TEST, 0)).v) {
		u64 index = (pa.v - base) / 4096;

		assert_true(index > 32 && index < FRAMES && !seen[index]);
		seen[index] = true;
		count++;
	}
	assert_int_equal(count, FRAMES - 1 - 32);
	assert_int_equal(p->used[FRAME_TEST], FRAMES - 1);
	end_pool(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(life),         cmocka_unit_test(exhaust),
		cmocka_unit_test(misuse),       cmocka_unit_test(damage),
		cmocka_unit_test(rest),         cmocka_unit_test(orders),
		cmocka_unit_test(orders_again), cmocka_unit_test(order_then_singles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
