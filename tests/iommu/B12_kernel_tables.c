/*
 * A device with a user's PASID walks tables that have the kernel's half in them. It may read nothing there, and yet the IOMMU remembers
 * on the way what is above the kernel's pages. vfree takes a mapping out, flushes CPUs, and frees the table, which becomes a
 * user's page; he writes entries into it, and his device goes by them wherever they say. CVE-2025-71202, mended by Linux e37d5a2d60a3:
 * each space that has devices is told, of every level, before a table of the kernel is free. Here a page of the lower half stands
 * for the kernel's, its U/S clear; U09.read_kernels is refused one of the upper half.
 */
#include "tests/scenario.h"

OBSERVE(PROBED, READ, TOUCHED, FIRST, SECOND)

#define UNTOLD_STEPS(step)       \
	step(1, pde_clear, A)    \
	step(2, cpu_flush, A)    \
	step(3, table_reuse, T0) \
	step(4, heed, E)         \
	step(5, table_touched, T0, TOUCHED)
#define TOLD(step, how)          \
	step(1, pde_clear, A)    \
	step(2, cpu_flush, A)    \
	how step(4, iommu_wait)  \
	step(5, table_reuse, T0) \
	step(6, heed, E)         \
	step(7, table_touched, T0, TOUCHED)
#define OF_LEAF_STEPS(step)  TOLD(step, step(3, iommu_queue_leaf, A))
#define OF_RANGE_STEPS(step) TOLD(step, step(3, iommu_queue, A))
#define OF_SPACE_STEPS(step) TOLD(step, step(3, iommu_select, A, OF_PASID))
#define LOOKS(step, n)          \
	step(n, heed, E)        \
	step((n) + 1, heed, E2) \
	step((n) + 2, table_touched, T0, TOUCHED)
/* Two processes have devices: page A is the second's as place B. */
#define ONE_OF_TWO_STEPS(step)             \
	step(1, pde_clear, A)              \
	step(2, cpu_flush, A)              \
	step(3, iommu_select, A, OF_PASID) \
	step(4, iommu_wait)                \
	step(5, table_reuse, T0)           \
	LOOKS(step, 6)
#define EACH_STEPS(step)                   \
	step(1, pde_clear, A)              \
	step(2, cpu_flush, A)              \
	step(3, iommu_select, A, OF_PASID) \
	step(4, iommu_select, B, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, table_reuse, T0)           \
	LOOKS(step, 7)
#define FIRST_STEPS(step)               \
	step(1, dma_write, A, X, FIRST) \
	step(2, tell, C0)
#define SECOND_STEPS(step)               \
	step(1, dma_write, B, X, SECOND) \
	step(2, tell, C0)
#define FIRST_PROBE_STEPS(step)  step(1, dma_write, A, X)
#define SECOND_PROBE_STEPS(step) step(1, dma_write, B, X)
#define DEVICE_STEPS(step)           \
	step(1, dma_read, A, PROBED) \
	step(2, dma_read, A, READ)   \
	step(3, tell, C0)
#define PROBE_STEPS(step) step(1, dma_read, A)

LISTING(UNTOLD)
LISTING(OF_LEAF)
LISTING(OF_RANGE)
LISTING(OF_SPACE)
LISTING(DEVICE)
LISTING(PROBE)
LISTING(ONE_OF_TWO)
LISTING(EACH)
LISTING(FIRST)
LISTING(SECOND)
LISTING(FIRST_PROBE)
LISTING(SECOND_PROBE)

CLAIM(goes_by_his_entries, saw(PROBED) == S || saw(READ) == S)
CLAIM(touched, saw(TOUCHED) == YES)
CLAIM(refused, saw(PROBED) == BLOCKED && saw(READ) == BLOCKED)

#define KERNEL_PAGE(vfree)                                                               \
	.id = "B12", .source = "CVE-2025-71202; Linux e37d5a2d60a3",                     \
	.needs = NEED_READ | NEED_MARKS, .agents = { RUNS(C0, vfree), RUNS(E, DEVICE) }, \
	.warm = { RUNS(E, PROBE) }, .tables = true,                                      \
	.maps = { [A] = { P0, SUPERVISOR, LEAF_USED } }, .content = { [P0] = O, [Q1] = S }
#define IN_PLACE  "a table that is in place still is gone by as well"
#define NO_LOAD   "a CPU that remembers touches the table too: the hazard is there without"
#define NOT_ABOUT "what it is told is not what changed: that is the hazard"
#define NO_CPU    "no CPU is in that range"
#define EARLIER   "who looks earlier sees no more"
#define BY_UPPER(agent, no, with, claim)                             \
	{                                                            \
		{ agent, no, with }, SHOWS(claim), CACHE_IOMMU_UPPER \
	}

