/*
 * A range of pages is invalidated as blocks: 2^AM pages, and the unit clears the address's low bits, so that a block begins where
 * a multiple of its size does. A and B are the first and the last page of a range, in the numbers of a block of 16 or 512 that
 * begins at 0, or (inside) two between: what a block leaves out is at an end of the range. Both change; what is told is a table.
 * U01.range and U01.pieces read every page. What a unit refuses, as more pages than CAP.MAMV says, and how that is mended: C20.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, LAST)

#define RANGE(step, ...)            \
	step(1, pte_set, A, P1, RW) \
	step(2, pte_set, B, Q0, RW) \
	__VA_ARGS__
#define ONE_BLOCK(step, order)               \
	RANGE(step)                          \
	step(3, iommu_queue_block, A, order) \
	step(4, iommu_wait)                  \
	step(5, tell, E)
#define TWO_BLOCKS(step, first, last)        \
	RANGE(step)                          \
	step(3, iommu_queue_block, A, first) \
	step(4, iommu_queue_block, B, last)  \
	step(5, iommu_wait)                  \
	step(6, tell, E)
/* n = 0, or start = end: a loop that has nothing to do. */
#define EMPTY_STEPS(step)   \
	RANGE(step)         \
	step(3, iommu_wait) \
	step(4, tell, E)
/* What is refused is taken out by who waits, and was all that there was. */
#define TOO_LARGE_STEPS(step)            \
	RANGE(step)                      \
	step(3, queue_refused, BAD_SIZE) \
	step(4, iommu_wait)              \
	step(5, tell, E)
#define READER_STEPS(step)          \
	step(1, heed, C0)           \
	step(2, dma_read, A, FIRST) \
	step(3, dma_read, B, LAST)
#define BOTH_STEPS(step)     \
	step(1, dma_read, A) \
	step(2, dma_read, B)

#define ORDER_0_STEPS(step)    ONE_BLOCK(step, 0)
#define ORDER_1_STEPS(step)    ONE_BLOCK(step, 1)
#define ORDER_2_STEPS(step)    ONE_BLOCK(step, 2)
#define ORDER_3_STEPS(step)    ONE_BLOCK(step, 3)
#define ORDER_4_STEPS(step)    ONE_BLOCK(step, 4)
#define ORDER_9_STEPS(step)    ONE_BLOCK(step, 9)
#define PIECES_0_0_STEPS(step) TWO_BLOCKS(step, 0, 0)
#define PIECES_0_1_STEPS(step) TWO_BLOCKS(step, 0, 1)
#define PIECES_0_2_STEPS(step) TWO_BLOCKS(step, 0, 2)

LISTING(READER)
LISTING(BOTH)
LISTING(EMPTY)
LISTING(TOO_LARGE)
LISTING(ORDER_0)
LISTING(ORDER_1)
LISTING(ORDER_2)
LISTING(ORDER_3)
LISTING(ORDER_4)
LISTING(ORDER_9)
LISTING(PIECES_0_0)
LISTING(PIECES_0_1)
LISTING(PIECES_0_2)

CLAIM(first_stale, saw(FIRST) != N)
CLAIM(last_stale, saw(LAST) != X)
CLAIM(first_is_old, saw(FIRST) == O)
CLAIM(last_is_old, saw(LAST) == Y)
CLAIM(last_is_new, saw(LAST) == X)

#define IN_BLOCK(pages, first, last, told)                                                        \
	.id = "C06", .source = "VT-d 6.5.2.4, AM and ADDR", .needs = NEED_READ, .block = (pages), \
	.page = { [A] = (first), [B] = (last) }, .agents = { RUNS(C0, told), RUNS(E, READER) },   \
	.warm = { RUNS(E, BOTH) }, .content = { [P0] = O, [P1] = N, [K] = Y, [Q0] = X },          \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { K, RW, LEAF_USED } }
#define COVERED                                                \
	.forbid = { FORBID(first_stale), FORBID(last_stale) }, \
	.control = { WITHOUT(C0, 3, first_stale), WITHOUT(E, 1, last_stale) }
#define IN_PIECES                                                             \
	.forbid = { FORBID(first_stale), FORBID(last_stale) },                \
	.control = { WITHOUT(C0, 3, first_stale), WITHOUT(C0, 4, last_stale), \
		     WITHOUT(E, 1, last_stale) }
#define MISSED                                                                                   \
	.forbid = { FORBID(first_stale) }, .shows = SHOWS(last_is_old), .shown_by = CACHE_IOTLB, \
	.control = { WITHOUT(C0, 3, first_stale), WITHOUT(E, 1, first_stale) }

