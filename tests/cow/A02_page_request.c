/*
 * A02 for a device that asks for pages: what finds nothing in the gap is no fault, but a request, which is answered when the new PTE
 * is set; then the device asks for the translation again, and is on the new page.
 */
#include "tests/scenario.h"

OBSERVE(FOUND, RETRIED, WINDOW, AFTER, MORE)

enum { ASKED };

/* clang-format off */
#define COW_STEPS(step)                                          \
	step(1, copy, P0, P1)                                    \
	step(2, pte_clear, A)                                    \
	step(3, iommu_queue, A)                                  \
	step(4, dtlb_queue, A)                                   \
	step(5, iommu_wait)                                      \
	step(6, pte_set, A, P1, RW)                              \
	step(7, store, A, N)                                     \
	step(8, heed, E)                                         \
	step(9, word_read, ASKED, MORE)                          \
	step##_if(10, MORE, COUNT(1), page_response, A, SUCCESS) \
	step(11, tell, E)
#define DEVICE_STEPS(step)                                    \
	step(1, ats_request, A, FOUND)                        \
	step##_if(2, FOUND, BLOCKED, page_request, A)         \
	step##_if(3, FOUND, BLOCKED, word_set, ASKED, 1)      \
	step(4, tell, C0)                                     \
	step##_if(5, FOUND, BLOCKED, page_wait, A)            \
	step##_if(6, FOUND, BLOCKED, ats_request, A, RETRIED) \
	step(7, ats_read, A, WINDOW)                          \
	step(8, heed, C0)                                     \
	step(9, ats_read, A, AFTER)
/* clang-format on */
#define WARM_STEPS(step) step(1, ats_request, A)
LISTING(COW)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(old_grant, saw(RETRIED) == MARK(P0))
CLAIM(in_vain, saw(FOUND) == BLOCKED && saw(RETRIED) != MARK(P1))
CLAIM(old_word, saw(RETRIED) == MARK(P1) && saw(WINDOW) == O)
CLAIM(stale, saw(AFTER) == O)
CLAIM(answered, saw(RETRIED) == MARK(P1) && saw(WINDOW) == N)
CLAIM(before, saw(FOUND) == MARK(P0) && saw(WINDOW) == O)

SCENARIO(A02_page_request) = {
	.id = "A02",
	.name = "page_request",
	.claim =
		"clear, invalidate IOTLB and device, set, answer: who asked for the page in the gap is on "
		"the new one",
	.source = "mmu notifier thread 2017, second trace; PCIe 10.4",
	.needs = NEED_PRI,
	.agents = { RUNS(C0, COW), RUNS(E, DEVICE) },
	.warm = { RUNS(E, WARM) },
	.maps = { [A] = { P0, RO, LEAF_USED } },
	.content = { [P0] = O },
	.forbid = { FORBID(old_grant), FORBID(in_vain), FORBID(old_word), FORBID(stale) },
	.allow = { ALLOW(answered), ALLOW(before) },
	.control = { WITHOUT(C0, 2, stale), WITHOUT(C0, 3, stale), WITHOUT(C0, 4, stale),
		     WITHOUT(E, 5, in_vain), SWAPPED(C0, 3, 4, stale) },
	.spare = { SPARE_SWAP(E, 7, 8, "a look into the window that comes later shows less") },
};
