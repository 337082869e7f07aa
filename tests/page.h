#pragma once
#include "tests/verdict.h"

/* What a person at the screen sees: a line while tests run, and a page when all is over. Both fit 80x25. All pure. */
enum {
	PAGE_WIDTH = 79,
	PAGE_LINES = 23,
	PAGE_SIZE_MAX = PAGE_LINES * (PAGE_WIDTH + 1) + 1,
	PAGE_NAMES = 256
};

struct progress {
	unsigned number, of; /* of the test */
	const char *name;
	u64 ms;                    /* since the first test */
	u64 minute, minutes, pass; /* of a soak; minutes 0: none */
};
const char *progress_line(char line[PAGE_WIDTH + 1], const struct progress *p);

/* The verdicts, and the names of those that are worth one. */
struct summary {
	unsigned count[SKIP + 1], names;
	struct {
		char name[33];
		enum verdict verdict;
	} named[PAGE_NAMES];
};
void summary_add(struct summary *s, const char *name, enum verdict v);

struct occasion {
	bool good;
	u64 seed, ms;
	unsigned cpus;
	const char *platform, *digest;
};
const char *summary_page(char text[PAGE_SIZE_MAX], const struct summary *s,
			 const struct occasion *o);
