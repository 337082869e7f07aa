/*
 * A03's rows for a device that keeps translations: to tell it is three steps, IOTLB, device and wait, and it must ask again
 * for what it dropped. It does not see the TLBs of CPUs, so that rows which differ by their flush are one.
 */
#include "tests/scenario.h"

OBSERVE(AT_ONCE, AT_THE_END, GRANTED)

enum { WRITTEN, DONE };

#define tell_both(step, n)           \
	step(n, iommu_queue, A)      \
	step((n) + 1, dtlb_queue, A) \
	step((n) + 2, iommu_wait)
#define write_new(step, n)   \
	step(n, store, A, N) \
	step((n) + 1, word_set, WRITTEN, 1)

#define clr_io_set_STEPS(step)      \
	step(1, pte_clear, A)       \
	tell_both(step, 2)          \
	step(5, pte_set, A, P1, RW) \
	write_new(step, 6)          \
	step(8, word_set, DONE, 1)
#define clr_set_io_STEPS(step)      \
	step(1, pte_clear, A)       \
	step(2, pte_set, A, P1, RW) \
	write_new(step, 3)          \
	tell_both(step, 5)          \
	step(8, word_set, DONE, 1)
#define io_clr_set_STEPS(step)      \
	tell_both(step, 1)          \
	step(4, pte_clear, A)       \
	step(5, pte_set, A, P1, RW) \
	write_new(step, 6)          \
	step(8, word_set, DONE, 1)
#define clr_set_STEPS(step)         \
	step(1, pte_clear, A)       \
	step(2, pte_set, A, P1, RW) \
	write_new(step, 3)          \
	step(5, word_set, DONE, 1)
#define set_io_STEPS(step)          \
	step(1, pte_set, A, P1, RW) \
	write_new(step, 2)          \
	tell_both(step, 4)          \
	step(7, word_set, DONE, 1)
#define io_set_STEPS(step)          \
	tell_both(step, 1)          \
	step(4, pte_set, A, P1, RW) \
	write_new(step, 5)          \
	step(7, word_set, DONE, 1)
/* clang-format off */
#define read_or_ask_again(step, n, seen)                              \
	step(n, ats_read, A, seen)                                    \
	step##_if((n) + 1, seen, BLOCKED, ats_request, A, GRANTED)    \
	step##_if((n) + 2, seen, BLOCKED, ats_read, A, seen)
/* clang-format on */
#define DEVICE_STEPS(step)                  \
	step(1, ats_request, A)             \
	step(2, word_wait, WRITTEN, 1)      \
	read_or_ask_again(step, 3, AT_ONCE) \
	step(6, word_wait, DONE, 1)         \
	read_or_ask_again(step, 7, AT_THE_END)
#define WARM_STEPS(step) step(1, ats_request, A)

LISTING(clr_io_set)
LISTING(clr_set_io)
LISTING(io_clr_set)
LISTING(clr_set)
LISTING(set_io)
LISTING(io_set)
LISTING(DEVICE)
LISTING(WARM)

CLAIM(old, saw(AT_ONCE) == O || saw(AT_THE_END) == O)
CLAIM(old_at_the_end, saw(AT_THE_END) == O)
CLAIM(refused, saw(GRANTED) == BLOCKED)
CLAIM(transient, saw(AT_ONCE) == O && saw(AT_THE_END) == N)
CLAIM(permanent, saw(AT_ONCE) == O && saw(AT_THE_END) == O)

#define ROW(row)                                                                   \
	.id = "A03", .name = #row ".device_tlb",                                   \
	.source = "mmu notifier thread 2017, the three steps and why their order", \
	.needs = NEED_ATS, .agents = { RUNS(C0, row), RUNS(E, DEVICE) },           \
	.warm = { RUNS(E, WARM) }, .maps = { [A] = { P0, RO, LEAF_USED } },        \
	.content = { [P0] = O, [P1] = O }, .judged = { { "device", AT_ONCE, AT_THE_END } }
#define SAFE .forbid = { FORBID(old), FORBID(refused) }
#define TRANSIENT                                                                         \
	.forbid = { FORBID(old_at_the_end), FORBID(refused) }, .shows = SHOWS(transient), \
	.shown_by = CACHE_DTLB
#define PERMANENT .forbid = { FORBID(refused) }, .shows = SHOWS(permanent), .shown_by = CACHE_DTLB

/* Why a step is spare in a row. */
#define TOO_EARLY "what is read too early may be old: the hazard is what is read later"
#define NO_CHANGE "nothing of this reader's changes after the new page was written"
#define IN_VAIN   "here it is too early to drop what matters: that is the row"
#define NO_BREAK  "one store replaces the old PTE as well: what is kept is stale either way"

SCENARIO(A03_clr_io_set_device_tlb) = {
	ROW(clr_io_set),
	.claim = "clear, IOTLB, device, set: the device is on the new page, always",
	SAFE,
	.control = { WITHOUT(C0, 1, permanent), WITHOUT(C0, 2, old_at_the_end),
		     WITHOUT(C0, 3, permanent), WITHOUT(E, 2, old), SWAPPED(C0, 2, 3, permanent) },
	.spare = { SPARE(E, 6, NO_CHANGE) },
};

SCENARIO(A03_clr_set_io_device_tlb) = {
	ROW(clr_set_io),
	.claim = "IOTLB and device told after the set: the device is on the old page until then",
	TRANSIENT,
	.control = { WITHOUT(C0, 5, old_at_the_end), WITHOUT(C0, 6, permanent),
		     WITHOUT(E, 6, old_at_the_end) },
	.spare = { SPARE(C0, 1, NO_BREAK), SPARE(E, 2, TOO_EARLY) },
};

SCENARIO(A03_io_clr_set_device_tlb) = {
	ROW(io_clr_set),
	.claim =
		"told before the clear: the device asked in between, and is on the old page for ever",
	PERMANENT,
	.spare = { SPARE(C0, 1, IN_VAIN), SPARE(C0, 4, NO_BREAK), SPARE(E, 6, NO_CHANGE) },
};

SCENARIO(A03_clr_set_device_tlb) = {
	ROW(clr_set),
	.claim = "never told: the device is on the old page for ever",
	PERMANENT,
	.spare = { SPARE(C0, 1, NO_BREAK), SPARE(E, 2, TOO_EARLY), SPARE(E, 6, NO_CHANGE) },
};

SCENARIO(A03_set_io_device_tlb) = {
	ROW(set_io),
	.claim = "no clear, told after the set: the device is on the old page until then",
	TRANSIENT,
	.control = { WITHOUT(C0, 4, old_at_the_end), WITHOUT(C0, 5, permanent),
		     WITHOUT(E, 6, old_at_the_end) },
	.spare = { SPARE(E, 2, TOO_EARLY) },
};

SCENARIO(A03_io_set_device_tlb) = {
	ROW(io_set),
	.claim = "no clear, told before the set: the device is on the old page for ever",
	PERMANENT,
	.spare = { SPARE(C0, 1, IN_VAIN), SPARE(E, 6, NO_CHANGE) },
};