#define BLOCK(in, first, last, told)                                                         \
	SCENARIO(C06_block_##first##_##last) = {                                             \
		IN_BLOCK(in, first, last, told), COVERED, .name = "block_" #first "_" #last, \
		.claim = "pages " #first " to " #last                                        \
			 ", told as the smallest block that has both: both are new"          \
	}
#define BETWEEN "the smallest block that has all, by the address of one between: they are new"
#define INSIDE(in, range, first, last, told)                                                \
	SCENARIO(C06_inside_##first##_##last) = { IN_BLOCK(in, first, last, told), COVERED, \
						  .name = "inside_" #first "_" #last,       \
						  .claim = "pages " #first " and " #last    \
							   " of " range ", told as " BETWEEN }
#define PIECES(first, last, told)                                                             \
	SCENARIO(C06_pieces_##first##_##last) = { IN_BLOCK(16, first, last, told), IN_PIECES, \
						  .name = "pieces_" #first "_" #last,         \
						  .claim = "pages " #first " to " #last       \
							   ", told as two blocks: both are new" }

BLOCK(16, 0, 1, ORDER_1);
BLOCK(16, 1, 2, ORDER_2);
BLOCK(16, 1, 3, ORDER_2);
BLOCK(16, 3, 7, ORDER_3);
BLOCK(16, 7, 8, ORDER_4);
BLOCK(16, 0, 15, ORDER_4);
BLOCK(512, 0, 511, ORDER_9);
INSIDE(16, "3 to 7", 4, 6, ORDER_3);
INSIDE(16, "0 to 15", 1, 14, ORDER_4);
INSIDE(512, "0 to 511", 255, 256, ORDER_9);
PIECES(1, 2, PIECES_0_0);
PIECES(7, 8, PIECES_0_0);
PIECES(1, 3, PIECES_0_1);
PIECES(3, 7, PIECES_0_2);

SCENARIO(C06_block_0_0) = {
	IN_BLOCK(16, 0, 1, ORDER_0),
	.name = "block_0_0",
	.claim =
		"one page, told as one: it is new, and the page behind it, of which nobody is told, may be either",
	.forbid = { FORBID(first_stale) },
	.allow = { ALLOW(last_is_old), ALLOW(last_is_new) },
	.control = { WITHOUT(C0, 3, first_stale), WITHOUT(E, 1, first_stale) },
};

#define MISSES(id, in, first, last, told, as)                                                   \
	SCENARIO(C06_##id##_##first##_##last) = {                                               \
		IN_BLOCK(in, first, last, told), MISSED, .name = #id "_" #first "_" #last,      \
		.claim = "pages " #first " to " #last ", told as " as ": the last one is stale" \
	}
#define BEGINS_BEFORE "log2 of their number, from the first on: the unit begins in front of it"
#define ROUNDED_DOWN  "log2 of their number, rounded down"
#define END_LEFT_OUT  "an end that is not meant to be in it"

MISSES(size, 16, 1, 2, ORDER_1, BEGINS_BEFORE);
MISSES(size, 16, 7, 8, ORDER_1, BEGINS_BEFORE);
MISSES(rounded, 16, 1, 3, ORDER_1, ROUNDED_DOWN);
MISSES(rounded, 16, 3, 7, ORDER_2, ROUNDED_DOWN);
MISSES(end, 16, 0, 1, ORDER_0, END_LEFT_OUT);
MISSES(end, 16, 0, 15, ORDER_3, END_LEFT_OUT ": the largest block of 15 pages");
MISSES(cut, 512, 0, 511, ORDER_4, "one block of the most that AM may say, 16 pages here");

#define TOLD_NOTHING(pages, first, last, told, wait, stale)                 \
	IN_BLOCK(pages, first, last, told),                                 \
		.shows = SHOWS(stale), .shown_by = CACHE_IOTLB,             \
		.spare = { SPARE(C0, wait, "there is nothing to wait for"), \
			   SPARE(E, 1, "who reads before that reads what is old by right") }

SCENARIO(C06_empty) = {
	TOLD_NOTHING(16, 1, 2, EMPTY, 3, last_is_old),
	.name = "empty",
	.claim = "pages 1 to 2, and nothing told, as for a range that has no page: they are stale",
};

SCENARIO(C06_empty_0_0) = {
	TOLD_NOTHING(16, 0, 1, EMPTY, 3, first_is_old),
	.name = "empty_0_0",
	.claim = "one page, and nothing told by a loop from the first up to the last: it is stale",
};

SCENARIO(C06_too_large) = {
	TOLD_NOTHING(512, 0, 511, TOO_LARGE, 4, last_is_old),
	.name = "too_large",
	.claim =
		"pages 0 to 511, told as more than CAP.MAMV says: the unit refuses that, and all are stale",
};
