#pragma once
#include "kernel/types.h"

/* What the kernel's command line can ask for. All zero is the default, but for pasid. */
enum selftest {
	SELFTEST_NONE,
	SELFTEST_EXCEPTION,
	SELFTEST_NMI,
	SELFTEST_MCE,
	SELFTEST_STUCK, /* a hang in no step */
	SELFTEST_LEAK,
	SELFTEST_DAMAGE, /* a free frame is written to */
	SELFTEST_GUARD,
	SELFTEST_WX,
	SELFTEST_SILENT, /* the engine may not master the bus: no DMA ever completes */
	/* In a step of the last CPU, or of the boot CPU; CLI: with interrupts off. One test's end, not the run's. */
	SELFTEST_FAULT,
	SELFTEST_HANG,
	SELFTEST_HANG_CLI,
	SELFTEST_HANG_IRQ, /* in the handler of an interrupt */
	SELFTEST_BOOT_HANG,
	SELFTEST_BOOT_HANG_CLI,
	SELFTEST_STORM,
};

enum mode { MODE_BOTH, MODE_STEP, MODE_RACE };

/* Faults in the kernel's own machinery, each of which a default run must catch; builds with INJECT only. */
enum inject {
	INJECT_NONE,
	INJECT_QUEUE,     /* an invalidation is silently not queued */
	INJECT_WAIT,      /* a wait for invalidations returns early */
	INJECT_SHOOTDOWN, /* a shootdown leaves out one CPU */
	INJECT_ENGINE,    /* an engine says done and has done nothing */
	INJECT_LEAK,      /* a frame is not put back */
	INJECT_STATUS, /* a wait goes by a status word that says of an earlier one that it is done */
	INJECT_TAIL,   /* the tail is ahead of a descriptor's words */
	INJECT_DTLB,   /* a device says that it has dropped what it keeps, and has not */
	INJECT_STRAY,  /* a store hits another line of the frame too */
};

#define PASID_UNSET (~0ull)

struct options {
	char tests
		[128]; /* T=: names of the tests to run, glob() patterns between commas; "" for all */
	char order
		[160]; /* ORDER=: the only order to run, a letter a step; "" for those of the test */
	char engine[16];   /* ENGINE=: the only engine to use; "" for any */
	unsigned selftest; /* selftest=: enum selftest */
	u64 deadline_ms;   /* deadline=: for one execution; 0 for its own */
	bool list;         /* LIST: print the tests and run none */
	bool bench;        /* BENCH: measure times instead of running tests */
	bool mutate; /* MUTATE: change the scenarios instead of running them, to test the tests */
	bool sriov;  /* SRIOV: have virtual functions, of QEMU's network controller */
	bool wait;   /* wait: somebody is there who will press a key when all is over */
	u64 soak_minutes; /* soak=: repeat the tests with other seeds; 0 not to */
	u64 hand_overs;   /* handover=: to the kernel itself, with the same tests after each */
	bool strict;      /* STRICT, STRICT=1: no excuse for what a platform has no power to show */
	unsigned mode;    /* MODE=: enum mode */
	u64 rounds;       /* ROUNDS=: of racing; 0 for the default */
	u64 seed;         /* SEED=: of all that is chosen at random, if seed_given */
	bool seed_given;
	u32 shard, shards; /* SHARD=: this part of so many; shards 0 for all. shard_has() */
	unsigned inject;   /* inject=: enum inject */
	u64 pasid;         /* PASID=: the one to use; PASID_UNSET for our choice */
};

/* Does the index-th of what T= selects, counted from 0, run in this shard? Every one does in exactly one. Pure. */
bool shard_has(const struct options *o, unsigned index);

/*
 * Read a command line: words separated by blanks, no quoting. False when a word is unknown, has a
 * value it cannot have, or comes twice: then error holds a sentence that names the word and lists what
 * exists, and o is not to be used. Pure.
 */
bool cmdline_parse(struct options *o, const char *line, char *error, size_t size);
