#pragma once
#include "kernel/addr.h"

/*
 * What a parser of firmware's and loaders' data needs from the world: a way to the bytes, and
 * somebody who hears what is wrong with them. Parsers are pure, allocate nothing and believe no
 * length; after a problem there is still a defined result (an entry skipped, a table refused).
 */
struct firmware {
	/* len readable bytes at pa, or NULL. Any values may come, sums that overflow included. The bytes
	 * must stay where they are as long as anything that was parsed from them is in use. */
	const void *(*view)(struct pa pa, size_t len);
	/* One sentence without newline that names the table and the place; gone after the call. */
	void (*problem)(const char *sentence);
	unsigned told; /* sentences so far: only the first FIRMWARE_SENTENCES are passed on */
};

/* A table full of rubbish shall not fill an hour of a serial line. */
enum { FIRMWARE_SENTENCES = 32 };

/* Tell one problem, cut to 159 characters. Boot CPU. */
__attribute__((format(printf, 2, 3))) void firmware_problem(struct firmware *fw, const char *fmt,
							    ...);
