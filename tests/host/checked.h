#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/check.h"
#include "tests/scenario.h"

/* Two scenarios that are right, for tests that make them wrong, and what says so. */

enum { MEMORY = 1 << 20 };
static struct model_memory memory[2];

OBSERVE(READ, WROTE)

/* Copy-on-write with both flushes; CPU and device read afterwards. */
#define COW_STEPS(step)             \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, cpu_flush, A)       \
	step(4, iommu_flush, A)     \
	step(5, pte_set, A, P1, RW) \
	step(6, store, A, N)        \
	step(7, tell, E)
#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, READ)
#define NO_FLUSH_STEPS(step)        \
	step(1, pte_set, A, P1, RW) \
	step(2, tell, E)
#define WARM_STEPS(step) step(1, dma_read, A)
LISTING(COW)
LISTING(DEVICE)
LISTING(NO_FLUSH)
LISTING(WARM)
CLAIM(stale, saw(READ) != N)
CLAIM(old, saw(READ) == O)
CLAIM(fresh, saw(READ) == N)
CLAIM(never, saw(READ) == X)
CLAIM(cpu_lost, holds(P1) != N)

/* Right; each test changes one thing. */
static inline struct scenario safe(void)
{
	return (struct scenario){
		.id = "A99",
		.agents = { RUNS(C0, COW), RUNS(E, DEVICE) },
		.warm = { RUNS(E, WARM) },
		.maps = { { P0, RO } },
		.content = { O },
		.forbid = { FORBID(never), FORBID(stale), FORBID(cpu_lost) },
		.control = { WITHOUT(C0, 4, old) },
	};
}

static inline struct scenario unsafe(void)
{
	return (struct scenario){
		.id = "A98",
		.agents = { RUNS(C0, NO_FLUSH), RUNS(E, DEVICE) },
		.warm = { RUNS(E, WARM) },
		.maps = { { P0, RO } },
		.content = { O, N },
		.forbid = { FORBID(never) },
		.shows = SHOWS(old),
		.shown_by = CACHE_IOTLB,
	};
}

static inline void refused(const struct scenario *s, const char *order, const char *why)
{
	struct model_report r = model_check(s, order, memory);

	if (!strstr(r.wrong, why) || (!*why && r.wrong[0]))
		fail_msg("\"%s\" is not about \"%s\"", r.wrong, why);
}
#define accepted(s, order) refused(s, order, "")

static inline int checked_set_up(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++)
		memory[i] = model_memory(malloc(MEMORY), MEMORY);
	return 0;
}

static inline int checked_tear_down(void **state)
{
	(void)state;
	free(memory[0].slots);
	free(memory[1].slots);
	return 0;
}