SCENARIO(B12_untold) = {
	KERNEL_PAGE(UNTOLD),
	.name = "untold",
	.claim =
		"a table of the kernel freed, the IOMMU not told: a device goes by a user's entries",
	.allow = { ALLOW(touched), ALLOW(refused) },
	.shows = SHOWS(goes_by_his_entries),
	.shown_by = CACHE_IOMMU_UPPER,
	.spare = { SPARE(C0, 1, IN_PLACE), SPARE(C0, 2, NO_LOAD) },
};

SCENARIO(B12_leaf) = {
	KERNEL_PAGE(OF_LEAF),
	.name = "leaf",
	.claim = "a table of the kernel freed, the IOMMU told that a leaf changed: it is the same",
	.allow = { ALLOW(touched), ALLOW(refused) },
	.shows = SHOWS(goes_by_his_entries),
	.shown_by = CACHE_IOMMU_UPPER,
	.spare = { SPARE(C0, 1, IN_PLACE), SPARE(C0, 2, NO_LOAD), SPARE(C0, 3, NOT_ABOUT),
		   SPARE(C0, 4, NOT_ABOUT) },
};

#define CPU_TOUCHES                                       \
	{                                                 \
		{ C0, 2, 0 }, SHOWS(touched), CACHE_UPPER \
	}
#define MENDED                                                                                   \
	.forbid = { FORBID(goes_by_his_entries), FORBID(touched) }, .allow = { ALLOW(refused) }, \
	.control = { WITHOUT(C0, 1, goes_by_his_entries),                                        \
		     CPU_TOUCHES,                                                                \
		     BY_UPPER(C0, 3, 0, goes_by_his_entries),                                    \
		     BY_UPPER(C0, 4, 0, goes_by_his_entries),                                    \
		     BY_UPPER(C0, 1, 3, goes_by_his_entries),                                    \
		     BY_UPPER(C0, 4, 5, goes_by_his_entries) },                                  \
	.spare = { SPARE(C0, 6, EARLIER) }

SCENARIO(B12_range) = {
	KERNEL_PAGE(OF_RANGE),
	MENDED,
	.name = "range",
	.claim =
		"told of the range, every level of it, before the table is free: no device goes by it",
};

SCENARIO(B12_space) = {
	KERNEL_PAGE(OF_SPACE),
	MENDED,
	.name = "space",
	.claim = "told of all that has the PASID, before the table is free: no device goes by it",
};

CLAIM(first_goes, saw(FIRST) == LANDED)
CLAIM(second_goes, saw(SECOND) == LANDED)
CLAIM(both_refused, saw(FIRST) == BLOCKED && saw(SECOND) == BLOCKED)

#define TWO_DEVICES(vfree)                                                        \
	.id = "B12", .source = "CVE-2025-71202; Linux e37d5a2d60a3",              \
	.needs = NEED_WRITE | NEED_TWO | NEED_PASIDS, .spaces = TWO_PASIDS,       \
	.agents = { RUNS(C0, vfree), RUNS(E, FIRST), RUNS(E2, SECOND) },          \
	.warm = { RUNS(E, FIRST_PROBE), RUNS(E2, SECOND_PROBE) }, .tables = true, \
	.maps = { [A] = { P0, SUPERVISOR, LEAF_USED } }, .content = { [P0] = O, [Q1] = S }

SCENARIO(B12_one_of_two) = {
	TWO_DEVICES(ONE_OF_TWO),
	.name = "one_of_two",
	.claim = "told of one PASID of two: the other process's device goes by a user's entries",
	.forbid = { FORBID(first_goes) },
	.allow = { ALLOW(both_refused) },
	.shows = SHOWS(second_goes),
	.shown_by = CACHE_IOMMU_UPPER,
	.control = { WITHOUT(C0, 1, first_goes), BY_UPPER(C0, 3, 0, first_goes),
		     BY_UPPER(C0, 4, 0, first_goes), BY_UPPER(C0, 1, 3, first_goes),
		     BY_UPPER(C0, 4, 5, first_goes) },
	.spare = { SPARE(C0, 2, NO_CPU), SPARE(C0, 6, EARLIER) },
};

SCENARIO(B12_each) = {
	TWO_DEVICES(EACH),
	.name = "each",
	.claim = "told of each PASID that devices have, before the table is free: none goes by it",
	.forbid = { FORBID(first_goes), FORBID(second_goes), FORBID(touched) },
	.allow = { ALLOW(both_refused) },
	.control = { WITHOUT(C0, 1, first_goes), BY_UPPER(C0, 3, 0, first_goes),
		     BY_UPPER(C0, 4, 0, second_goes), BY_UPPER(C0, 5, 0, first_goes),
		     BY_UPPER(C0, 1, 3, first_goes), BY_UPPER(C0, 5, 6, second_goes), CPU_TOUCHES },
	.spare = { SPARE(C0, 7, EARLIER), SPARE(C0, 8, EARLIER) },
};
