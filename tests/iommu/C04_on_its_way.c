/*
 * What a device has on its way when it is told to drop a translation: an answer of the IOMMU, which it must throw away
 * (PCIe 10.3.6: an invalidation can overtake it), and writes that used it, which must have arrived before it confirms
 * (10.3.3). Devices have been built that do neither; for those of the second kind Linux tells twice
 * (quirk_extra_dev_tlb_flush).
 */
#include "tests/scenario.h"

OBSERVE(LAST, WROTE)

#define MOVE_STEPS(step)            \
	step(1, pte_clear, A)       \
	step(2, iommu_queue, A)     \
	step(3, dtlb_queue, A)      \
	step(4, iommu_wait)         \
	step(5, reuse, P0)          \
	step(6, pte_set, A, P1, RW) \
	step(7, tell, E)
#define ONCE_STEPS(step)        \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, A) \
	step(3, dtlb_queue, A)  \
	step(4, iommu_wait)     \
	step(5, reuse, P0)
#define TWICE_STEPS(step)       \
	step(1, pte_clear, A)   \
	step(2, iommu_queue, A) \
	step(3, dtlb_queue, A)  \
	step(4, iommu_wait)     \
	step(5, dtlb_queue, A)  \
	step(6, iommu_wait)     \
	step(7, reuse, P0)
#define ASKER_STEPS(step)          \
	step(1, ats_ask, A)        \
	step(2, ats_land)          \
	step(3, heed, C0)          \
	step(4, ats_read, A, LAST) \
	step(5, ats_write, A, X, WROTE)
#define POSTER_STEPS(step)             \
	step(1, ats_request, A)        \
	step(2, ats_post, A, X, WROTE) \
	step(3, ats_land)
#define GRANTED_STEPS(step) step(1, ats_request, A)
LISTING(MOVE)
LISTING(ONCE)
LISTING(TWICE)
LISTING(ASKER)
LISTING(POSTER)
LISTING(GRANTED)

CLAIM(old_page, saw(LAST) != N && saw(LAST) != BLOCKED)
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(strangers_word, saw(LAST) == S && holds(P0) == X)
CLAIM(thrown_away, saw(LAST) == BLOCKED)
CLAIM(in_time, saw(WROTE) == LANDED && holds(P0) == S)

#define ON_ITS_WAY                                                                   \
	.id = "C04", .source = "PCIe 10.3.3, 10.3.6; VT-d 6.5.4", .needs = NEED_ATS, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = N },  \
	.warm = { RUNS(E, GRANTED) }
#define LOST "the device is on the old page, told or not"

SCENARIO(C04_late_answer) = {
	ON_ITS_WAY,
	.name = "late_answer",
	.claim = "an answer of the IOMMU that an invalidation has overtaken is thrown away",
	.agents = { RUNS(C0, MOVE), RUNS(E, ASKER) },
	.forbid = { FORBID(old_page), FORBID(stranger_hurt) },
	.allow = { ALLOW(thrown_away) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), WITHOUT(E, 3, old_page),
		     SWAPPED(C0, 2, 3, stranger_hurt) },
};

SCENARIO(C04_late_answer_kept) = {
	ON_ITS_WAY,
	.name = "late_answer_kept",
	.claim =
		"a device that keeps such an answer is on a page that is somebody else's, for ever",
	.agents = { RUNS(C0, MOVE), RUNS(E, ASKER) },
	.flaw = DMA_KEEPS_LATE_ANSWERS,
	.shows = SHOWS(strangers_word),
	.shown_by = CACHE_DTLB,
	.spare = { SPARE(C0, 1, LOST), SPARE(C0, 2, LOST) },
};

SCENARIO(C04_posted_write) = {
	ON_ITS_WAY,
	.name = "posted_write",
	.claim = "a write on its way to the old page arrives before the invalidation is over",
	.agents = { RUNS(C0, ONCE), RUNS(E, POSTER) },
	.forbid = { FORBID(stranger_hurt) },
	.allow = { ALLOW(in_time) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), SWAPPED(C0, 2, 3, stranger_hurt) },
};

SCENARIO(C04_posted_overtaken) = {
	ON_ITS_WAY,
	.name = "posted_overtaken",
	.claim =
		"a device that confirms before such a write has arrived: it hits who has the page next",
	.agents = { RUNS(C0, ONCE), RUNS(E, POSTER) },
	.flaw = DMA_CONFIRMS_EARLY,
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_DTLB,
	.spare = { SPARE(C0, 1, LOST), SPARE(C0, 2, LOST), SPARE(C0, 3, LOST), SPARE(C0, 4, LOST) },
};

SCENARIO(C04_told_twice) = {
	ON_ITS_WAY,
	.name = "told_twice",
	.claim = "told a second time it has let the write arrive by then",
	.agents = { RUNS(C0, TWICE), RUNS(E, POSTER) },
	.flaw = DMA_CONFIRMS_EARLY,
	.forbid = { FORBID(stranger_hurt) },
	.allow = { ALLOW(in_time) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), WITHOUT(C0, 5, stranger_hurt) },
	.spare = { SPARE(
		C0, 4,
		"the device takes one after the other, whether anybody waits between or not") },
};
