#pragma once
#include "mm/pagetable.h"

/*
 * Memory for page tables with observers. After every single store, publication, allocation and release
 * all of them walk to each watched address, with a walker of their own that shares no code with mm/:
 *   - one that snoops (a CPU, most IOMMUs) reads what was stored last;
 *   - one that does not may read, line by line, anything that was stored since the line's last
 *     publication, or what was there before the table was allocated;
 *   - each may also stand in any table that it has read a pointer to since the last invalidation, as a
 *     slow walk or a paging-structure cache does.
 * What they see must be among what the test allows; anything else, and any present entry with
 * a reserved bit or to no table, is a violation.
 */
enum { W_FRAMES = 48, W_LINES = 64, W_VERSIONS = 12, W_WATCHES = 8, W_STANDS = 64 };

/* A translation is written as the PTE of 4 KiB that would alone have its effect: P, RW, US, XD, address. */
struct watch {
	u64 va, allowed[2];
	bool always_present;
};

enum watched_by { ALL_SNOOP, SOME_DO_NOT_SNOOP };

struct watched {
	enum watched_by by;
	struct pt_memory memory;
	struct pa root;
	struct {
		bool live;
		struct line {
			u64 word[W_VERSIONS][8];
			unsigned versions; /* the last is what snoopers read */
		} line[W_LINES];
	} frame[W_FRAMES];
	struct watch watch[W_WATCHES];
	unsigned watches;
	struct stand {
		u64 table, va;
		unsigned level; /* of its entries, 1 to 4 */
		u64 above;      /* rights that were granted on the way */
	} stand[W_STANDS];
	unsigned stands;
	unsigned violations, moments, live, stores;
	char first[128]; /* violation, in words */
};

/* An empty root. */
struct watched *watched_new(enum watched_by by);

/* From now on this address is looked at; old and new may be seen, and not-present unless forbidden. */
void watch(struct watched *w, u64 va, u64 old, u64 new);
void watch_always(struct watched *w, u64 va, u64 old, u64 new);

/* Every walker and cache has forgotten what it read; and nothing is watched any more. */
void invalidate(struct watched *w);
void unwatch(struct watched *w);

/* What one who snoops sees now. */
u64 translation(struct watched *w, u64 va);
