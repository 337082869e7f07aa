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
#define ORDER_1_STEPS(step) MOVE(step, 1, 1)
#define ORDER_2_STEPS(step) MOVE(step, 2, 2)
#define ORDER_3_STEPS(step) MOVE(step, 3, 3)
#define ORDER_4_STEPS(step) MOVE(step, 4, 4)
#define ORDER_9_STEPS(step) MOVE(step, 9, 9)
#define SIZE_STEPS(step)    MOVE(step, 2, 1)
#define HALF_STEPS(step)    MOVE(step, 4, 3)
#define END_STEPS(step)     MOVE(step, 1, 0)
#define READER_STEPS(step)          \
	step(1, heed, C0)           \
	step(2, ats_read, A, FIRST) \
	step(3, ats_read, B, LAST)
#define BOTH_STEPS(step)        \
	step(1, ats_request, A) \
	step(2, ats_request, B)

LISTING(ORDER_1)
LISTING(ORDER_2)
LISTING(ORDER_3)
LISTING(ORDER_4)
LISTING(ORDER_9)
LISTING(SIZE)
LISTING(HALF)
LISTING(END)
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

#define DROPS(in, first, last, told)                                                          \
	SCENARIO(C06_device_##first##_##last) = {                                             \
		IN_BLOCK(in, first, last, told), COVERED, .name = "device_" #first "_" #last, \
		.claim = "pages " #first " to " #last                                         \
			 ", told as the smallest block that has both: the device drops both"  \
	}
#define KEEPS(id, first, last, told, as)                              \
	SCENARIO(C06_device_##id##_##first##_##last) = {              \
		IN_BLOCK(16, first, last, told), MISSED,              \
		.name = "device_" #id "_" #first "_" #last,           \
		.claim = "pages " #first " to " #last ", told as " as \
			 ": the device keeps the last one"            \
	}

DROPS(16, 0, 1, ORDER_1);
DROPS(16, 1, 2, ORDER_2);
DROPS(16, 1, 3, ORDER_2);
DROPS(16, 3, 7, ORDER_3);
DROPS(16, 7, 8, ORDER_4);
DROPS(16, 0, 15, ORDER_4);
DROPS(512, 0, 511, ORDER_9);
KEEPS(size, 1, 2, SIZE, "log2 of their number");
KEEPS(half, 7, 8, HALF, "the half that the first is in");
KEEPS(end, 0, 1, END, "an end that is not meant to be in it");
