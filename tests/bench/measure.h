#pragma once
#include "kernel/types.h"
#include "kernel/x86.h"

/* Does something `times` times; false if it did not work. */
typedef bool bench_fn(void *arg, u64 times);

struct measure {
	const char *name;
	const char *on; /* with whom: an engine, how many targets; NULL: nobody */
	bench_fn *layered;
	bench_fn *bare;        /* the same without our layers; NULL: only a time is wanted */
	const char *of;        /* what bare does */
	unsigned goal_percent; /* of layered, where bare is 100; 0: none */
	void *arg;
};

/*
 * Medians over batches, the two in turns, so that what else happens on the machine happens to both.
 * One note; of slow things fewer batches. Boot CPU.
 */
void measure(const struct measure *m);

/* Sorts them. */
u64 median(u64 *v, unsigned n);

/* A wait of a bare loop: no clock, but an end. */
#define spin_until(cond)                             \
	({                                           \
		u32 spins_ = 0;                      \
		while (!(cond) && ++spins_ != SPINS) \
			pause();                     \
		spins_ != SPINS;                     \
	})
enum { SPINS = 100000000 };

/* The parts: what each does is in its file. */
void bench_dma(void);
void bench_invalidation(void);
void bench_cpus(void);
void bench_order(void);
