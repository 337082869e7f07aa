/*
 * The right to write taken away, and the page copied as it is then: what a CPU still writes through its TLB the copy lacks. A
 * page that was clean when it was cached cannot be written without another walk, which finds the right gone. The code of the #PF says
 * that there is a page, and that it was a write; of a page that was unmapped it says the latter only.
 */
#include "tests/scenario.h"

OBSERVE(WROTE, LATE, CODE)

#define FLUSHED_STEPS(step)       \
	step(1, pte_wrprotect, A) \
	step(2, cpu_flush, A)     \
	step(3, copy, P0, P1)     \
	step(4, tell, C1)
#define NOT_FLUSHED_STEPS(step)   \
	step(1, pte_wrprotect, A) \
	step(2, copy, P0, P1)     \
	step(3, tell, C1)
#define UNMAPPED_STEPS(step)  \
	step(1, pte_clear, A) \
	step(2, cpu_flush, A) \
	step(3, tell, C1)
#define WRITER_STEPS(step)          \
	step(1, store, A, Y, WROTE) \
	step(2, heed, C0)           \
	step(3, store, A, X, LATE)  \
	step(4, fault_code, LATE, CODE)
#define LATE_WRITER_STEPS(step)    \
	step(1, heed, C0)          \
	step(2, store, A, X, LATE) \
	step(3, fault_code, LATE, CODE)
#define WRITER_WARM_STEPS(step) step(1, store, A, O)
#define READER_WARM_STEPS(step) step(1, load, A)

LISTING(FLUSHED)
LISTING(NOT_FLUSHED)
LISTING(UNMAPPED)
LISTING(WRITER)
LISTING(LATE_WRITER)
LISTING(WRITER_WARM)
LISTING(READER_WARM)

CLAIM(written_late, saw(LATE) != BLOCKED)
CLAIM(other_code, saw(LATE) == BLOCKED && saw(CODE) != COUNT(FAULT_PRESENT | FAULT_WRITE))
CLAIM(code_of_a_page, saw(LATE) == BLOCKED && saw(CODE) != COUNT(FAULT_WRITE))
CLAIM(write_missed, saw(WROTE) == LANDED && holds(P1) != Y)
CLAIM(copy_outdated, saw(LATE) == LANDED && holds(P0) == X && holds(P1) != X)
CLAIM(changed, saw(LATE) != LANDED && holds(P0) != holds(P1))
CLAIM(store_lost, saw(LATE) == LANDED && holds(P0) != X)
CLAIM(in_time, saw(WROTE) == LANDED && holds(P1) == Y)
CLAIM(refused, saw(WROTE) == BLOCKED && holds(P1) == O)

#define LATER "a write that comes later shows less: it takes #PF"
#define DOWNGRADE(cpu, writer, warmth, leaf)                                            \
	.id = "D10", .needs = NEED_CPU2, .agents = { RUNS(C0, cpu), RUNS(C1, writer) }, \
	.warm = { RUNS(C1, warmth) }, .maps = { [A] = { P0, RW, leaf } },               \
	.content = { [P0] = O, [P1] = N }

SCENARIO(D10_flushed) = {
	DOWNGRADE(FLUSHED, WRITER, WRITER_WARM, LEAF_USED),
	.name = "flushed",
	.claim = "write-protect, shootdown, copy: every write is in the copy, or takes #PF",
	.source = "SDM 3A 4.10.4.2",
	.forbid = { FORBID(written_late), FORBID(write_missed), FORBID(changed),
		    FORBID(other_code) },
	.allow = { ALLOW(in_time), ALLOW(refused) },
	.control = { WITHOUT(C0, 2, copy_outdated), WITHOUT(C1, 2, written_late),
		     SWAPPED(C0, 1, 2, copy_outdated), SWAPPED(C0, 2, 3, write_missed) },
	.spare = { SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(D10_not_flushed) = {
	DOWNGRADE(NOT_FLUSHED, WRITER, WRITER_WARM, LEAF_USED),
	.name = "not_flushed",
	.claim = "write-protected in memory only: a CPU goes on writing, and the copy lacks it",
	.source = "SDM 3A 4.10.4.3",
	.forbid = { FORBID(store_lost), FORBID(other_code) },
	.shows = SHOWS(copy_outdated),
	.shown_by = CACHE_TLB,
	.spare = { SPARE_SWAP(C1, 1, 2, "the hazard is the store that comes last") },
};

SCENARIO(D10_clean_page) = {
	DOWNGRADE(NOT_FLUSHED, LATE_WRITER, READER_WARM, LEAF_CLEAN),
	.name = "clean_page",
	.claim = "an entry cached while D was 0 permits no store without a walk: #PF, not flushed",
	.source = "SDM 3A 4.8, 4.10.2.2: the processor sets D in memory before it writes",
	.forbid = { FORBID(written_late), FORBID(other_code) },
	.control = { WITHOUT(C1, 1, written_late), SWAPPED(C0, 1, 3, written_late) },
};

SCENARIO(D10_unmapped) = {
	DOWNGRADE(UNMAPPED, WRITER, WRITER_WARM, LEAF_USED),
	.name = "unmapped",
	.claim = "no right at all any more, shootdown: the #PF says that there is no page",
	.source = "SDM 3A 4.7, 4.10.4.2",
	.forbid = { FORBID(written_late), FORBID(code_of_a_page) },
	.control = { WITHOUT(C0, 1, written_late), WITHOUT(C0, 2, written_late),
		     WITHOUT(C1, 2, written_late), SWAPPED(C0, 1, 2, written_late),
		     SWAPPED(C0, 2, 3, written_late) },
	.spare = { SPARE_SWAP(C1, 1, 2, LATER) },
};
