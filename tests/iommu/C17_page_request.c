/*
 * A device asks for a page that somebody else is taking away. The handler maps it if it still may, under the lock that unmapping
 * takes; it answers when the page is there. The device asks for the translation again: what it was told before is worth nothing.
 */
#include "tests/scenario.h"

OBSERVE(STILL, FIRST, ANSWER, GRANT, WROTE, AGAIN, KEPT, MORE, LATER)

enum { VALID, ASKED, TRIED };
enum { MMAP_LOCK };

/* clang-format off */
/* Unmapped between the two, what was mapped is gone again: the device asks for it once more. */
#define HANDLER_STEPS(step)                                      \
	step(1, heed, E)                                         \
	step(2, lock, MMAP_LOCK)                                 \
	step(3, word_read, VALID, STILL)                         \
	step##_if(4, STILL, COUNT(1), pte_set, A, P1, RW)        \
	step(5, unlock, MMAP_LOCK)                               \
	step##_if(6, STILL, COUNT(1), page_response, A, SUCCESS) \
	step##_if(7, STILL, COUNT(0), page_response, A, INVALID) \
	step(8, word_wait, TRIED, 1)                             \
	step(9, word_read, ASKED, MORE)                          \
	step##_if(10, MORE, COUNT(1), word_read, VALID, LATER)   \
	step##_if(11, LATER, COUNT(0), page_response, A, INVALID)
#define UNCHECKED_STEPS(step)       \
	step(1, heed, E)            \
	step(2, lock, MMAP_LOCK)    \
	step(3, pte_set, A, P1, RW) \
	step(4, unlock, MMAP_LOCK)  \
	step(5, page_response, A, SUCCESS)
#define UNMAP_STEPS(step)           \
	step(1, lock, MMAP_LOCK)    \
	step(2, word_set, VALID, 0) \
	step(3, pte_clear, A)       \
	step(4, unlock, MMAP_LOCK)  \
	step(5, iommu_queue, A)     \
	step(6, dtlb_queue, A)      \
	step(7, iommu_wait)         \
	step(8, reuse, P1)
#define DEVICE_STEPS(step)                                     \
	step(1, ats_request, A, FIRST)                         \
	step(2, page_request, A)                               \
	step(3, tell, C0)                                      \
	step(4, page_wait, A, ANSWER)                          \
	step##_if(5, ANSWER, YES, ats_request_write, A, GRANT) \
	step##_if(6, GRANT, MARK(P1), ats_write, A, X, WROTE)
#define TWICE_STEPS(step)                                \
	DEVICE_STEPS(step)                               \
	step##_if(7, GRANT, BLOCKED, page_request, A)    \
	step##_if(8, GRANT, BLOCKED, word_set, ASKED, 1) \
	step(9, word_set, TRIED, 1)                      \
	step##_if(10, GRANT, BLOCKED, page_wait, A, AGAIN)
/* clang-format on */
LISTING(HANDLER)
LISTING(UNCHECKED)
LISTING(UNMAP)
LISTING(DEVICE)
LISTING(TWICE)

CLAIM(stranger_hurt, holds(P1) != S)
CLAIM(granted_early, saw(FIRST) != BLOCKED)
CLAIM(written, saw(WROTE) == LANDED)
CLAIM(told_so, saw(ANSWER) == NO)
CLAIM(told_at_last, saw(GRANT) == BLOCKED && saw(AGAIN) == NO)
CLAIM(endless, saw(AGAIN) == YES)
CLAIM(gone_again, saw(ANSWER) == YES && saw(GRANT) == BLOCKED)

#define NEEDS   .id = "C17", .needs = NEED_PRI
#define FAULTED NEEDS, .source = "VT-d 7.4 to 7.6, PCIe 10.4", .content = { [P0] = O, [P1] = O }
#define LOST    "what the handler maps is stale, told or not"

SCENARIO(C17_unmap) = {
	FAULTED,
	.name = "unmap",
	.claim =
		"mapped under the lock if the range is still there, then answered: nothing is written to "
		"a page that was unmapped and freed",
	.agents = { RUNS(C0, HANDLER), RUNS(C1, UNMAP), RUNS(E, TWICE) },
	.words = { [VALID] = 1 },
	.forbid = { FORBID(stranger_hurt), FORBID(endless), FORBID(granted_early) },
	.allow = { ALLOW(written), ALLOW(told_so), ALLOW(told_at_last) },
	.control = { WITHOUT(C0, 1, granted_early), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 8, deadlock), WITHOUT(C1, 1, stranger_hurt),
		     WITHOUT(C1, 3, stranger_hurt), WITHOUT(C1, 5, stranger_hurt),
		     WITHOUT(C1, 6, stranger_hurt), WITHOUT(C1, 7, stranger_hurt),
		     SWAPPED(C1, 5, 6, stranger_hurt) },
	.spare = { SPARE(E, 10, "nothing comes after it") },
};

SCENARIO(C17_unchecked) = {
	FAULTED,
	.name = "unchecked",
	.claim =
		"mapped without a look whether the range is still there: a device writes to a page that "
		"was unmapped and freed",
	.agents = { RUNS(C0, UNCHECKED), RUNS(C1, UNMAP), RUNS(E, DEVICE) },
	.shows = SHOWS(stranger_hurt),
	.spare = { SPARE(C0, 2, LOST), SPARE(C1, 1, LOST), SPARE(C1, 3, LOST), SPARE(C1, 5, LOST),
		   SPARE(C1, 6, LOST), SPARE(C1, 7, LOST) },
};

