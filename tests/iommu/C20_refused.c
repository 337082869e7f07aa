/*
 * An invalidation that never executed: the queue stands still at a descriptor in front of it, which the unit refuses. Whoever waits must
 * look for that, take out that one descriptor, and let the unit go on; done is what the status word says, and not the clock.
 */
#include "tests/scenario.h"

OBSERVE(READ)

#define REMAP(step, kind, wait)          \
	step(1, pte_exchange, A, P1, RW) \
	step(2, queue_refused, kind)     \
	step(3, iommu_queue, A)          \
	wait step(5, tell, E)
#define MENDS(step)               step(4, iommu_wait)
#define GIVES_UP(step)            step(4, iommu_wait_badly, GIVE_UP)
#define TYPE_STEPS(step)          REMAP(step, BAD_TYPE, MENDS(step))
#define GRAIN_STEPS(step)         REMAP(step, BAD_GRANULARITY, MENDS(step))
#define RESERVED_STEPS(step)      REMAP(step, BAD_RESERVED, MENDS(step))
#define SIZE_STEPS(step)          REMAP(step, BAD_SIZE, MENDS(step))
#define WIDTH_STEPS(step)         REMAP(step, BAD_WIDTH, MENDS(step))
#define TYPE_LEFT_STEPS(step)     REMAP(step, BAD_TYPE, GIVES_UP(step))
#define GRAIN_LEFT_STEPS(step)    REMAP(step, BAD_GRANULARITY, GIVES_UP(step))
#define RESERVED_LEFT_STEPS(step) REMAP(step, BAD_RESERVED, GIVES_UP(step))
#define SIZE_LEFT_STEPS(step)     REMAP(step, BAD_SIZE, GIVES_UP(step))
#define WIDTH_LEFT_STEPS(step)    REMAP(step, BAD_WIDTH, GIVES_UP(step))
#define SILENT_STEPS(step)        REMAP(step, NO_ANSWER, MENDS(step))
#define SILENT_LEFT_STEPS(step)   REMAP(step, NO_ANSWER, GIVES_UP(step))
#define DISCARDS_STEPS(step)      REMAP(step, BAD_TYPE, step(4, iommu_wait_badly, DISCARD))
#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, A, READ)
#define WARM_STEPS(step) step(1, dma_read, A)

LISTING(TYPE)
LISTING(GRAIN)
LISTING(RESERVED)
LISTING(SIZE)
LISTING(WIDTH)
LISTING(TYPE_LEFT)
LISTING(GRAIN_LEFT)
LISTING(RESERVED_LEFT)
LISTING(SIZE_LEFT)
LISTING(WIDTH_LEFT)
LISTING(SILENT)
LISTING(SILENT_LEFT)
LISTING(DISCARDS)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(stale, saw(READ) == O)
CLAIM(neither, saw(READ) != O && saw(READ) != N)

#define REFUSED(told, more)                                                   \
	WRONG(told), .source = "VT-d 6.5.2, queued invalidation errors: IQE", \
		     .needs = NEED_READ | (more)
#define UNANSWERED(told)                                                                          \
	WRONG(told),                                                                              \
		.source = "VT-d 6.5.2, queued invalidation errors: ITE; Linux: qi_check_fault()", \
		.needs = NEED_READ | NEED_TIMES_OUT
#define WRONG(told)                                                                            \
	.id = "C20", .agents = { RUNS(C0, told), RUNS(E, DEVICE) }, .warm = { RUNS(E, WARM) }, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = N }
#define IS_DONE                                       \
	.forbid = { FORBID(stale), FORBID(neither) }, \
	.control = { WITHOUT(C0, 3, stale), WITHOUT(C0, 4, stale), WITHOUT(E, 1, stale) }
#define NOT_MENDED                                                                     \
	.forbid = { FORBID(neither) }, .shows = SHOWS(stale), .shown_by = CACHE_IOTLB, \
	.spare = { SPARE(C0, 3, NO_LESS), SPARE(C0, 4, NO_LESS), SPARE(E, 1, NO_LESS) }
#define GIVEN_UP(told, more, is)                                                            \
	REFUSED(told, more), NOT_MENDED,                                                    \
		.claim = "a driver waits for a while, and goes on: behind a descriptor " is \
			 " nothing was invalidated"
#define TAKEN_OUT(told, more, is)           \
	REFUSED(told, more), IS_DONE,       \
		.claim = "a descriptor " is \
			 " is taken out: what is behind it is done when it is said to be"
#define NO_LESS "it does nothing here: without it the entry is as stale"

SCENARIO(C20_type) = { TAKEN_OUT(TYPE, 0, "of no type"), .name = "type" };
SCENARIO(C20_type_left) = { GIVEN_UP(TYPE_LEFT, 0, "of no type"), .name = "type_left" };
SCENARIO(C20_granularity) = { TAKEN_OUT(GRAIN, 0, "of no granularity"), .name = "granularity" };
SCENARIO(C20_granularity_left) = { GIVEN_UP(GRAIN_LEFT, 0, "of no granularity"),
				   .name = "granularity_left" };
SCENARIO(C20_reserved) = { TAKEN_OUT(RESERVED, 0, "with a reserved bit"), .name = "reserved" };
SCENARIO(C20_reserved_left) = { GIVEN_UP(RESERVED_LEFT, 0, "with a reserved bit"),
				.name = "reserved_left" };
SCENARIO(C20_size) = { TAKEN_OUT(SIZE, 0, "for more pages than CAP.MAMV says"), .name = "size" };
SCENARIO(C20_size_left) = { GIVEN_UP(SIZE_LEFT, 0, "for more pages than CAP.MAMV says"),
			    .name = "size_left" };
/* The unit takes the first half for the whole of one, and what is behind that for the next. */
SCENARIO(C20_width) = { TAKEN_OUT(WIDTH, NEED_NARROW, "of 256 bits, in a queue of 128,"),
			.name = "width" };
SCENARIO(C20_width_left) = { GIVEN_UP(WIDTH_LEFT, NEED_NARROW, "of 256 bits, in a queue of 128,"),
			     .name = "width_left" };

SCENARIO(C20_discards) = {
	REFUSED(DISCARDS, 0),
	NOT_MENDED,
	.name = "discards",
	.claim = "a driver takes out all that was queued, and goes on: what it invalidated is used",
};

/* The device itself keeps what it was not made to drop: that is for a reset of it, and no wait says so. */
SCENARIO(C20_silent) = {
	UNANSWERED(SILENT),
	IS_DONE,
	.name = "silent",
	.claim =
		"a device does not answer, waits are void: who waits anew has done what is done for all others",
};

SCENARIO(C20_silent_left) = {
	UNANSWERED(SILENT_LEFT),
	NOT_MENDED,
	.name = "silent_left",
	.claim =
		"a device does not answer, and a driver takes that for the end of its wait: others have what they had",
};
