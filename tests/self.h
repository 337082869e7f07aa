#pragma once
#include "iommu/vtd_fault.h"
#include "kernel/cpu.h"
#include "tests/listing.h"
#include "tests/machine.h"
#include "tests/words.h"

/*
 * What the steps of a run work on. Each agent has a part of its own, on cache lines of its own: what it saw goes
 * there, and nowhere else until the run is over. What agents share is what the listing shares.
 */
struct line {
	volatile u32 v;
} __attribute__((aligned(64)));

struct run;

struct self {
	struct run *run;
	struct dma_engine *engine;
	volatile u8 *at[ADDRESSES]; /* the page, as CPUs and devices see it */
	volatile u64 *pte[PLACES];
	u8 agent;
	u8 seat;     /* whose CPU executes this agent's steps now */
	bool racing; /* a step that blocks waits; otherwise it says so */
	u8 saw[OBSERVATIONS];
	u8 code;  /* of the last #PF: COUNT() of FAULT_ bits, or OTHER */
	u8 doing; /* number of the step it is in, for the report of a hang; 0: none */
	/* Racing: the longest delays, in turns of a loop, before the first step and before each; and their source. */
	u32 late, linger, chance;
	u32 grace[CPU_AGENTS]; /* rcu_start: sections that each had left, where one was open */
	u64 raw[OBSERVATIONS];
} __attribute__((aligned(64)));

/* A CPU of the run: C0's and so on, and where there are enough one for each device. */
enum { SEATS = AGENTS };

struct run {
	const struct scenario *scenario;
	struct dma_engine *engine, *second; /* of E and E2; NULL: of all devices the first */
	struct words words;
	unsigned seats;
	struct cpu *cpu[SEATS];
	u8 *frame[FRAMES]; /* aliases in the direct map */
	struct pa frame_pa[FRAMES];
	/* tests/tables.h: of a scenario that has tables */
	volatile u64 *pde[PLACES], *leaf[TABLES][PLACES];
	u64 cr3[PLACES]; /* of the space of a place; B: of another one in any case, tests/spaces.c */
	bool pcids;      /* CR4.PCIDE is on */
	struct pa large; /* 2 MiB, of which a scenario with .large has two pages */
	struct pa table[TABLES];
	struct self self[AGENTS];
	u8 places;              /* set of those that the scenario uses */
	bool warm_writes;       /* its warm-up changes frames */
	bool posts;             /* devices have something on its way */
	u8 maker[OBSERVATIONS]; /* the agent that makes an observation; AGENTS: none */
	/* What the listing shares. */
	union {
		volatile u8 by[AGENTS];
		u64 all;
	} __attribute__((aligned(64))) told[AGENTS]; /* told[whom].by[teller] */
	struct line lock[LOCKS];                     /* agent + 1 */
	struct line word[WORDS], ref[FRAMES];
	struct line dma; /* one device at a time: whose fault is recorded must be told */
	struct line masked[CPU_AGENTS],
		left[CPU_AGENTS]; /* between cli and sti; how many sti there were */
	/* Shootdowns, tests/shootdown.c: set of places that a seat asks another to drop; 0: done. */
	struct line asked[SEATS][SEATS], broadcast[SEATS][SEATS];
	struct outcome seen;
	char trouble[240];      /* what is wrong with the run itself: then there is no outcome */
	bool faulted;           /* the IOMMU recorded one, */
	struct vtd_fault fault; /* the newest */
};

/* Is P0 of this scenario a page of another device's memory, for agents of which one is that device (or none, NULL)? */
static inline bool run_on_peer(const struct scenario *s, const struct dma_engine *e)
{
	return s->p2p && machine.peer.cpu && (!e || e->to_peers);
}

/* A place for the IOMMU. */
static inline struct machine_page run_page(const struct run *run, u64 place)
{
	return (struct machine_page){ (u64)run->self[0].at[place],
				      two_tags(run->scenario->spaces) && place == B,
				      run->scenario->entry && place == MIRROR };
}

/* What is wrong with the run, once: a sentence. Any agent. */
__attribute__((format(printf, 2, 3))) void run_trouble(struct run *run, const char *fmt, ...);
