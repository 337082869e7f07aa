#pragma once
#include "kernel/cpu.h"
#include "tests/machine.h"
#include "tests/scenario.h"
#include "tests/words.h"

/* One execution of a scenario in one order: all state that steps touch. */
struct run {
	const struct scenario *scenario;
	struct machine *machine;
	struct dma_engine *engine;
	struct words words;
	struct cpu *cpu[CPU_AGENTS]; /* whom the CPU agents run on; NULL: no such agent */
	u8 *frame[FRAMES];           /* aliases in the direct map */
	struct pa frame_pa[FRAMES];
	volatile u64 *pte[PLACES];
	bool told[AGENTS][AGENTS];
	u8 locked[4]; /* by agent + 1 */
	struct outcome seen;
	char trouble[240]; /* what is wrong with the run itself: then there is no outcome */
	char faults[160];  /* IOMMU faults that were recorded, newest last */
};

/* Who executes a step. */
struct self {
	struct run *run;
	enum agent_id agent;
};

/* The steps of tests/ops.h by enum op. */
typedef void op_fn(struct self self, u64 a, u64 b, u64 c);
extern op_fn *const op_table[OP_COUNT];

/* Page tables for the places, once: they stay. Boot CPU. */
void run_tables(void);

/* Places move with the number of the attempt, from 0. Boot CPU, between executions. */
void run_attempt(unsigned n);

/* Where place p is for CPUs and device. */
struct va place_va(enum place_id p);

/* A leaf that maps a frame with rights, A and D set; 0 for no rights. */
u64 run_leaf(const struct run *run, enum frame_id frame, unsigned rights);

/* What is wrong with the run, once: a sentence. Any agent. */
__attribute__((format(printf, 2, 3))) void run_trouble(struct run *run, const char *fmt, ...);

/*
 * Let run be one of scenario s. CPU agents get CPUs in order; without a C1, shootdowns still reach the
 * second CPU. Boot CPU.
 */
void run_place_agents(struct run *run, const struct scenario *s);

/* Before the first order of a case: frames. Boot CPU, after run_place_agents(). */
void run_open(struct run *run);

/*
 * Execute: tables, frames, caches, fault records as the scenario starts; warm up; then order's steps with
 * `skip` left out (agent AGENTS: none), and look at the frames. False if run->trouble says why there is
 * no outcome. Boot CPU, between run_open() and run_close().
 */
bool run_order(struct run *run, const char *order, enum agent_id skip_agent, u8 skip_step);

/* Nothing mapped, nothing cached, frames given back. False if run->trouble says what was found. */
bool run_close(struct run *run);
