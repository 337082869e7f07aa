/*
 * Large pages of devices: one split, or small ones merged. A unit may have cached a large page as small ones (fractured), so that an
 * invalidation of one page is for that page: who changes the size tells of all that was there, 2^9 pages or the whole PASID, and of
 * every level. The CPUs' side is D08. A and B are pages 0 and 511 of the region, or 1 and 3.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, SECOND, AFTER)

/* T0 has other pages. Step 2 tells. */
#define ALL(step, n, place)   step(n, iommu_queue_block, place, TABLE_ORDER)
#define ONE(step, n, place)   step(n, iommu_queue, place)
#define PASID(step, n, place) step(n, iommu_select, place, OF_PASID)
/* With the hint that leaves changed, and no more. */
#define LEAVES(step, n, place) step(n, iommu_queue_leaf, place)
#define CHANGE(step, told, to)               \
	step(1, pde_set, A, to)              \
	told(step, 2, A) step(3, iommu_wait) \
	step(4, tell, E)
#define SPLIT_STEPS(step)       CHANGE(step, ALL, T0)
#define SPLIT_PASID_STEPS(step) CHANGE(step, PASID, T0)
#define SPLIT_ONE_STEPS(step)   CHANGE(step, ONE, T0)
#define MERGE_STEPS(step)       CHANGE(step, ALL, LARGE)
#define MERGE_PASID_STEPS(step) CHANGE(step, PASID, LARGE)
#define MERGE_ONE_STEPS(step)   CHANGE(step, ONE, LARGE)
#define BREAK_STEPS(step)       \
	step(1, pde_clear, A)   \
	ALL(step, 2, A)         \
	step(3, iommu_wait)     \
	step(4, pde_set, A, T0) \
	step(5, tell, E)
/* Its words are a stranger's afterwards: one looks like a leaf. */
#define FREED(step, told)                    \
	step(1, pde_set, A, LARGE)           \
	told(step, 2, A) step(3, iommu_wait) \
	step(4, table_leaf, T0, A, K)
#define MERGE_FREE_STEPS(step)       FREED(step, ALL)
#define MERGE_FREE_PASID_STEPS(step) FREED(step, PASID)
#define MERGE_HINT_STEPS(step)       FREED(step, LEAVES)
#define READS_STEPS(step)           \
	step(1, heed, C0)           \
	step(2, dma_read, A, FIRST) \
	step(3, dma_read, B, SECOND)
#define TWICE_STEPS(step)            \
	step(1, dma_read, B, FIRST)  \
	step(2, dma_read, B, SECOND) \
	step(3, heed, C0)            \
	step(4, dma_read, B, AFTER)
#define ONCE_STEPS(step) step(1, dma_read, A, FIRST)
#define WARM_STEPS(step)     \
	step(1, dma_read, A) \
	step(2, dma_read, B)

LISTING(SPLIT)
LISTING(SPLIT_PASID)
LISTING(SPLIT_ONE)
LISTING(MERGE)
LISTING(MERGE_PASID)
LISTING(MERGE_ONE)
LISTING(BREAK)
LISTING(MERGE_FREE)
LISTING(MERGE_FREE_PASID)
LISTING(MERGE_HINT)
LISTING(READS)
LISTING(TWICE)
LISTING(ONCE)
LISTING(WARM)

CLAIM(a_stale, saw(FIRST) != N)
CLAIM(b_stale, saw(SECOND) != N)
CLAIM(b_is_old, saw(SECOND) == O)
CLAIM(stale, saw(AFTER) != N)
CLAIM(back_again, saw(FIRST) == N && saw(SECOND) == O)
CLAIM(gap, saw(FIRST) == O && saw(SECOND) == BLOCKED)
CLAIM(strangers_page, saw(FIRST) == S)
CLAIM(first_is_old, saw(FIRST) == O)
CLAIM(first_is_new, saw(FIRST) == N)

#define OTHER_LEVEL "what it is told is not what changed"

#define LARGE_PAGE(cpu, device, a, b)                                                             \
	.id = "C07", .source = "VT-d 6.5.3.2, 6.5.3.3; 6.2.4.1", .needs = NEED_READ | NEED_LARGE, \
	.tables = true, .block = 512, .page = { [A] = (a), [B] = (b) },                           \
	.agents = { RUNS(C0, cpu), RUNS(E, device) }, .warm = { RUNS(E, WARM) },                  \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } }
