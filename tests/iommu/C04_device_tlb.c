/*
 * A device that keeps translations itself. Whoever takes a page away tells the IOTLB and then the device, in this order, and
 * waits for both before the page is somebody else's.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, KEPT, AFTER, AGAIN, LAST, WROTE)

enum { FLUSHED };

#define REMAP_STEPS(step)           \
	step(1, pte_set, A, P1, RW) \
	step(2, iommu_flush, A)     \
	step(3, tell, E)            \
	step(4, dtlb_queue, A)      \
	step(5, iommu_wait)         \
	step(6, word_set, FLUSHED, 1)
#define KEEPER_STEPS(step)             \
	step(1, ats_request, A, FIRST) \
	step(2, heed, C0)              \
	step(3, ats_read, A, KEPT)     \
	step(4, ats_write, A, X)       \
	step(5, word_wait, FLUSHED, 1) \
	step(6, ats_read, A, AFTER)    \
	step(7, ats_request, A, AGAIN) \
	step(8, ats_read, A, LAST)
LISTING(REMAP)
LISTING(KEEPER)

CLAIM(neither_page, saw(FIRST) != MARK(P0) && saw(FIRST) != MARK(P1))
/* The write says which page the device had. */
CLAIM(not_dropped, saw(AFTER) == O || (holds(P0) == X && saw(AFTER) != BLOCKED))
CLAIM(granted_old, saw(AGAIN) != MARK(P1))
CLAIM(entry_kept, saw(KEPT) == O && holds(P0) == X)

SCENARIO(C04_dtlb_baseline) = {
	.id = "C04",
	.name = "dtlb_baseline",
	.claim =
		"a device keeps a translation until its own invalidation is complete, and then asks for the new one",
	.source = "PCIe 10.3, VT-d 6.5.2.5",
	.needs = NEED_ATS,
	.agents = { RUNS(C0, REMAP), RUNS(E, KEEPER) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O, [P1] = N },
	.forbid = { FORBID(neither_page), FORBID(not_dropped), FORBID(granted_old) },
	.control = { WITHOUT(C0, 2, granted_old), WITHOUT(C0, 4, not_dropped),
		     WITHOUT(E, 5, not_dropped) },
	.fact = { SHOWS(entry_kept), FACT_DTLB_KEEPS, MUST_BE_SEEN },
	.shown_by = CACHE_DTLB,
	.spare = { SPARE(
		E, 2,
		"who reads before that reads the old page by right, and the fact is not established") },
};

/* The page is freed; a stranger takes it. The device asks again at any time. */
#define BOTH_STEPS(step)            \
	step(1, pte_clear, A)       \
	step(2, iommu_queue, A)     \
	step(3, dtlb_queue, A)      \
	step(4, iommu_wait)         \
	step(5, reuse, P0)          \
	step(6, pte_set, A, P1, RW) \
	step(7, tell, E)
#define IOTLB_ALONE_STEPS(step)     \
	step(1, pte_clear, A)       \
	step(2, iommu_flush, A)     \
	step(3, reuse, P0)          \
	step(4, pte_set, A, P1, RW) \
	step(5, tell, E)
#define DEVICE_FIRST_STEPS(step)    \
	step(1, pte_clear, A)       \
	step(2, dtlb_queue, A)      \
	step(3, iommu_wait)         \
	step(4, iommu_queue, A)     \
	step(5, iommu_wait)         \
	step(6, reuse, P0)          \
	step(7, pte_set, A, P1, RW) \
	step(8, tell, E)
#define NO_WAIT_STEPS(step)         \
	step(1, pte_clear, A)       \
	step(2, iommu_queue, A)     \
	step(3, dtlb_queue, A)      \
	step(4, reuse, P0)          \
	step(5, pte_set, A, P1, RW) \
	step(6, tell, E)
/* A CPU writes to the new page by the address: it has forgotten the old one too. */
#define STORED_STEPS(step)          \
	step(1, pte_clear, A)       \
	step(2, invlpg, A)          \
	step(3, iommu_queue, A)     \
	step(4, dtlb_queue, A)      \
	step(5, iommu_wait)         \
	step(6, reuse, P0)          \
	step(7, pte_set, A, P1, RW) \
	step(8, store, A, Y)        \
	step(9, tell, E)
/* It asks twice, so that it can bring into the IOTLB what it comes back for. */
#define DEVICE_STEPS(step)             \
	step(1, ats_request, A)        \
	step(2, ats_request, A, AGAIN) \
	step(3, heed, C0)              \
	step(4, ats_read, A, LAST)     \
	step(5, ats_write, A, X, WROTE)
