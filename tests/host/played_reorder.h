#pragma once
/*
 * What VT-d 6.5.2.12 leaves open, played to the full: page-selective invalidations take their time while the unit goes on fetching, and
 * a wait reports when those between the wait before it and itself are complete. What is behind a fence starts when the fence has
 * reported.
 */
#include "tests/host/played_walk.h"

static struct {
	u64 due;        /* of an invalidation, in ticks */
	u64 descriptor; /* of a wait, its first word; else 0 */
	u32 *word;      /* of a wait, its status word */
	bool over;
} under_way[64];
static unsigned under_ways;

static void goes_under_way(u64 due, const u64 *wait)
{
	assert_true(under_ways < sizeof under_way / sizeof *under_way);
	under_way[under_ways].due = due;
	under_way[under_ways].descriptor = wait ? wait[0] : 0;
	under_way[under_ways].word = wait ? direct((struct pa){ wait[1] }) : NULL;
	under_way[under_ways++].over = false;
}

static bool is_fence(unsigned i) { return under_way[i].descriptor >> 6 & 1; }

/* Time has passed. True if a fence has reported: there may be more to fetch. */
static bool work_under_way(u64 ticks)
{
	bool all = true, fence = false;

	for (unsigned i = 0; i < under_ways; i++)
		if (!under_way[i].word) {
			under_way[i].over |= ticks >= under_way[i].due;
			all &= under_way[i].over;
		} else {
			if (all && !under_way[i].over) {
				under_way[i].over = true;
				*under_way[i].word = (u32)(under_way[i].descriptor >> 32);
				fence |= is_fence(i);
			}
			all = true;
		}
	return fence;
}

static bool is_fenced(void)
{
	for (unsigned i = 0; i < under_ways; i++)
		if (is_fence(i) && !under_way[i].over)
			return true;
	return false;
}

static inline bool nothing_under_way(void)
{
	for (unsigned i = 0; i < under_ways; i++)
		if (!under_way[i].over)
			return false;
	return true;
}
