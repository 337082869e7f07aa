/*
 * KSM and a device that asks for pages: the right to write that it keeps is taken back before pages are compared. A write lands before
 * that, and the pages differ; or it is refused, and the device asks for a page that it may write: a copy of the shared one.
 */
#include "tests/scenario.h"

OBSERVE(EQUAL, WROTE, GRANT, AGAIN, MORE)

enum { ASKED };

/* clang-format off */
#define MERGES(step)                   \
	step(1, pte_clear, A)          \
	step(2, iommu_queue, A)        \
	step(3, dtlb_queue, A)         \
	step(4, iommu_wait)            \
	step(5, pte_set, A, P0, RO)    \
	step(6, compare, P0, K, EQUAL) \
	step##_if(7, EQUAL, YES, pte_exchange, A, K, RO)
/* do_wp_page: who is refused once pages were merged gets a copy of the shared one. */
#define KSM_STEPS(step)                                   \
	MERGES(step)                                      \
	step(8, heed, E)                                  \
	step(9, word_read, ASKED, MORE)                   \
	step##_if(10, MORE, COUNT(1), copy, K, P1)        \
	step##_if(11, MORE, COUNT(1), pte_clear, A)       \
	step##_if(12, MORE, COUNT(1), iommu_queue, A)     \
	step##_if(13, MORE, COUNT(1), dtlb_queue, A)      \
	step##_if(14, MORE, COUNT(1), iommu_wait)         \
	step##_if(15, MORE, COUNT(1), pte_set, A, P1, RW) \
	step##_if(16, MORE, COUNT(1), page_response, A, SUCCESS)
#define DEVICE_STEPS(step)                                        \
	step(1, ats_write, A, X, WROTE)                           \
	step##_if(2, WROTE, BLOCKED, ats_request_write, A, GRANT) \
	step##_if(3, GRANT, MARK(P0), ats_write, A, X, WROTE)     \
	step##_if(4, GRANT, BLOCKED, page_request, A)             \
	step##_if(5, GRANT, BLOCKED, word_set, ASKED, 1)          \
	step(6, tell, C0)                                         \
	step##_if(7, GRANT, BLOCKED, page_wait, A)                \
	step##_if(8, GRANT, BLOCKED, ats_request_write, A, AGAIN) \
	step##_if(9, GRANT, BLOCKED, ats_write, A, X, WROTE)
/* clang-format on */
#define WARM_STEPS(step) step(1, ats_request, A)
LISTING(KSM)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(lost_write, saw(WROTE) == LANDED && saw(EQUAL) == YES && holds(P1) != X)
CLAIM(shared_page_hurt, holds(K) != O)
CLAIM(in_vain, saw(GRANT) == BLOCKED && saw(AGAIN) != MARK(P1))
CLAIM(not_merged, saw(EQUAL) == NO && holds(P0) == X)
CLAIM(copied, saw(EQUAL) == YES && holds(P1) == X)

SCENARIO(A07_page_request) = {
	.id = "A07",
	.name = "page_request",
	.claim =
		"a device's right to write taken back before pages are compared: its write is in the page, "
		"or in a copy of the shared one that it asked for",
	.source = "mmu notifier thread 2017: KSM needs the notifying clear; PCIe 10.4",
	.needs = NEED_PRI,
	.agents = { RUNS(C0, KSM), RUNS(E, DEVICE) },
	.warm = { RUNS(E, WARM) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O, [K] = O },
	.forbid = { FORBID(lost_write), FORBID(shared_page_hurt), FORBID(in_vain) },
	.allow = { ALLOW(not_merged), ALLOW(copied) },
	.control = { WITHOUT(C0, 1, lost_write), WITHOUT(C0, 2, lost_write),
		     WITHOUT(C0, 3, lost_write), WITHOUT(C0, 4, lost_write),
		     SWAPPED(C0, 4, 6, lost_write), WITHOUT(E, 7, in_vain),
		     SWAPPED(C0, 2, 3, lost_write) },
	.spare = { SPARE(C0, 6, "who does not compare does not merge"),
		   SPARE(C0, 13, "it writes, and by that it had no right to") },
};
