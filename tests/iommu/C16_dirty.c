/* Dirty tracking with a walker that caches: a page that was written is marked dirty before it counts as clean again. */
#include "tests/scenario.h"

OBSERVE(FIRST, WROTE, FOUND, DIRTY)

#define COLLECT_STEPS(step) \
	step(1, heed, E)    \
	step(2, pte_dirty, A, DIRTY)
#define CLEAN_STEPS(step)     \
	step(1, pte_clean, A) \
	step(2, tell, E)      \
	step(3, heed, E)      \
	step(4, pte_dirty, A, DIRTY)
#define CLEAN_FLUSH_STEPS(step) \
	step(1, pte_clean, A)   \
	step(2, iommu_flush, A) \
	step(3, tell, E)        \
	step(4, heed, E)        \
	step(5, pte_dirty, A, DIRTY)
#define CLEAN_AGE_FLUSH_STEPS(step) \
	step(1, pte_clean, A)       \
	step(2, pte_age, A)         \
	step(3, iommu_flush, A)     \
	step(4, tell, E)            \
	step(5, heed, E)            \
	step(6, pte_dirty, A, DIRTY)
/* P1 is what is sent to another machine, say. */
#define SNAPSHOT_STEPS(step)    \
	step(1, pte_clean, A)   \
	step(2, iommu_flush, A) \
	step(3, copy, P0, P1)   \
	step(4, heed, E)        \
	step(5, pte_dirty, A, DIRTY)
/* D is seen, which a walk has set, and its data may be on the way still. */
#define SEEN(step, queue)            \
	step(1, pte_dirty, A, FOUND) \
	step(2, pte_clean, A)        \
	step(3, pte_age, A)          \
	step(4, queue, A)            \
	step(5, iommu_wait)          \
	step(6, copy, P0, P1)        \
	step(7, heed, E)             \
	step(8, pte_dirty, A, DIRTY)
#define SNAPSHOT_SEEN_STEPS(step)     SEEN(step, iommu_queue)
#define SNAPSHOT_NO_DRAIN_STEPS(step) SEEN(step, iommu_queue_no_drain)
#define AGED_SNAPSHOT_STEPS(step) \
	step(1, pte_clean, A)     \
	step(2, pte_age, A)       \
	step(3, iommu_flush, A)   \
	step(4, copy, P0, P1)     \
	step(5, heed, E)          \
	step(6, pte_dirty, A, DIRTY)
#define WRITER_STEPS(step)              \
	step(1, dma_write, A, X, WROTE) \
	step(2, tell, C0)
#define READS_FIRST_STEPS(step)         \
	step(1, dma_read, A, FIRST)     \
	step(2, dma_write, A, X, WROTE) \
	step(3, tell, C0)
#define WRITES_TWICE_STEPS(step)        \
	step(1, dma_write, A, X, FIRST) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, WROTE) \
	step(4, tell, C0)
#define WRITER_WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(COLLECT)
LISTING(CLEAN)
LISTING(CLEAN_FLUSH)
LISTING(CLEAN_AGE_FLUSH)
LISTING(SNAPSHOT)
LISTING(SNAPSHOT_SEEN)
LISTING(SNAPSHOT_NO_DRAIN)
LISTING(AGED_SNAPSHOT)
LISTING(WRITER)
LISTING(READS_FIRST)
LISTING(WRITES_TWICE)
LISTING(WRITER_WARM)

CLAIM(dirt_lost, saw(WROTE) == LANDED && saw(DIRTY) == NO)
CLAIM(write_missed, holds(P0) == X && holds(P1) != X && saw(DIRTY) == NO)
CLAIM(write_refused, saw(WROTE) != LANDED)
CLAIM(seen_and_missed, saw(FOUND) == YES && holds(P0) == X && holds(P1) != X && saw(DIRTY) == NO)
CLAIM(write_in_the_snapshot, holds(P1) == X && saw(DIRTY) == NO)
CLAIM(seen_and_copied, saw(FOUND) == YES && holds(P1) == X && saw(DIRTY) == NO)
CLAIM(write_marked, holds(P1) != X && saw(DIRTY) == YES)

#define DIRT(cpu, device, leaf)                                    \
	.id = "C16", .agents = { RUNS(C0, cpu), RUNS(E, device) }, \
	.maps = { [A] = { P0, RW, leaf } }, .content = { [P0] = O, [P1] = O }

SCENARIO(C16_first_write) = {
	DIRT(COLLECT, WRITER, LEAF_FRESH),
	.name = "first_write",
	.claim = "the first access through an entry is a write: D is set",
	.source = "VT-d 3.6.2",
	.needs = NEED_WRITE | NEED_MARKS,
	.forbid = { FORBID(dirt_lost), FORBID(write_refused) },
	.control = { WITHOUT(C0, 1, dirt_lost) },
};

SCENARIO(C16_accessed) = {
	DIRT(COLLECT, WRITER, LEAF_CLEAN),
	.name = "accessed",
	.claim = "a write through an entry that has A set already: D is set",
	.source = "VT-d 3.6.2",
	.needs = NEED_WRITE | NEED_MARKS,
	.forbid = { FORBID(dirt_lost), FORBID(write_refused) },
	.control = { WITHOUT(C0, 1, dirt_lost) },
};

SCENARIO(C16_read_before) = {
	DIRT(COLLECT, READS_FIRST, LEAF_FRESH),
	.name = "read_before",
	.claim = "a write through an entry that a read has brought into the IOTLB: D is set",
	.source = "VT-d 3.6.2",
	.needs = NEED_READ | NEED_WRITE | NEED_MARKS,
	.forbid = { FORBID(dirt_lost), FORBID(write_refused) },
	.control = { WITHOUT(C0, 1, dirt_lost) },
};

