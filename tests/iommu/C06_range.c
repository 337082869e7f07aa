/*
 * A range of pages is invalidated as blocks: 2^AM pages, and the unit clears the address's low bits, so that a block begins where
 * a multiple of its size does. A and B are the first and the last page of a range, in the numbers of a block of 16 or 512 that
 * begins at 0: what a block leaves out is at an end of the range. Both change; what is told is a table.
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
CLAIM(last_is_old, saw(LAST) == Y)

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

SCENARIO(C06_block_0_1) = {
	IN_BLOCK(16, 0, 1, ORDER_1),
	COVERED,
	.name = "block_0_1",
	.claim = "pages 0 to 1, told as the smallest block that has both: both are new",
};

SCENARIO(C06_block_1_2) = {
	IN_BLOCK(16, 1, 2, ORDER_2),
	COVERED,
	.name = "block_1_2",
	.claim = "pages 1 to 2, told as the smallest block that has both: both are new",
};

SCENARIO(C06_block_1_3) = {
	IN_BLOCK(16, 1, 3, ORDER_2),
	COVERED,
	.name = "block_1_3",
	.claim = "pages 1 to 3, told as the smallest block that has both: both are new",
};

SCENARIO(C06_block_3_7) = {
	IN_BLOCK(16, 3, 7, ORDER_3),
	COVERED,
	.name = "block_3_7",
	.claim = "pages 3 to 7, told as the smallest block that has both: both are new",
};

SCENARIO(C06_block_7_8) = {
	IN_BLOCK(16, 7, 8, ORDER_4),
	COVERED,
	.name = "block_7_8",
	.claim = "pages 7 to 8, told as the smallest block that has both: both are new",
};

SCENARIO(C06_block_0_15) = {
	IN_BLOCK(16, 0, 15, ORDER_4),
	COVERED,
	.name = "block_0_15",
	.claim = "pages 0 to 15, told as the smallest block that has both: both are new",
};

SCENARIO(C06_block_0_511) = {
	IN_BLOCK(512, 0, 511, ORDER_9),
	COVERED,
	.name = "block_0_511",
	.claim = "pages 0 to 511, told as the smallest block that has both: both are new",
};

SCENARIO(C06_pieces_1_2) = {
	IN_BLOCK(16, 1, 2, PIECES_0_0),
	IN_PIECES,
	.name = "pieces_1_2",
	.claim = "pages 1 to 2, told as two blocks: both are new",
};

SCENARIO(C06_pieces_7_8) = {
	IN_BLOCK(16, 7, 8, PIECES_0_0),
	IN_PIECES,
	.name = "pieces_7_8",
	.claim = "pages 7 to 8, told as two blocks: both are new",
};

SCENARIO(C06_pieces_1_3) = {
	IN_BLOCK(16, 1, 3, PIECES_0_1),
	IN_PIECES,
	.name = "pieces_1_3",
	.claim = "pages 1 to 3, told as two blocks: both are new",
};

SCENARIO(C06_pieces_3_7) = {
	IN_BLOCK(16, 3, 7, PIECES_0_2),
	IN_PIECES,
	.name = "pieces_3_7",
	.claim = "pages 3 to 7, told as two blocks: both are new",
};

SCENARIO(C06_size_1_2) = {
	IN_BLOCK(16, 1, 2, ORDER_1),
	MISSED,
	.name = "size_1_2",
	.claim =
		"pages 1 to 2, told as log2 of their number, from the first on: the unit begins in front of it: the last one is stale",
};

SCENARIO(C06_size_7_8) = {
	IN_BLOCK(16, 7, 8, ORDER_1),
	MISSED,
	.name = "size_7_8",
	.claim =
		"pages 7 to 8, told as log2 of their number, from the first on: the unit begins in front of it: the last one is stale",
};

SCENARIO(C06_rounded_1_3) = {
	IN_BLOCK(16, 1, 3, ORDER_1),
	MISSED,
	.name = "rounded_1_3",
	.claim = "pages 1 to 3, told as log2 of their number, rounded down: the last one is stale",
};

SCENARIO(C06_rounded_3_7) = {
	IN_BLOCK(16, 3, 7, ORDER_2),
	MISSED,
	.name = "rounded_3_7",
	.claim = "pages 3 to 7, told as log2 of their number, rounded down: the last one is stale",
};

SCENARIO(C06_end_0_1) = {
	IN_BLOCK(16, 0, 1, ORDER_0),
	MISSED,
	.name = "end_0_1",
	.claim =
		"pages 0 to 1, told as an end that is not meant to be in it: the last one is stale",
};

SCENARIO(C06_end_0_15) = {
	IN_BLOCK(16, 0, 15, ORDER_3),
	MISSED,
	.name = "end_0_15",
	.claim =
		"pages 0 to 15, told as an end that is not meant to be in it: the largest block of 15 pages: the last one is stale",
};

SCENARIO(C06_cut_0_511) = {
	IN_BLOCK(512, 0, 511, ORDER_4),
	MISSED,
	.name = "cut_0_511",
	.claim =
		"pages 0 to 511, told as one block of the most that AM may say, 16 pages here: the last one is stale",
};

SCENARIO(C06_empty) = {
	IN_BLOCK(16, 1, 2, EMPTY),
	.name = "empty",
	.claim = "pages 1 to 2, and nothing told, as for a range that has no page: they are stale",
	.shows = SHOWS(last_is_old),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 3, "there is nothing to wait for"),
		   SPARE(E, 1, "who reads before that reads what is old by right") },
};
