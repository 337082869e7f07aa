/*
 * A range of pages, and a device that keeps translations: it drops blocks of 2^n pages too, naturally aligned, whose size is the
 * position of the lowest address bit that is clear. The IOTLB is told enough in any case.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, LAST)

#define MOVE(step, all, order)              \
	step(1, pte_set, A, P1, RW)         \
	step(2, pte_set, B, Q0, RW)         \
	step(3, iommu_queue_block, A, all)  \
	step(4, dtlb_queue_block, A, order) \
	step(5, iommu_wait)                 \
	step(6, tell, E)
#define ORDER_2_STEPS(step) MOVE(step, 2, 2)
#define ORDER_4_STEPS(step) MOVE(step, 4, 4)
#define ORDER_9_STEPS(step) MOVE(step, 9, 9)
#define SIZE_STEPS(step)    MOVE(step, 2, 1)
#define HALF_STEPS(step)    MOVE(step, 4, 3)
#define READER_STEPS(step)          \
	step(1, heed, C0)           \
	step(2, ats_read, A, FIRST) \
	step(3, ats_read, B, LAST)
#define BOTH_STEPS(step)        \
	step(1, ats_request, A) \
	step(2, ats_request, B)

LISTING(ORDER_2)
LISTING(ORDER_4)
LISTING(ORDER_9)
LISTING(SIZE)
LISTING(HALF)
LISTING(READER)
LISTING(BOTH)

CLAIM(first_kept, saw(FIRST) == O)
CLAIM(last_kept, saw(LAST) == Y)

#define IN_BLOCK(pages, first, last, told)                                                 \
	.id = "C06", .source = "VT-d 6.5.2.5, S and ADDR; PCIe 10.3.1", .needs = NEED_ATS, \
	.block = (pages), .page = { [A] = (first), [B] = (last) },                         \
	.agents = { RUNS(C0, told), RUNS(E, READER) }, .warm = { RUNS(E, BOTH) },          \
	.content = { [P0] = O, [P1] = N, [K] = Y, [Q0] = X },                              \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { K, RW, LEAF_USED } }
#define ITS_OWN "the device does not ask again"
#define COVERED                                                              \
	.forbid = { FORBID(first_kept), FORBID(last_kept) },                 \
	.control = { WITHOUT(C0, 4, first_kept), WITHOUT(E, 1, last_kept) }, \
	.spare = { SPARE(C0, 3, ITS_OWN) }
#define MISSED                                                                               \
	.forbid = { FORBID(first_kept) }, .shows = SHOWS(last_kept), .shown_by = CACHE_DTLB, \
	.control = { WITHOUT(C0, 4, first_kept), WITHOUT(E, 1, first_kept) },                \
	.spare = { SPARE(C0, 3, ITS_OWN) }

SCENARIO(C06_device_1_2) = {
	IN_BLOCK(16, 1, 2, ORDER_2),
	COVERED,
	.name = "device_1_2",
	.claim = "pages 1 to 2, the smallest block that has both: the device drops both",
};

SCENARIO(C06_device_7_8) = {
	IN_BLOCK(16, 7, 8, ORDER_4),
	COVERED,
	.name = "device_7_8",
	.claim = "pages 7 to 8, the smallest block that has both: the device drops both",
};

SCENARIO(C06_device_0_511) = {
	IN_BLOCK(512, 0, 511, ORDER_9),
	COVERED,
	.name = "device_0_511",
	.claim = "pages 0 to 511, as one block: the device drops both ends",
};

SCENARIO(C06_device_size_1_2) = {
	IN_BLOCK(16, 1, 2, SIZE),
	MISSED,
	.name = "device_size_1_2",
	.claim = "pages 1 to 2, told as log2 of their number: the device keeps the last one",
};

SCENARIO(C06_device_half_7_8) = {
	IN_BLOCK(16, 7, 8, HALF),
	MISSED,
	.name = "device_half_7_8",
	.claim =
		"pages 7 to 8, told as the half that the first is in: the device keeps the last one",
};
