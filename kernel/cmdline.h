#pragma once
#include "kernel/types.h"

/* What the kernel's command line can ask for. All zero is the default, but for pasid. */
enum selftest {
	SELFTEST_NONE,
	SELFTEST_EXCEPTION,
	SELFTEST_NMI,
	SELFTEST_MCE,
	SELFTEST_HANG,
	SELFTEST_LEAK,
	SELFTEST_GUARD,
	SELFTEST_WX,
	SELFTEST_SILENT, /* the engine may not master the bus: no DMA ever completes */
	SELFTEST_HAND_OVER, /* bring-up happens twice, the second time after a firmware that left all on */
};

#define PASID_UNSET (~0ull)

struct options {
	char tests[128]; /* T=: names of the tests to run, a glob() pattern; "" for all */
	char order
		[160]; /* ORDER=: the only order to run, a letter a step; "" for those of the test */
	char engine[16];   /* ENGINE=: the only engine to use; "" for any */
	unsigned selftest; /* selftest=: enum selftest */
	u64 deadline_ms;   /* deadline=: for one test; 0 for its own */
	bool list;         /* LIST: print the tests and run none */
	bool bench;        /* BENCH: measure times instead of running tests */
	u64 pasid;         /* PASID=: the one to use; PASID_UNSET for our choice */
};

/*
 * Read a command line: words separated by blanks, no quoting. False when a word is unknown, has a
 * value it cannot have, or comes twice: then error holds a sentence that names the word and lists what
 * exists, and o is not to be used. Pure.
 */
bool cmdline_parse(struct options *o, const char *line, char *error, size_t size);
