#pragma once
#include "kernel/cmdline.h"
#include "tests/verdict.h"

/*
 * soak=minutes: after the first pass, which reports as ever, the same tests again and again, each pass with the next seed, and
 * one result, "soak", for all of that. The first FAIL or ERROR ends it. Times are ms since the soak began. All pure.
 */
struct soak {
	u64 minutes, seed; /* that were asked for; of the pass that runs */
	u64 ms, told_ms;   /* now; of the last summary line */
	u64 passes;        /* that came to their end */
	u64 cases, orders, rounds, known, weak;
	bool ran;               /* any case at all did not skip */
	enum verdict worst;     /* FAIL or ERROR: it is over */
	char name[80], why[96]; /* of the case that was so */
};

/* The first pass is over, and worst is its first FAIL or ERROR, with the name of its case: then there is no soak. */
struct soak soak_begin(const struct options *o, u64 seed, enum verdict worst, const char *name);

/* Time is left, and nothing was bad. */
bool soak_goes_on(const struct soak *s);

/* A case of this pass is over. True if a minute is, and the line is to be printed. */
bool soak_case(struct soak *s, const char *name, const struct evidence *e, u64 ms);

/* All cases of a pass were run: the next one has another seed. */
void soak_pass(struct soak *s);

/* "soak minute=3/60 passes=2 failures=0 ..." */
const char *soak_line(char *text, size_t size, const struct soak *s);

/* The command that runs again what ended it. */
const char *soak_again(char *text, size_t size, const struct soak *s, const struct options *o);

/* The result; its verdict. */
enum verdict soak_report(struct ktap *k, const struct soak *s);
