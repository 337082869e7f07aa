#pragma once
/* Two scenarios, a safe and an unsafe one, and machines that show of them what they should, or should not (played_case.h). For one test program. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/played_case.h"
#include "tests/scenario.h"

/* Two agents: a CPU that clears, flushes and tells it, and a device. Two observations and what they may not be. */
OBSERVE(ONE, TWO)
#define CPU_STEPS(step)         \
	step(1, pte_clear, A)   \
	step(2, cpu_flush, A)   \
	step(3, iommu_flush, A) \
	step(4, tell, E)
#define DEVICE_STEPS(step)        \
	step(1, dma_read, A, ONE) \
	step(2, heed, C0)         \
	step(3, dma_read, A, TWO)
LISTING(CPU)
LISTING(DEVICE)
CLAIM(one_is_old, saw(ONE) == O)
CLAIM(two_is_old, saw(TWO) == O)
CLAIM(two_comes_last, saw(TWO) == O && after(E, 3, C0, 1))
CLAIM(never, saw(ONE) == Y)

static const struct scenario safe = {
	.id = "A99",
	.agents = { RUNS(C0, CPU), RUNS(E, DEVICE) },
	.forbid = { FORBID(never), FORBID(never), FORBID(two_is_old) },
	.control = { WITHOUT(C0, 3, two_is_old), WITHOUT(C0, 2, one_is_old) },
};
static const struct scenario unsafe = {
	.id = "A98",
	.agents = { RUNS(C0, CPU), RUNS(E, DEVICE) },
	.forbid = { FORBID(one_is_old) },
	.shows = SHOWS(two_is_old),
	.shown_by = CACHE_IOTLB,
};

static struct how how;
static struct evidence e;

static inline enum verdict judged(const struct scenario *s)
{
	memset(&at, 0, sizeof at);
	memset(&e, 0, sizeof e);
	case_run(s, &how, &e);
	assert_int_equal(at.opened, at.closed);
	return verdict(&e);
}
#define expect(s, v) assert_string_equal(verdict_name(judged(s)), verdict_name(v))

/* Without its tell the device waits for ever. */
static inline bool has(const struct scenario *s, unsigned no)
{
	for (unsigned i = 0; i < s->agents[C0].count; i++)
		if (s->agents[C0].steps[i].no == no)
			return true;
	return false;
}
static inline bool tells(const struct scenario *s) { return has(s, 4); }

static inline bool allows_all(const struct outcome *seen, enum model_mode mode)
{
	(void)seen;
	(void)mode;
	return true;
}

static inline int set_up(void **state)
{
	(void)state;
	machine =
		(struct machine){ .facts = { [FACT_TLB_KEEPS] = true, [FACT_IOTLB_KEEPS] = true } };
	engine = (struct dma_engine){ .can = DMA_READ | DMA_WRITE };
	how = (struct how){ .name = "x", .loud = true, .rounds = 8 };
	qemu = tcg = expects = true;
	cpu_count = 2;
	trouble = TROUBLE_NONE;
	allows = allows_all;
	ends = tells;
	model_wrong[MODEL_STEPPED] = model_wrong[MODEL_RACING] = NULL;
	way = NULL;
	listed = NULL;
	listed_modes = DEVIATES_STEPPED | DEVIATES_RACING;
	return 0;
}

static inline bool is_whole(const struct scenario *s)
{
	return s->agents[C0].count == ARRAY_SIZE(CPU_steps);
}

/* As it should be: what protects, protects, and is missed when it is left out. */
static inline int right(const struct scenario *s, const char *order, struct outcome *seen)
{
	(void)order;
	seen->saw[ONE] = has(s, 2) ? N : O;
	seen->saw[TWO] = has(s, 3) ? N : O;
	return ORDER_RAN;
}

/* Bad in one order, or in one round. */
static const char *bad_order;
static unsigned bad_round;
static inline int bad_once(const struct scenario *s, const char *order, struct outcome *seen)
{
	right(s, order, seen);
	if (is_whole(s) && (order ? bad_order && !strcmp(order, bad_order) : at.raced == bad_round))
		seen->saw[TWO] = O;
	return ORDER_RAN;
}

/* Does not see that this step is left out, in these modes. */
static unsigned blind_step;
static bool blind_stepped, blind_racing;
static inline int blind_to_one(const struct scenario *s, const char *order, struct outcome *seen)
{
	bool blind = (order ? blind_stepped : blind_racing) && !has(s, blind_step);

	return right(blind ? &safe : s, order, seen);
}

static inline int blind(const struct scenario *s, const char *order, struct outcome *seen)
{
	(void)s;
	return right(&safe, order, seen);
}

static unsigned late; /* from this attempt on */
static bool shows_stepped, shows_racing;
static inline int shows_late(const struct scenario *s, const char *order, struct outcome *seen)
{
	bool it = order ? shows_stepped && at.attempt >= late && !strcmp(order, "0000eee")
			: shows_racing && at.raced == 5;

	(void)s;
	seen->saw[ONE] = N;
	seen->saw[TWO] = it ? O : N;
	return ORDER_RAN;
}

static inline int shows_and_breaks(const struct scenario *s, const char *order,
				   struct outcome *seen)
{
	(void)s;
	(void)order;
	seen->saw[ONE] = seen->saw[TWO] = O;
	return ORDER_RAN;
}

/* The model knows better than claims: in each program, in each mode. */
static enum model_mode strict_mode;
static u8 impossible;
static inline bool all_but_one(const struct outcome *seen, enum model_mode mode)
{
	/* What a race cannot show stepping cannot either. */
	return mode > strict_mode || seen->saw[ONE] != impossible;
}

static inline int none_is_old(const struct scenario *s, const char *order, struct outcome *seen)
{
	(void)s;
	(void)order;
	seen->saw[ONE] = seen->saw[TWO] = N;
	return ORDER_RAN;
}