/* What is stored is there when it is told: then it asks once. */
#define TOLD_STEPS(step)               \
	step(1, heed, C0)              \
	step(2, ats_read, A, KEPT)     \
	step(3, ats_request, A, AGAIN) \
	step(4, ats_read, A, LAST)     \
	step(5, ats_write, A, X, WROTE)
#define GRANTED_STEPS(step) step(1, ats_request, A)
#define READ_STEPS(step)    step(1, load, A)
LISTING(BOTH)
LISTING(IOTLB_ALONE)
LISTING(DEVICE_FIRST)
LISTING(NO_WAIT)
LISTING(DEVICE)
LISTING(GRANTED)
LISTING(STORED)
LISTING(TOLD)
LISTING(READ)

CLAIM(old_page, saw(LAST) != N && saw(LAST) != BLOCKED)
CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(strangers_word, saw(LAST) == S && holds(P0) == X)
CLAIM(new_page, saw(LAST) == N && holds(P1) == X)
CLAIM(still_there, saw(KEPT) != BLOCKED)
CLAIM(not_what_is_there, saw(LAST) != Y && saw(LAST) != BLOCKED)
CLAIM(both_stored, saw(LAST) == Y && holds(P1) == X)
CLAIM(not_granted, saw(AGAIN) == BLOCKED)

#define FREED .warm = { RUNS(E, GRANTED) }, PAGE
#define PAGE                                                                   \
	.id = "C04", .source = "VT-d 6.5.2.5; PCIe 10.3.3", .needs = NEED_ATS, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = N }
#define LATER "the device may ask at any time: later shows less"
#define LOST  "the device is on the old page, told or not"

SCENARIO(C04_both) = {
	FREED,
	.name = "both",
	.claim =
		"IOTLB, then device, then wait: a device finds nothing or the new page, whenever it asks",
	.agents = { RUNS(C0, BOTH), RUNS(E, DEVICE) },
	.forbid = { FORBID(old_page), FORBID(stranger_hurt) },
	.allow = { ALLOW(new_page), ALLOW(not_granted) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), WITHOUT(E, 3, old_page),
		     SWAPPED(C0, 1, 2, stranger_hurt), SWAPPED(C0, 2, 3, stranger_hurt) },
	.spare = { SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(C04_stored) = {
	PAGE,
	.name = "stored",
	.claim =
		"CPU, IOTLB and device told: what the CPU then writes by the address is what the device reads",
	.agents = { RUNS(C0, STORED), RUNS(E, TOLD) },
	.warm = { RUNS(C0, READ), RUNS(E, GRANTED) },
	.forbid = { FORBID(still_there), FORBID(not_what_is_there), FORBID(stranger_hurt) },
	.allow = { ALLOW(both_stored) },
	.control = { WITHOUT(C0, 2, stranger_hurt), WITHOUT(C0, 4, still_there),
		     SWAPPED(C0, 8, 9, not_what_is_there) },
};

SCENARIO(C04_iotlb_alone) = {
	FREED,
	.name = "iotlb_alone",
	.claim =
		"the device is not told: it reads and writes a page that is somebody else's, for ever",
	.agents = { RUNS(C0, IOTLB_ALONE), RUNS(E, DEVICE) },
	.allow = { ALLOW(new_page) },
	.shows = SHOWS(strangers_word),
	.shown_by = CACHE_DTLB,
	.spare = { SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(C04_device_first) = {
	FREED,
	.name = "device_first",
	.claim =
		"the device is told before the IOTLB: it asks again in between and keeps the old page for ever",
	.agents = { RUNS(C0, DEVICE_FIRST), RUNS(E, DEVICE) },
	.allow = { ALLOW(new_page), ALLOW(not_granted) },
	.shows = SHOWS(strangers_word),
	.shown_by = CACHE_IOTLB | CACHE_DTLB,
	.spare = { SPARE(C0, 2, LOST), SPARE(C0, 3, LOST), SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(C04_no_wait) = {
	FREED,
	.name = "no_wait",
	.claim = "nobody waits for the invalidations: a device is on the old page when it is freed",
	.agents = { RUNS(C0, NO_WAIT), RUNS(E, DEVICE) },
	.allow = { ALLOW(new_page), ALLOW(not_granted) },
	.shows = SHOWS(strangers_word),
	.shown_by = CACHE_DTLB,
	.spare = { SPARE(C0, 1, LOST), SPARE(C0, 2, LOST), SPARE(C0, 3, LOST),
		   SPARE_SWAP(E, 2, 3, LATER) },
};
