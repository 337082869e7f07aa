/* A03's rows as another CPU sees them: safe, on the old page for a while, or for ever. */
#include "tests/cow/A03_rows.h"

#define READER_STEPS(step)             \
	step(1, load, A, FIRST)        \
	step(2, word_wait, WRITTEN, 1) \
	step(3, load, A, AT_ONCE)      \
	step(4, word_wait, DONE, 1)    \
	step(5, load, A, AT_THE_END)
LISTING(READER)

#define CPU_ROW(row)                                              \
	ROW, .name = #row ".cpu", .needs = NEED_READ | NEED_CPU2, \
	     .agents = { RUNS(C0, row), RUNS(C1, READER) },       \
	     .judged = { { "C1", AT_ONCE, AT_THE_END } }
#define NOT_MINE "a CPU does not see the IOTLB: the row's other half does"

SCENARIO(A03_clr_cpu_io_set_cpu) = {
	CPU_ROW(clr_cpu_io_set),
	.claim = "clear, CPUs, IOMMU, set: another CPU sees the new page, always",
	SAFE,
	.control = { WITHOUT(C0, 1, permanent), WITHOUT(C0, 2, permanent), WITHOUT(C1, 2, refused),
		     SWAPPED(C0, 1, 2, permanent) },
	.spare = { SPARE(C0, 3, NOT_MINE), SPARE(C1, 4, NO_CHANGE), SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(A03_clr_io_cpu_set_cpu) = {
	CPU_ROW(clr_io_cpu_set),
	.claim = "clear, IOMMU, CPUs, set: another CPU sees the new page, always",
	SAFE,
	.control = { WITHOUT(C0, 1, permanent), WITHOUT(C0, 3, permanent), WITHOUT(C1, 2, refused),
		     SWAPPED(C0, 1, 3, permanent) },
	.spare = { SPARE(C0, 2, NOT_MINE), SPARE(C1, 4, NO_CHANGE), SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(A03_clr_cpu_set_io_cpu) = {
	CPU_ROW(clr_cpu_set_io),
	.claim = "IOMMU told after the set: another CPU sees the new page all the same",
	SAFE,
	.control = { WITHOUT(C0, 1, permanent), WITHOUT(C0, 2, permanent), WITHOUT(C1, 2, refused),
		     SWAPPED(C0, 1, 2, permanent) },
	.spare = { SPARE(C0, 6, NOT_MINE), SPARE(C1, 4, NO_CHANGE), SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(A03_clr_io_set_cpu_cpu) = {
	CPU_ROW(clr_io_set_cpu),
	.claim = "CPUs flushed after the set: another CPU is on the old page until then",
	TRANSIENT,
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 6, permanent), WITHOUT(C1, 2, refused),
		     WITHOUT(C1, 4, not_new_at_the_end) },
	.spare = { SPARE(C0, 1, NO_BREAK), SPARE(C0, 2, NOT_MINE), SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(A03_io_clr_cpu_set_cpu) = {
	CPU_ROW(io_clr_cpu_set),
	.claim = "IOMMU told before the clear: another CPU sees the new page all the same",
	SAFE,
	.control = { WITHOUT(C0, 2, permanent), WITHOUT(C0, 3, permanent), WITHOUT(C1, 2, refused),
		     SWAPPED(C0, 2, 3, permanent) },
	.spare = { SPARE(C0, 1, NOT_MINE), SPARE(C1, 4, NO_CHANGE), SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(A03_clr_cpu_set_cpu) = {
	CPU_ROW(clr_cpu_set),
	.claim = "IOMMU never told: another CPU sees the new page all the same",
	SAFE,
	.control = { WITHOUT(C0, 1, permanent), WITHOUT(C0, 2, permanent), WITHOUT(C1, 2, refused),
		     SWAPPED(C0, 1, 2, permanent) },
	.spare = { SPARE(C1, 4, NO_CHANGE), SPARE_SWAP(C1, 1, 2, LATER) },
};

SCENARIO(A03_set_cpu_io_cpu) = {
	CPU_ROW(set_cpu_io),
	.claim = "no clear, flushes after: another CPU is on the old page until then",
	TRANSIENT,
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 4, permanent), WITHOUT(C1, 4, not_new_at_the_end) },
	.spare = { SPARE(C0, 5, NOT_MINE), SPARE(C1, 2, TOO_EARLY) },
};

SCENARIO(A03_io_set_cpu_cpu) = {
	CPU_ROW(io_set_cpu),
	.claim = "no clear, CPUs flushed after the set: another CPU is on the old page until then",
	TRANSIENT,
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 5, permanent), WITHOUT(C1, 4, not_new_at_the_end) },
	.spare = { SPARE(C0, 1, NOT_MINE), SPARE(C1, 2, TOO_EARLY) },
};

SCENARIO(A03_cpu_clr_set_io_cpu) = {
	CPU_ROW(cpu_clr_set_io),
	.claim =
		"CPUs flushed before the clear: a load in between keeps another CPU on the old page for ever",
	PERMANENT,
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C1, 2, refused) },
	.spare = { SPARE(C0, 1, IN_VAIN), SPARE(C0, 2, NO_BREAK), SPARE(C0, 6, NOT_MINE),
		   SPARE(C1, 4, NO_CHANGE), SPARE_SWAP(C1, 1, 2, LATER) },
};