SCENARIO(C16_clean_no_flush) = {
	DIRT(CLEAN, WRITES_TWICE, LEAF_USED),
	.name = "clean_no_flush",
	.claim = "D cleared in memory only: a cached entry writes and does not set it again",
	.source = "VT-d 3.6.2, 6.2.4: what is cached has D as it was",
	.needs = NEED_WRITE | NEED_MARKS,
	.forbid = { FORBID(write_refused) },
	.shows = SHOWS(dirt_lost),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 3, "what is collected too early lacks the write as well"),
		   SPARE(E, 2,
			 "a write before D is cleared has set it in vain: the hazard is a later one") },
};

SCENARIO(C16_clean) = {
	DIRT(CLEAN_FLUSH, WRITES_TWICE, LEAF_USED),
	.name = "clean",
	.claim = "D cleared, entry invalidated: the next write sets it again",
	.source = "VT-d 3.6.2",
	.needs = NEED_WRITE | NEED_MARKS,
	.forbid = { FORBID(dirt_lost), FORBID(write_refused) },
	.control = { WITHOUT(C0, 2, dirt_lost), WITHOUT(C0, 4, dirt_lost), WITHOUT(E, 2, dirt_lost),
		     SWAPPED(C0, 1, 2, dirt_lost) },
};

SCENARIO(C16_clean_and_aged) = {
	DIRT(CLEAN_AGE_FLUSH, WRITES_TWICE, LEAF_USED),
	.name = "clean_and_aged",
	.claim = "D and A cleared, entry invalidated: the next write sets D again",
	.source = "VT-d 3.6.2",
	.needs = NEED_WRITE | NEED_MARKS,
	.forbid = { FORBID(dirt_lost), FORBID(write_refused) },
	.control = { WITHOUT(C0, 3, dirt_lost), WITHOUT(C0, 5, dirt_lost), WITHOUT(E, 2, dirt_lost),
		     SWAPPED(C0, 1, 3, dirt_lost) },
};

#define HAS_IT "a copy that waits for the write has it"
#define PAST   "the write was translated before, and nothing here waits for it"

SCENARIO(C16_snapshot) = {
	DIRT(SNAPSHOT, WRITER, LEAF_USED),
	.name = "snapshot",
	.claim = "clear D, invalidate, copy: a write is in the copy or marked",
	.source = "VT-d 3.6.2, 6.5.2.9: completion means that writes are globally visible",
	.needs = NEED_WRITE | NEED_MARKS,
	.warm = { RUNS(E, WRITER_WARM) },
	.forbid = { FORBID(write_missed), FORBID(write_refused) },
	.allow = { ALLOW(write_in_the_snapshot), ALLOW(write_marked) },
	.control = { WITHOUT(C0, 2, write_missed), WITHOUT(C0, 4, write_missed),
		     SWAPPED(C0, 2, 3, write_missed) },
	.spare = { SPARE_SWAP(C0, 3, 4, HAS_IT) },
};

SCENARIO(C16_snapshot_seen) = {
	DIRT(SNAPSHOT_SEEN, WRITER, LEAF_FRESH),
	.name = "snapshot_seen",
	.claim =
		"D is seen and cleared, A too, invalidate, copy: the write that set it is in the copy",
	.source = "VT-d 3.6.2, 6.5.2.9: completion means that writes are globally visible",
	.needs = NEED_WRITE | NEED_MARKS,
	.forbid = { FORBID(write_missed), FORBID(write_refused) },
	.allow = { ALLOW(seen_and_copied), ALLOW(write_marked) },
	.control = { WITHOUT(C0, 7, write_missed) },
	.spare = { SPARE_SWAP(C0, 6, 7, HAS_IT) },
};

SCENARIO(C16_snapshot_no_drain) = {
	DIRT(SNAPSHOT_NO_DRAIN, WRITER, LEAF_FRESH),
	.name = "snapshot_no_drain",
	.claim =
		"D is seen and cleared, A too, invalidate without draining, copy: the write that set it was on its way, and is lost",
	.source = "VT-d 3.6.2, 6.5.2.3: DR and DW",
	.needs = NEED_WRITE | NEED_MARKS,
	.forbid = { FORBID(write_refused) },
	.allow = { ALLOW(write_in_the_snapshot), ALLOW(write_marked) },
	.shows = SHOWS(seen_and_missed),
	.spare = { SPARE(C0, 4, PAST), SPARE(C0, 5, PAST) },
};

SCENARIO(C16_snapshot_aged) = {
	DIRT(AGED_SNAPSHOT, WRITER, LEAF_USED),
	.name = "snapshot_aged",
	.claim = "clear D and A, invalidate, copy: a write is in the copy or marked",
	.source = "VT-d 3.6.2, 6.5.2.9: completion means that writes are globally visible",
	.needs = NEED_WRITE | NEED_MARKS,
	.warm = { RUNS(E, WRITER_WARM) },
	.forbid = { FORBID(write_missed), FORBID(write_refused) },
	.allow = { ALLOW(write_in_the_snapshot), ALLOW(write_marked) },
	.control = { WITHOUT(C0, 3, write_missed), WITHOUT(C0, 5, write_missed),
		     SWAPPED(C0, 3, 4, write_missed) },
	.spare = { SPARE_SWAP(C0, 4, 5, HAS_IT) },
};