/* Nobody unmaps. What is not present is not cached (VT-d 6.2.4.1), so that one round is enough. */
#define MAPS_STEPS(step)            \
	step(1, heed, E)            \
	step(2, pte_set, A, P1, RW) \
	step(3, page_response, A, SUCCESS)
/* It counts its rounds. */
#define ANSWERS_FIRST_STEPS(step)          \
	step(1, page_response, A, SUCCESS) \
	step(2, word_set, TRIED, 1)        \
	step(3, page_response, A, SUCCESS) \
	step(4, word_set, TRIED, 2)        \
	step(5, page_response, A, SUCCESS) \
	step(6, pte_set, A, P1, RW)
#define ROUND(step, n, seen)        \
	step(n, page_request, A)    \
	step((n) + 1, page_wait, A) \
	step((n) + 2, ats_request_write, A, seen)
#define ROUNDS_STEPS(step)    \
	ROUND(step, 1, GRANT) \
	ROUND(step, 4, AGAIN) \
	ROUND(step, 7, KEPT)
LISTING(MAPS)
LISTING(ANSWERS_FIRST)
LISTING(ROUNDS)

CLAIM(not_written, saw(WROTE) == LANDED && holds(P1) != X)
CLAIM(three_rounds, saw(GRANT) == BLOCKED && saw(AGAIN) == BLOCKED && saw(KEPT) == BLOCKED)

SCENARIO(C17_answered) = {
	FAULTED,
	.name = "answered",
	.claim = "mapped and then answered: the device finds the page when it asks again",
	.agents = { RUNS(C0, MAPS), RUNS(E, DEVICE) },
	.forbid = { FORBID(gone_again), FORBID(not_written), FORBID(granted_early) },
	.allow = { ALLOW(written) },
	.control = { WITHOUT(C0, 1, granted_early), SWAPPED(C0, 2, 3, gone_again) },
};

SCENARIO(C17_answered_first) = {
	FAULTED,
	.name = "answered_first",
	.claim = "answered before it is mapped: the device asks again and again for nothing",
	.agents = { RUNS(C0, ANSWERS_FIRST), RUNS(E, ROUNDS) },
	.shows = SHOWS(three_rounds),
	.spare = { SPARE(E, 8, "waited for or not, the last answer is worth nothing") },
};

/* A has P0, which is copied because the device wants to write. The copy was the last to have it. */
#define COPIES_STEPS(step)                 \
	step(1, heed, E)                   \
	step(2, copy, P0, P1)              \
	step(3, pte_clear, A)              \
	step(4, iommu_queue, A)            \
	step(5, dtlb_queue, A)             \
	step(6, iommu_wait)                \
	step(7, pte_set, A, P1, RW)        \
	step(8, page_response, A, SUCCESS) \
	step(9, reuse, P0)
#define ASKS(step)                    \
	step(1, ats_request, A, KEPT) \
	step(2, page_request, A)      \
	step(3, tell, C0)             \
	step(4, page_wait, A)
#define ASKS_AGAIN_STEPS(step)               \
	ASKS(step)                           \
	step(5, ats_request_write, A, GRANT) \
	step(6, ats_write, A, X, WROTE)      \
	step(7, ats_read, A, AGAIN)
/* By the address that it was given before, whatever it was told to forget. */
#define OLD_ADDRESS_STEPS(step) \
	ASKS(step)              \
	step(5, store_seen, KEPT, X)
LISTING(COPIES)
LISTING(ASKS_AGAIN)
LISTING(OLD_ADDRESS)

CLAIM(old_page_hurt, holds(P0) != S)
CLAIM(strangers_word, saw(AGAIN) == S)
CLAIM(not_granted, saw(GRANT) != MARK(P1))
CLAIM(copy_written, holds(P1) == X)

#define FORGETS_NOTHING "the device writes by what it knows, told or not"
#define SHARED                                                                               \
	NEEDS, .source = "VT-d 7.1.2: what was faulty is not used again after the response", \
	       .maps = { [A] = { P0, RO, LEAF_USED } }, .content = { [P0] = O }

SCENARIO(C17_asks_again) = {
	SHARED,
	.name = "asks_again",
	.claim =
		"a device that asks for the translation again writes to the copy, and never to the old page",
	.agents = { RUNS(C0, COPIES), RUNS(E, ASKS_AGAIN) },
	.forbid = { FORBID(old_page_hurt), FORBID(strangers_word), FORBID(not_granted) },
	.allow = { ALLOW(copy_written) },
	.control = { WITHOUT(C0, 4, not_granted), WITHOUT(C0, 5, strangers_word),
		     WITHOUT(E, 4, not_granted), SWAPPED(C0, 7, 8, not_granted) },
};

SCENARIO(C17_old_address) = {
	SHARED,
	.name = "old_address",
	.claim =
		"a device that writes by the address from before its request writes to a page that was freed",
	.agents = { RUNS(C0, COPIES), RUNS(E, OLD_ADDRESS) },
	.shows = SHOWS(old_page_hurt),
	.spare = { SPARE(C0, 3, FORGETS_NOTHING), SPARE(C0, 4, FORGETS_NOTHING),
		   SPARE(C0, 5, FORGETS_NOTHING), SPARE(C0, 6, FORGETS_NOTHING) },
};
