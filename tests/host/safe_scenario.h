#pragma once
#include "tests/scenario.h"

/* A scenario whose mutants are known. */
OBSERVE(READ, WROTE, ENTRY, GOT)

#define CLEAR_FLUSH_STEPS(step) \
	step(1, pte_clear, A)   \
	step(2, cpu_flush, A)   \
	step(3, reuse, P0)      \
	step(4, tell, C1)
#define THREAD_STEPS(step) \
	step(1, load, A)   \
	step(2, heed, C0)  \
	step(3, store, A, Y, WROTE)
#define WARM_STEPS(step) step(1, load, A)
LISTING(CLEAR_FLUSH)
LISTING(THREAD)
LISTING(WARM)

CLAIM(written, saw(WROTE) == LANDED)

/* Right as it is; each test changes one thing. */
static struct scenario safe(void)
{
	return (struct scenario){
		.id = "D99",
		.name = "safe",
		.agents = { RUNS(C0, CLEAR_FLUSH), RUNS(C1, THREAD) },
		.warm = { RUNS(C1, WARM) },
		.maps = { { P0, RW } },
		.content = { O },
		.forbid = { FORBID(written) },
		.control = { WITHOUT(C0, 1, written) },
	};
}

#define DROP(a, n)     ((struct change){ a, n, 0 })
#define SWAP_(a, n, m) ((struct change){ a, n, m })
