/*
 * A PASID entry is several words, which the IOMMU does not read at once. Whoever changes them while Present is set has it go by a mixture: one
 * table under another's domain id, which no invalidation names later, or no table at all. CVE-2026-45894, mended by Linux 75ed00055c05.
 * Place A is the page by the old table, B by the new.
 */
#include "tests/scenario.h"

OBSERVE(EARLY, LATE)

#define KEPT_PRESENT_STEPS(step)           \
	step(1, entry_domain, B)           \
	step(2, entry_root, B)             \
	step(3, pasid_queue)               \
	step(4, context_queue)             \
	step(5, iommu_wait)                \
	step(6, iommu_select, A, OF_PASID) \
	step(7, iommu_wait)                \
	step(8, reuse, P0)                 \
	step(9, tell, E)
#define CLEARED_STEPS(step)                \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	step(7, entry_domain, B)           \
	step(8, entry_root, B)             \
	step(9, entry_set)                 \
	step(10, reuse, P0)                \
	step(11, tell, E)
/* The new table's page goes soon after, by the new domain id: under the old one nothing may be cached of it. */
#define NEXT_STEPS(step)                    \
	step(1, entry_clear)                \
	step(2, pasid_queue)                \
	step(3, context_queue)              \
	step(4, iommu_wait)                 \
	step(5, iommu_select, A, OF_PASID)  \
	step(6, entry_root, B)              \
	step(7, entry_domain, B)            \
	step(8, entry_set)                  \
	step(9, pte_clear, B)               \
	step(10, iommu_select, B, OF_PASID) \
	step(11, iommu_wait)                \
	step(12, reuse, P1)                 \
	step(13, tell, E)
/*
 * A read that began before it knows the domain id, and reads the root when there is none; or the domain id when it is gone, and
 * the root before: no PASID of any domain names what it caches then.
 */
#define WIPED_STEPS(step)                \
	step(1, entry_wipe)              \
	step(2, pasid_queue)             \
	step(3, context_queue)           \
	step(4, iommu_wait)              \
	step(5, iommu_select, A, OF_ALL) \
	step(6, iommu_wait)              \
	step(7, tell, E)
#define CLEARED_WIPED_STEPS(step)          \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	step(7, entry_wipe)                \
	step(8, tell, E)
/* Wiped one word after the other, in two orders; domain id B and a stranger's table stand for those that 0 is. */
#define BY_WORDS(step, words)              \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	words step(9, entry_wipe)          \
	step(10, reuse, P0)                \
	step(11, tell, E)
#define ROOT_FIRST_STEPS(step) \
	BY_WORDS(step, step(7, entry_root, ELSEWHERE) step(8, entry_domain, B))
#define DOMAIN_FIRST_STEPS(step) \
	BY_WORDS(step, step(7, entry_domain, B) step(8, entry_root, ELSEWHERE))
#define DEVICE_STEPS(step)              \
	step(1, dma_write, A, X, EARLY) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, LATE)

/* Of a device that reads and goes on. */
#define READER_STEPS(step)          \
	step(1, dma_read, A, EARLY) \
	step(2, heed, C0)           \
	step(3, dma_read, A, LATE)

LISTING(KEPT_PRESENT)
LISTING(CLEARED)
LISTING(NEXT)
LISTING(WIPED)
LISTING(CLEARED_WIPED)
LISTING(ROOT_FIRST)
LISTING(DOMAIN_FIRST)
LISTING(DEVICE)
LISTING(READER)

CLAIM(old_table, holds(P0) != S)
CLAIM(no_table, holds(Q1) != S)
CLAIM(next_page, holds(P1) != S)
CLAIM(refused, saw(LATE) == BLOCKED)
CLAIM(late, saw(LATE) == LANDED)
CLAIM(new_table, holds(P1) == X)
CLAIM(neither, saw(EARLY) != O && saw(EARLY) != N && saw(EARLY) != S)
CLAIM(old_is_read, saw(LATE) == S)
CLAIM(old_early, saw(EARLY) == O)
CLAIM(new_early, saw(EARLY) == N)

#define IN_TURN    "the unit tells the IOTLB after entries, waited for or not: VT-d 6.5.2.12"
#define LATER      SPARE_SWAP(E, 1, 2, "an access that comes later shows less")
#define NO_LESS    "without it the old table is seen as well"
#define TORN(told) CHANGED_BY(NEED_WRITE | NEED_NO_RINGS, told, DEVICE)
#define CHANGED_BY(need, told, device)                                                            \
	.id = "C10", .source = "VT-d 6.2.3.1, 6.5.3.3; CVE-2026-45894; Linux 75ed00055c05",       \
	.needs = (need) | NEED_ENTRY | NEED_NO_CM, .agents = { RUNS(C0, told), RUNS(E, device) }, \
	.entry = true, .maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },      \
	.content = { [P0] = O, [P1] = N, [Q1] = S }

