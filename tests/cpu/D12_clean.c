/* Accessed and dirty bits that software clears: what is cached with the bit set does not set it again. */
#include "tests/scenario.h"

OBSERVE(FIRST, WROTE, READ, DIRTY, ACCESSED)

#define CLEAN_STEPS(step)     \
	step(1, pte_clean, A) \
	step(2, tell, C1)     \
	step(3, heed, C1)     \
	step(4, pte_dirty, A, DIRTY)
#define CLEAN_FLUSH_STEPS(step) \
	step(1, pte_clean, A)   \
	step(2, cpu_flush, A)   \
	step(3, tell, C1)       \
	step(4, heed, C1)       \
	step(5, pte_dirty, A, DIRTY)
#define SNAPSHOT_STEPS(step)  \
	step(1, pte_clean, A) \
	step(2, cpu_flush, A) \
	step(3, copy, P0, P1) \
	step(4, heed, C1)     \
	step(5, pte_dirty, A, DIRTY)
#define WRITER_STEPS(step)          \
	step(1, store, A, X, FIRST) \
	step(2, heed, C0)           \
	step(3, store, A, Y, WROTE) \
	step(4, tell, C0)
#define FREE_WRITER_STEPS(step)     \
	step(1, store, A, Y, WROTE) \
	step(2, tell, C0)
#define WRITER_WARM_STEPS(step) step(1, store, A, O)

#define AGE_STEPS(step)     \
	step(1, pte_age, A) \
	step(2, tell, C1)   \
	step(3, heed, C1)   \
	step(4, pte_accessed, A, ACCESSED)
#define AGE_FLUSH_STEPS(step) \
	step(1, pte_age, A)   \
	step(2, cpu_flush, A) \
	step(3, tell, C1)     \
	step(4, heed, C1)     \
	step(5, pte_accessed, A, ACCESSED)
#define READER_STEPS(step)     \
	step(1, load, A)       \
	step(2, heed, C0)      \
	step(3, load, A, READ) \
	step(4, tell, C0)
#define READER_WARM_STEPS(step) step(1, load, A)

LISTING(CLEAN)
LISTING(CLEAN_FLUSH)
LISTING(SNAPSHOT)
LISTING(WRITER)
LISTING(FREE_WRITER)
LISTING(WRITER_WARM)
LISTING(AGE)
LISTING(AGE_FLUSH)
LISTING(READER)
LISTING(READER_WARM)

CLAIM(dirt_lost, saw(WROTE) == LANDED && saw(DIRTY) == NO)
CLAIM(write_refused, saw(WROTE) != LANDED)
CLAIM(write_missed, holds(P1) != Y && saw(DIRTY) == NO)
CLAIM(write_in_the_snapshot, holds(P1) == Y && saw(DIRTY) == NO)
CLAIM(write_marked, holds(P1) != Y && saw(DIRTY) == YES)
CLAIM(wrong_page, saw(READ) != O)
CLAIM(looks_unused, saw(READ) == O && saw(ACCESSED) == NO)

#define MARKS(cpu, other, warmth)                                                      \
	.id = "D12", .needs = NEED_CPU2, .agents = { RUNS(C0, cpu), RUNS(C1, other) }, \
	.warm = { RUNS(C1, warmth) }, .maps = { [A] = { P0, RW, LEAF_USED } },         \
	.content = { [P0] = O, [P1] = O }
#define TOO_EARLY "what is collected too early lacks the access as well"
#define IN_VAIN   "an access before the bit is cleared has set it in vain: the hazard is a later one"

SCENARIO(D12_clean_no_flush) = {
	MARKS(CLEAN, WRITER, WRITER_WARM),
	.name = "clean_no_flush",
	.claim = "D cleared in memory only: a store through a cached entry does not set it again",
	.source = "SDM 3A 4.10.2.2: an entry has the dirty flag as it was",
	.forbid = { FORBID(write_refused) },
	.shows = SHOWS(dirt_lost),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 3, TOO_EARLY), SPARE(C1, 2, IN_VAIN) },
};

SCENARIO(D12_clean) = {
	MARKS(CLEAN_FLUSH, WRITER, WRITER_WARM),
	.name = "clean",
	.claim = "D cleared, shootdown: the next store sets it again",
	.source = "SDM 3A 4.8",
	.forbid = { FORBID(dirt_lost), FORBID(write_refused) },
	.control = { WITHOUT(C0, 2, dirt_lost), WITHOUT(C0, 4, dirt_lost),
		     WITHOUT(C1, 2, dirt_lost), SWAPPED(C0, 1, 2, dirt_lost) },
};

SCENARIO(D12_snapshot) = {
	MARKS(SNAPSHOT, FREE_WRITER, WRITER_WARM),
	.name = "snapshot",
	.claim = "clear D, shootdown, copy: a write is in the copy or marked",
	.source = "SDM 3A 4.8",
	.forbid = { FORBID(write_missed), FORBID(write_refused) },
	.allow = { ALLOW(write_in_the_snapshot), ALLOW(write_marked) },
	.control = { WITHOUT(C0, 2, write_missed), WITHOUT(C0, 4, write_missed),
		     SWAPPED(C0, 2, 3, write_missed) },
	.spare = { SPARE_SWAP(C0, 3, 4, "a copy that waits for the write has it") },
};

SCENARIO(D12_age_no_flush) = {
	MARKS(AGE, READER, READER_WARM),
	.name = "age_no_flush",
	.claim = "A cleared in memory only: a page that is read all the time may look unused",
	.source = "SDM 3A 4.8; Linux clears A without a flush, and is content with a guess",
	.forbid = { FORBID(wrong_page) },
	.shows = SHOWS(looks_unused),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 3, TOO_EARLY), SPARE(C1, 2, IN_VAIN) },
};

SCENARIO(D12_age) = {
	MARKS(AGE_FLUSH, READER, READER_WARM),
	.name = "age",
	.claim = "A cleared, shootdown: the next load sets it again",
	.source = "SDM 3A 4.8",
	.forbid = { FORBID(looks_unused), FORBID(wrong_page) },
	.control = { WITHOUT(C0, 2, looks_unused), WITHOUT(C0, 4, looks_unused),
		     WITHOUT(C1, 2, looks_unused), SWAPPED(C0, 1, 2, looks_unused) },
};
