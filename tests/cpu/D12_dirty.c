/* Accessed and dirty bits that CPUs set while software changes the entry; and in one that is not present by then. */
#define EXCHANGE_STEPS(step)         EXCHANGE(step, cpu_flush)
#define READ_AND_STORE_STEPS(step)   READ_AND_STORE(step, cpu_flush)
#define PROTECT_STEPS(step)          PROTECT(step, cpu_flush, C1)
#define PROTECT_BY_STORE_STEPS(step) PROTECT_BY_STORE(step, cpu_flush, C1)
#define WRITES_TWICE_STEPS(step)     WRITES_TWICE(step, store)
#define WRITES_LATE_STEPS(step)      WRITES_LATE(step, store)
#include "tests/cpu/D12_overwritten.h"

/* Not present, with a payload that has no room for A and D; and does a walker set them there? */
#define TAG_STEPS(step)           \
	step(1, pte_tag, A, SWAP) \
	step(2, cpu_flush, A)     \
	step(3, tell, C1)         \
	step(4, heed, C1)         \
	step(5, pte_read, A, ENTRY)
#define TAG_AND_LOOK_STEPS(step)  \
	step(1, pte_tag, A, SWAP) \
	step(2, cpu_flush, A)     \
	step(3, tell, C1)         \
	step(4, heed, C1)         \
	step(5, table_touched, T0, MARKED)
#define WRITES_AND_TELLS_STEPS(step) \
	step(1, store, A, Y, WROTE)  \
	step(2, heed, C0)            \
	step(3, store, A, X, LATE)   \
	step(4, tell, C0)
#define READER_WARM_STEPS(step) step(1, load, A)

LISTING(TAG)
LISTING(TAG_AND_LOOK)
LISTING(WRITES_AND_TELLS)
LISTING(READER_WARM)

CLAIM(payload_changed, saw(ENTRY) != SWAP)
CLAIM(marked_absent, saw(MARKED) == YES)

#define DIRT(cpu, writer, leaf)                                                         \
	.id = "D12", .needs = NEED_CPU2, .agents = { RUNS(C0, cpu), RUNS(C1, writer) }, \
	.warm = { RUNS(C1, READER_WARM) }, .maps = { [A] = { P0, RW, leaf } },          \
	.content = { [P0] = O }

SCENARIO(D12_exchange) = {
	DIRT(EXCHANGE, WRITES_TWICE, LEAF_CLEAN),
	EXCHANGED,
	.claim = "unmap by XCHG: a write is in the D that it returned, or took #PF",
	.source = "SDM 3A 4.8, 8.1.2.1: A and D are set in locked operations",
};

SCENARIO(D12_read_and_store) = {
	DIRT(READ_AND_STORE, WRITES_TWICE, LEAF_CLEAN),
	READ_AND_STORED,
	.claim =
		"unmap by a read and a store: D is set in between, and lost with the page's content",
	.source = "SDM 3A 4.8",
};

SCENARIO(D12_protect) = {
	DIRT(PROTECT, WRITES_LATE, LEAF_CLEAN),
	PROTECTED(C1),
	.claim = "write-protect by compare and exchange: D that a CPU sets meanwhile stays",
	.source = "SDM 3A 4.8",
};

SCENARIO(D12_protect_by_store) = {
	DIRT(PROTECT_BY_STORE, WRITES_LATE, LEAF_CLEAN),
	PROTECTED_BY_STORE(C1),
	.claim = "write-protect by a read and a store: D that a CPU sets in between is lost",
	.source = "SDM 3A 4.8",
};

#define ERRATA "SDM 3A 4.8; errata of some processors, pte.h of Linux: swap offsets avoid both bits"

SCENARIO(D12_marks_absent) = {
	DIRT(TAG_AND_LOOK, WRITES_AND_TELLS, LEAF_FRESH),
	.name = "marks_absent",
	.claim = "does a CPU's walk set A or D in an entry that is a swap entry by then?",
	.source = ERRATA,
	.tables = true,
	.forbid = { FORBID(written_late) },
	.fact = { SHOWS(marked_absent), FACT_MARKS_ABSENT, EITHER },
	.control = { WITHOUT(C0, 2, written_late), WITHOUT(C1, 2, written_late),
		     SWAPPED(C0, 1, 2, written_late) },
	.spare = { SPARE(C0, 4, "who looks early may find a mark, or none yet"),
		   SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(D12_payload) = {
	DIRT(TAG, WRITES_AND_TELLS, LEAF_FRESH),
	.name = "payload",
	.claim =
		"a CPU's store walks an entry that becomes a swap entry: a payload that avoids A and D stays",
	.source = ERRATA,
	.forbid = { FORBID(payload_changed), FORBID(written_late) },
	.control = { SWAPPED(C0, 1, 5, payload_changed), WITHOUT(C0, 2, written_late),
		     WITHOUT(C1, 2, written_late), SWAPPED(C0, 1, 2, written_late) },
	.spare = { SPARE(C0, 4, "a walk that compares marks nothing later either"),
		   SPARE_SWAP(C1, 1, 2, LATER) },
};