SCENARIO(C10_kept_present) = {
	TORN(KEPT_PRESENT),
	.name = "kept_present",
	.claim =
		"domain id and table change while Present is set: the old table stays, under the new domain id",
	.forbid = { FORBID(refused) },
	.allow = { ALLOW(new_table) },
	.shows = SHOWS(old_table),
	.spare = { SPARE(C0, 3, NO_LESS), SPARE(C0, 5, NO_LESS), SPARE(C0, 6, NO_LESS),
		   SPARE(C0, 7, NO_LESS) },
};

/* Raced: a reader while words change. */
SCENARIO(C10_kept_present_read) = {
	CHANGED_BY(NEED_READ, KEPT_PRESENT, READER),
	.name = "kept_present_read",
	.claim =
		"the same, to a device that reads: by one table or the other, the old one for good",
	.forbid = { FORBID(neither), FORBID(refused) },
	.allow = { ALLOW(old_early), ALLOW(new_early) },
	.shows = SHOWS(old_is_read),
	.spare = { SPARE(C0, 3, NO_LESS), SPARE(C0, 5, NO_LESS), SPARE(C0, 6, NO_LESS),
		   SPARE(C0, 7, NO_LESS), LATER },
};

SCENARIO(C10_cleared) = {
	TORN(CLEARED),
	.name = "cleared",
	.claim =
		"Present goes, caches are told, words change, Present comes: old table, no table, or new table",
	.forbid = { FORBID(old_table), FORBID(no_table), FORBID(refused) },
	.allow = { ALLOW(new_table) },
	.control = { WITHOUT(C0, 5, old_table), WITHOUT(C0, 1, old_table) },
	.spare = { SPARE(C0, 4, IN_TURN), LATER },
};

SCENARIO(C10_cleared_next) = {
	TORN(NEXT),
	.name = "cleared_next",
	.claim =
		"Present goes, words change, Present comes: the new table's pages are under the new domain id alone",
	.forbid = { FORBID(next_page), FORBID(no_table), FORBID(late) },
	.control = { WITHOUT(C0, 1, next_page), WITHOUT(C0, 9, late), WITHOUT(C0, 10, next_page) },
	.spare = { LATER, SPARE(C0, 4, IN_TURN),
		   SPARE_SWAP(C0, 8, 9, "a page that is gone sooner is reached less") },
};

SCENARIO(C10_wiped) = {
	TORN(WIPED),
	.name = "wiped",
	.claim = "an entry is wiped that nobody was told of: a walk begins at a root of 0",
	.shows = SHOWS(no_table),
	.shown_by = CACHE_PASID,
	.spare = { SPARE(C0, 4, IN_TURN) },
};

SCENARIO(C10_cleared_wiped) = {
	TORN(CLEARED_WIPED),
	.name = "cleared_wiped",
	.claim = "Present goes, caches are told, then the rest: no walk begins at a root of 0",
	.forbid = { FORBID(no_table), FORBID(late) },
	/* The second: C09_teardown.c has why. */
	.control = { { { C0, 2, 0 }, SHOWS(no_table), CACHE_PASID },
		     { { C0, 5, 0 }, SHOWS(late), CACHE_PASID } },
	.spare = { SPARE(C0, 4, IN_TURN), LATER },
};

SCENARIO(C10_root_first) = {
	TORN(ROOT_FIRST),
	.name = "root_first",
	.claim = "the same, and the rest one word after the other, the table's first",
	.forbid = { FORBID(no_table), FORBID(old_table), FORBID(late) },
	.control = { WITHOUT(C0, 1, no_table), WITHOUT(E, 2, late) },
	.spare = { SPARE(C0, 4, IN_TURN), LATER },
};

/* By a unit that reads the entry first nothing is shown once that is wiped: C09_teardown.c. */
SCENARIO(C10_domain_first) = {
	TORN(DOMAIN_FIRST),
	.name = "domain_first",
	.claim = "the same, and the domain id first: nothing is cached under what nobody names",
	.forbid = { FORBID(no_table), FORBID(old_table), FORBID(late) },
	.control = { { { C0, 1, 0 }, SHOWS(old_table), CACHE_PASID },
		     { { C0, 5, 0 }, SHOWS(old_table), CACHE_PASID } },
	.spare = { SPARE(C0, 4, IN_TURN), LATER },
};
