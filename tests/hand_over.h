#pragma once
#include "tests/verdict.h"

/*
 * handover=N: after the tests, with everything left on (machine_leave()), the kernel enters itself as its loader did, N times. Each
 * time the same tests must end with the verdicts of the first time. One result, "handover", for all of that. All pure.
 */
enum { HAND_OVER_CASES = 2048 };

struct hand_over {
	unsigned asked, done;
	struct ktap run;           /* the log as it was when the first was due */
	struct ktap round;         /* of the tests since the last one, told to nobody */
	u8 first[HAND_OVER_CASES]; /* enum verdict */
	unsigned cases;            /* of these */
	char wrong[400];           /* "": nothing */
};

/* Bytes of memory to leave alone, so that nothing is where it was before the last one: what still uses that is seen. */
u64 hand_over_unused(const struct hand_over *h);

/* The kernel was entered, and `asked` is what handover= says. */
void hand_over_begin(struct hand_over *h, unsigned asked);

/* A test is over; all of them are. */
void hand_over_case(struct hand_over *h, const char *name, const struct evidence *e);
void hand_over_end(struct hand_over *h);

/* After the tests: once more? */
bool hand_over_due(const struct hand_over *h);

/* "hand-over 3/100: digest=...", the digest as ktap_close() has it, of the tests since. */
const char *hand_over_line(char *text, size_t size, const struct hand_over *h);

/* The result; its verdict. */
enum verdict hand_over_report(struct ktap *k, const struct hand_over *h);