#define SPLIT_UP     .large = STARTS_LARGE, .content = { N, N, S, O, O }
#define PUT_TOGETHER .large = LATER_LARGE, .content = { O, O, S, N, N }
#define SAFE                                            \
	.forbid = { FORBID(a_stale), FORBID(b_stale) }, \
	.control = { WITHOUT(C0, 2, b_is_old), WITHOUT(E, 1, b_is_old) }
#define UNSAFE                                                                            \
	.forbid = { FORBID(a_stale) }, .shows = SHOWS(b_is_old), .shown_by = CACHE_IOTLB, \
	.control = { WITHOUT(C0, 2, a_stale), WITHOUT(E, 1, a_stale) }

#define RESIZED(id, told, a, b, how, is, sentence)                                  \
	SCENARIO(C07_##id) = { LARGE_PAGE(told, READS, a, b), how, is, .name = #id, \
			       .claim = (sentence) }

RESIZED(split, SPLIT, 0, 511, SPLIT_UP, SAFE,
	"a large page split, all of it told: its first and its last page are new");
RESIZED(split_1_3, SPLIT, 1, 3, SPLIT_UP, SAFE,
	"a large page split, all of it told: pages in it are new");
RESIZED(split_pasid, SPLIT_PASID, 0, 511, SPLIT_UP, SAFE,
	"a large page split, the PASID told: its first and its last page are new");
RESIZED(split_one, SPLIT_ONE, 1, 3, SPLIT_UP, UNSAFE,
	"a large page split, one address told: where it was cached in pieces another page is stale");
RESIZED(merge, MERGE, 0, 511, PUT_TOGETHER, SAFE,
	"small pages merged, all told: the first and the last are new");
RESIZED(merge_1_3, MERGE, 1, 3, PUT_TOGETHER, SAFE, "small pages merged, all told: each is new");
RESIZED(merge_pasid, MERGE_PASID, 0, 511, PUT_TOGETHER, SAFE,
	"small pages merged, the PASID told: the first and the last are new");
RESIZED(merge_one, MERGE_ONE, 1, 3, PUT_TOGETHER, UNSAFE,
	"small pages merged, one told: another is read where it was");

SCENARIO(C07_direct) = {
	LARGE_PAGE(SPLIT, TWICE, 0, 511),
	SPLIT_UP,
	.name = "direct",
	.claim =
		"a large page split by one store: a device reads the new page, and then the old one again",
	.forbid = { FORBID(stale) },
	.shows = SHOWS(back_again),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 2, stale), WITHOUT(E, 3, stale), SWAPPED(C0, 1, 2, stale) },
};

SCENARIO(C07_break_before_make) = {
	LARGE_PAGE(BREAK, TWICE, 0, 511),
	SPLIT_UP,
	.name = "break_before_make",
	.claim = "PDE cleared, all told, split: no device reads the old page after the new one",
	.forbid = { FORBID(stale), FORBID(back_again) },
	.allow = { ALLOW(gap) },
	.control = { WITHOUT(C0, 1, stale), WITHOUT(C0, 2, stale), WITHOUT(E, 3, stale),
		     SWAPPED(C0, 1, 2, stale) },
	.spare = { SPARE_SWAP(E, 2, 3, "what is read later is not older") },
};

#define FREED_AFTER(id, told, sentence)                                                   \
	SCENARIO(C07_merge_##id) = {                                                      \
		LARGE_PAGE(told, ONCE, 1, 3),                                             \
		PUT_TOGETHER,                                                             \
		.name = "merge_" #id,                                                     \
		.claim = (sentence),                                                      \
		.forbid = { FORBID(strangers_page) },                                     \
		.control = { { { C0, 2, 0 }, SHOWS(strangers_page), CACHE_IOMMU_UPPER } } \
	}

FREED_AFTER(freed, MERGE_FREE,
	    "small pages merged, all told, and their table freed: no device uses it any more");
FREED_AFTER(
	freed_pasid, MERGE_FREE_PASID,
	"small pages merged, the PASID told, and their table freed: no device uses it any more");

SCENARIO(C07_merge_freed_hint) = {
	LARGE_PAGE(MERGE_HINT, ONCE, 1, 3),
	PUT_TOGETHER,
	.name = "merge_freed_hint",
	.claim =
		"small pages merged, the IOMMU told that leaves changed: it goes by their table when that "
		"is freed",
	.allow = { ALLOW(first_is_old), ALLOW(first_is_new) },
	.shows = SHOWS(strangers_page),
	.shown_by = CACHE_IOMMU_UPPER,
	.spare = { SPARE(C0, 2, OTHER_LEVEL), SPARE(C0, 3, OTHER_LEVEL) },
};
