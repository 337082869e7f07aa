/* A03's rows as a device sees them: safe, on the old page for a while, or for ever. */
#include "tests/cow/A03_rows.h"

#define DEVICE_STEPS(step)             \
	step(1, dma_read, A, FIRST)    \
	step(2, word_wait, WRITTEN, 1) \
	step(3, dma_read, A, AT_ONCE)  \
	step(4, word_wait, DONE, 1)    \
	step(5, dma_read, A, AT_THE_END)
LISTING(DEVICE)

#define DEVICE_ROW(row)                                    \
	ROW, .name = #row ".device", .needs = NEED_READ,   \
	     .agents = { RUNS(C0, row), RUNS(E, DEVICE) }, \
	     .judged = { { "device", AT_ONCE, AT_THE_END } }
#define NOT_MINE "a device does not see the TLBs of CPUs: the row's other half does"

SCENARIO(A03_clr_cpu_io_set_device) = {
	DEVICE_ROW(clr_cpu_io_set),
	.claim = "clear, CPUs, IOMMU, set: the device sees the new page, always",
	SAFE,
	.control = { WITHOUT(C0, 1, permanent), WITHOUT(C0, 3, permanent), WITHOUT(E, 2, refused),
		     SWAPPED(C0, 1, 3, permanent) },
	.spare = { SPARE(C0, 2, NOT_MINE), SPARE(E, 4, NO_CHANGE), SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(A03_clr_io_cpu_set_device) = {
	DEVICE_ROW(clr_io_cpu_set),
	.claim = "clear, IOMMU, CPUs, set: the device sees the new page, always",
	SAFE,
	.control = { WITHOUT(C0, 1, permanent), WITHOUT(C0, 2, permanent), WITHOUT(E, 2, refused),
		     SWAPPED(C0, 1, 2, permanent) },
	.spare = { SPARE(C0, 3, NOT_MINE), SPARE(E, 4, NO_CHANGE), SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(A03_clr_cpu_set_io_device) = {
	DEVICE_ROW(clr_cpu_set_io),
	.claim = "IOMMU told after the set: the device is on the old page until then",
	TRANSIENT,
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 6, permanent), WITHOUT(E, 2, refused),
		     WITHOUT(E, 4, not_new_at_the_end) },
	.spare = { SPARE(C0, 1, NO_BREAK), SPARE(C0, 2, NOT_MINE), SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(A03_clr_io_set_cpu_device) = {
	DEVICE_ROW(clr_io_set_cpu),
	.claim = "CPUs flushed after the set: the device sees the new page all the same",
	SAFE,
	.control = { WITHOUT(C0, 1, permanent), WITHOUT(C0, 2, permanent), WITHOUT(E, 2, refused),
		     SWAPPED(C0, 1, 2, permanent) },
	.spare = { SPARE(C0, 6, NOT_MINE), SPARE(E, 4, NO_CHANGE), SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(A03_io_clr_cpu_set_device) = {
	DEVICE_ROW(io_clr_cpu_set),
	.claim =
		"IOMMU told before the clear: a walk in between keeps the device on the old page for ever",
	PERMANENT,
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(E, 2, refused) },
	.spare = { SPARE(C0, 1, IN_VAIN), SPARE(C0, 2, NO_BREAK), SPARE(C0, 3, NOT_MINE),
		   SPARE(E, 4, NO_CHANGE), SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(A03_clr_cpu_set_device) = {
	DEVICE_ROW(clr_cpu_set),
	.claim = "IOMMU never told: the device is on the old page for ever",
	PERMANENT,
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(E, 2, refused) },
	.spare = { SPARE(C0, 1, NO_BREAK), SPARE(C0, 2, NOT_MINE), SPARE(E, 4, NO_CHANGE),
		   SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(A03_set_cpu_io_device) = {
	DEVICE_ROW(set_cpu_io),
	.claim = "no clear, flushes after: the device is on the old page until then",
	TRANSIENT,
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 5, permanent), WITHOUT(E, 4, not_new_at_the_end) },
	.spare = { SPARE(C0, 4, NOT_MINE), SPARE(E, 2, TOO_EARLY) },
};

SCENARIO(A03_io_set_cpu_device) = {
	DEVICE_ROW(io_set_cpu),
	.claim = "no clear, IOMMU told before the set: the device is on the old page for ever",
	PERMANENT,
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, IN_VAIN), SPARE(C0, 5, NOT_MINE), SPARE(E, 2, TOO_EARLY),
		   SPARE(E, 4, NO_CHANGE) },
};

SCENARIO(A03_cpu_clr_set_io_device) = {
	DEVICE_ROW(cpu_clr_set_io),
	.claim = "IOMMU told after the set: the device is on the old page until then",
	TRANSIENT,
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 6, permanent), WITHOUT(E, 2, refused),
		     WITHOUT(E, 4, not_new_at_the_end) },
	.spare = { SPARE(C0, 1, NOT_MINE), SPARE(C0, 2, NO_BREAK), SPARE_SWAP(E, 1, 2, LATER) },
};
