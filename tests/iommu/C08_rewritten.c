/*
 * A PASID entry gets another table while its device goes on. Two caches have what it was: the one of PASID entries, and the IOTLB, which
 * could be filled again from the first. Place A is the page by the old table, B by the new one; where there is a page beside, B is an
 * address of its own, of which no IOTLB can have anything: what is old there is the PASID cache's. That Present goes first, as C09 has it,
 * and the new entry comes last, is C10.cleared and C11.reused.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE, BESIDE)

#define NOTHING_STEPS(step)    \
	step(1, entry_root, B) \
	step(2, tell, E)
#define PASID_ONLY_STEPS(step) \
	step(1, entry_root, B) \
	step(2, pasid_queue)   \
	step(3, iommu_wait)    \
	step(4, tell, E)
#define IOTLB_ONLY_STEPS(step)             \
	step(1, entry_root, B)             \
	step(2, iommu_select, A, OF_PASID) \
	step(3, iommu_wait)                \
	step(4, tell, E)
#define IOTLB_FIRST_STEPS(step)            \
	step(1, entry_root, B)             \
	step(2, iommu_select, A, OF_PASID) \
	step(3, iommu_wait)                \
	step(4, pasid_queue)               \
	step(5, iommu_wait)                \
	step(6, tell, E)
#define BOTH_STEPS(step)                   \
	step(1, entry_root, B)             \
	step(2, pasid_queue)               \
	step(3, iommu_wait)                \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, tell, E)
#define DEVICE_STEPS(step)          \
	step(1, dma_read, A, EARLY) \
	step(2, heed, C0)           \
	step(3, dma_read, A, LATE)
#define PAGES_STEPS(step)           \
	step(1, dma_read, A, EARLY) \
	step(2, heed, C0)           \
	step(3, dma_read, A, LATE)  \
	step(4, dma_read, B, BESIDE)
#define WARM_STEPS(step) step(1, dma_read, A)

LISTING(NOTHING)
LISTING(PASID_ONLY)
LISTING(IOTLB_ONLY)
LISTING(IOTLB_FIRST)
LISTING(BOTH)
LISTING(DEVICE)
LISTING(PAGES)
LISTING(WARM)

CLAIM(old_table, saw(LATE) == O)
CLAIM(neither, saw(EARLY) != O && saw(EARLY) != N && saw(EARLY) != NOTHING)
CLAIM(refused, saw(LATE) == BLOCKED)
CLAIM(new_early, saw(EARLY) == N)
CLAIM(new_late, saw(LATE) == N)
CLAIM(old_beside, saw(BESIDE) == O)
CLAIM(either_refused, saw(LATE) == BLOCKED || saw(BESIDE) == BLOCKED)
CLAIM(mixed, saw(LATE) == O && saw(BESIDE) == N)
CLAIM(all_old, saw(LATE) == O && saw(BESIDE) == O)

#define IN_TURN "the unit tells the IOTLB after entries, waited for or not: VT-d 6.5.2.12"
#define NO_LESS "without it the old table is seen as well"
#define REWRITTEN(need, told, device)                                                            \
	.id = "C08", .source = "VT-d 6.2.3, 6.5.2.2 and 6.5.3.3",                                \
	.needs = NEED_READ | NEED_ENTRY | (need), .agents = { RUNS(C0, told), RUNS(E, device) }, \
	.entry = true, .maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },     \
	.content = { [P0] = O, [P1] = N }
#define CACHED    .warm = { RUNS(E, WARM) }
#define TWO_PAGES CACHED, .beside = true

SCENARIO(C08_nothing) = {
	REWRITTEN(0, NOTHING, PAGES),
	TWO_PAGES,
	.name = "nothing",
	.claim = "nobody is told of another table: of two pages one goes on by the old one",
	.forbid = { FORBID(neither), FORBID(either_refused) },
	.allow = { ALLOW(new_late), ALLOW(old_beside) },
	.shows = SHOWS(mixed),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(E, 2, NO_LESS) },
};

SCENARIO(C08_pasid_only) = {
	REWRITTEN(0, PASID_ONLY, DEVICE),
	CACHED,
	.name = "pasid_only",
	.claim = "the PASID cache is told, the IOTLB is not: DMA goes on by the old table",
	.forbid = { FORBID(neither), FORBID(refused) },
	.allow = { ALLOW(new_early) },
	.shows = SHOWS(old_table),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 2, NO_LESS), SPARE(C0, 3, NO_LESS), SPARE(E, 2, NO_LESS) },
};

SCENARIO(C08_iotlb_only) = {
	REWRITTEN(0, IOTLB_ONLY, PAGES),
	TWO_PAGES,
	.name = "iotlb_only",
	.claim =
		"the IOTLB is told, the PASID cache is not: it is filled again by the old entry, and so is a page that it never had",
	.forbid = { FORBID(neither), FORBID(either_refused) },
	.allow = { ALLOW(new_late), ALLOW(mixed) },
	.shows = SHOWS(all_old),
	.shown_by = CACHE_PASID,
	.spare = { SPARE(C0, 2, NO_LESS), SPARE(C0, 3, NO_LESS), SPARE(E, 2, NO_LESS) },
};

SCENARIO(C08_iotlb_first) = {
	REWRITTEN(0, IOTLB_FIRST, DEVICE),
	CACHED,
	.name = "iotlb_first",
	.claim = "the IOTLB is told first: it is filled again from the PASID cache",
	.forbid = { FORBID(neither), FORBID(refused) },
	.allow = { ALLOW(new_late) },
	.shows = SHOWS(old_table),
	.shown_by = CACHE_PASID,
	.spare = { SPARE(C0, 2, NO_LESS), SPARE(C0, 3, NO_LESS), SPARE(C0, 4, NO_LESS),
		   SPARE(C0, 5, NO_LESS), SPARE(E, 2, NO_LESS) },
};

SCENARIO(C08_both) = {
	REWRITTEN(0, BOTH, PAGES),
	TWO_PAGES,
	.name = "both",
	.claim = "the PASID cache is told, then the IOTLB: no DMA goes by the old table",
	.forbid = { FORBID(old_table), FORBID(old_beside), FORBID(neither),
		    FORBID(either_refused) },
	.allow = { ALLOW(new_early) },
	.control = { { { C0, 2, 0 }, SHOWS(old_table), CACHE_PASID },
		     WITHOUT(C0, 4, old_table),
		     WITHOUT(C0, 5, old_table),
		     { { C0, 2, 4 }, SHOWS(old_table), CACHE_PASID },
		     WITHOUT(E, 2, old_table) },
	.spare = { SPARE(C0, 3, IN_TURN),
		   SPARE_SWAP(E, 1, 2, "an access that comes later shows less") },
};

/* By a first stage: of a second stage, which has no A, an IOTLB could have loaded the page by itself. */
SCENARIO(C08_other_page) = {
	REWRITTEN(NEED_MARKS, PASID_ONLY, PAGES),
	TWO_PAGES,
	.name = "other_page",
	.claim = "the PASID cache is told: a page that no IOTLB has is by the new table",
	.forbid = { FORBID(old_beside), FORBID(neither), FORBID(either_refused) },
	.allow = { ALLOW(mixed), ALLOW(new_late) },
	.control = { { { C0, 2, 0 }, SHOWS(old_beside), CACHE_PASID }, WITHOUT(E, 2, old_beside) },
	.spare = { SPARE_SWAP(E, 1, 2, "page A may be by the old table all the same"),
		   SPARE_SWAP(E, 2, 3, "page A may be by the old table all the same") },
};
