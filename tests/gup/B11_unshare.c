/*
 * Two spaces share a page-table page (hugetlb). One takes it out of its own tables and counts down; the other, alone with it now, uses it for
 * its own pages. A lockless walker of the first space that had read the entry above it finds there what is another's; so do a CPU or an
 * IOMMU that remember that entry. CVE-2025-38085, mended by Linux 1013af4f585f: an interrupt that every CPU answers comes before the count.
 * That walker does not look at this level again.
 */
#include "mm/protocol/pte.h"
#include "mm/protocol/table.h"
#include "tests/scenario.h"

OBSERVE(SHARED, DIR, ENTRY, GOT, READ)

enum { SHARES }; /* how many have the table */

/* huge_pmd_unshare() of the space that A is in; flushes are a hypervisor's, or of another kind that is no interrupt. */
#define UNSHARE_STEPS(step)   \
	step(1, pde_clear, A) \
	step(2, broadcast, A) \
	step(3, word_add, SHARES, MINUS_1)
#define UNSHARE_AND_SYNC_STEPS(step)          \
	step(1, pde_clear, A)                 \
	step(2, broadcast, A)                 \
	tlb_remove_table_sync_one(step, 3, B) \
	step(5, word_add, SHARES, MINUS_1)
#define FLUSHED_LATE_STEPS(step)           \
	step(1, pde_clear, A)              \
	step(2, word_add, SHARES, MINUS_1) \
	step(3, cpu_flush, A)              \
	mmu_notifier_invalidate_range(step, 4, A)
#define FLUSHED_STEPS(step)                       \
	step(1, pde_clear, A)                     \
	step(2, cpu_flush, A)                     \
	mmu_notifier_invalidate_range(step, 3, A) \
	step(4, word_add, SHARES, MINUS_1)
/* The other space, which has it at another address. */
/* clang-format off */
#define OWNER_STEPS(step)                                  \
	step(1, word_read, SHARES, SHARED)                 \
	step##_if(2, SHARED, COUNT(1), table_leaf, T0, A, Q0)
#define GUP_STEPS(step)                                         \
	gup_fast_table_no_recheck(step, 1, A, DIR, ENTRY, GOT)  \
	step##_if(6, GOT, YES, store_seen, ENTRY, Y)
/* clang-format on */
#define THREAD_STEPS(step) step(1, load, A, READ)
#define DEVICE_STEPS(step) step(1, dma_read, A, READ)
/* Of another page below the same entry. */
#define THREAD_WARM_STEPS(step) step(1, load, B)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, B)

LISTING(UNSHARE)
LISTING(UNSHARE_AND_SYNC)
LISTING(FLUSHED_LATE)
LISTING(FLUSHED)
LISTING(OWNER)
LISTING(GUP)
LISTING(THREAD)
LISTING(DEVICE)
LISTING(THREAD_WARM)
LISTING(DEVICE_WARM)

CLAIM(others_page_got, saw(ENTRY) == MARK(Q0) && saw(GOT) == YES)
CLAIM(others_page_written, holds(Q0) != S)
CLAIM(others_page_read, saw(READ) == S)
CLAIM(got_before, saw(ENTRY) == MARK(P0) && saw(GOT) == YES && holds(Q0) == S)
CLAIM(gone, saw(DIR) == EMPTY)
CLAIM(read_before, saw(READ) == O)
CLAIM(refused, saw(READ) == BLOCKED)

#define SHARED_TABLE                                                                 \
	.id = "B11", .source = "CVE-2025-38085; Linux 1013af4f585f", .tables = true, \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },        \
	.content = { [P0] = O, [P1] = N, [Q0] = S }, .words = { [SHARES] = 2 }
#define BY_GUP(unshare)                                                   \
	SHARED_TABLE, .needs = NEED_CPU3, .refs = { [P0] = 1, [Q0] = 1 }, \
		      .agents = { RUNS(C0, unshare), RUNS(C1, GUP), RUNS(C2, OWNER) }
#define BY_WALKER(unshare, who, runs)                                                    \
	SHARED_TABLE, .agents = { RUNS(C0, unshare), RUNS(C1, OWNER), RUNS(who, runs) }, \
		      .warm = { RUNS(who, runs##_WARM) }
#define BY(cache, no, with)                                      \
	{                                                        \
		{ C0, no, with }, SHOWS(others_page_read), cache \
	}

#define IN_PLACE    "a table that is in place still is walked as well"
#define TOO_LATE    "it comes too late: that is the hazard"
#define NOT_MINE    "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"
#define NO_TLB      "the walker reads the tables itself: nothing is cached"
#define NOT_HELD_UP "a broadcast does not wait for a CPU with interrupts off"

/* Who walks by hardware. It is told in step `mine`, and the other kind in step `not_mine`. */
#define TOLD_LATE(cache)                                       \
	.shows = SHOWS(others_page_read), .shown_by = (cache), \
	.spare = { SPARE(C0, 1, IN_PLACE), SPARE(C0, 3, TOO_LATE), SPARE(C0, 4, TOO_LATE) }
#define TOLD(cache, mine, not_mine)                                                              \
	.forbid = { FORBID(others_page_read) }, .allow = { ALLOW(read_before), ALLOW(refused) }, \
	.control = { WITHOUT(C0, 1, others_page_read), BY(cache, mine, 0), BY(cache, 1, mine),   \
		     BY(cache, mine, 4) },                                                       \
	.spare = { SPARE(C0, not_mine, NOT_MINE) }

SCENARIO(B11_gup_no_sync) = {
	BY_GUP(UNSHARE),
	.name = "gup.no_sync",
	.claim =
		"a shared table handed over under a lockless walker: it takes another space's page",
	.shows = SHOWS(others_page_got),
	.spare = { SPARE(C0, 1, IN_PLACE), SPARE(C0, 2, NO_TLB), SPARE(C1, 1, NOT_HELD_UP) },
};

SCENARIO(B11_gup_sync_one) = {
	BY_GUP(UNSHARE_AND_SYNC),
	.name = "gup.sync_one",
	.claim =
		"an interrupt before the count: no walker is in the table that another space has alone",
	.forbid = { FORBID(others_page_got), FORBID(others_page_written) },
	.allow = { ALLOW(got_before), ALLOW(gone) },
	.control = { WITHOUT(C0, 1, others_page_got), WITHOUT(C0, 3, others_page_got),
		     WITHOUT(C0, 4, others_page_got), WITHOUT(C1, 1, others_page_got),
		     SWAPPED(C0, 1, 3, others_page_got), SWAPPED(C0, 4, 5, others_page_got),
		     SWAPPED(C1, 1, 2, others_page_got) },
	.spare = { SPARE(C0, 2, NO_TLB) },
};

SCENARIO(B11_cpu_flushed_late) = {
	BY_WALKER(FLUSHED_LATE, C2, THREAD),
	.needs = NEED_CPU3,
	.name = "cpu.flushed_late",
	.claim = "a shared table handed over before the flush: a CPU reads another space's page",
	TOLD_LATE(CACHE_UPPER),
};

SCENARIO(B11_cpu_flushed) = {
	BY_WALKER(FLUSHED, C2, THREAD),
	.needs = NEED_CPU3,
	.name = "cpu.flushed",
	.claim = "a shared table handed over after the flush: no CPU reads another space's page",
	TOLD(CACHE_UPPER, 2, 3),
};

SCENARIO(B11_device_told_late) = {
	BY_WALKER(FLUSHED_LATE, E, DEVICE),
	.needs = NEED_CPU2 | NEED_READ,
	.name = "device.told_late",
	.claim =
		"a shared table handed over before the IOMMU is told: a device reads another space's page",
	TOLD_LATE(CACHE_IOMMU_UPPER),
};

SCENARIO(B11_device_told) = {
	BY_WALKER(FLUSHED, E, DEVICE),
	.needs = NEED_CPU2 | NEED_READ,
	.name = "device.told",
	.claim =
		"a shared table handed over when the IOMMU is told: no device reads another space's page",
	TOLD(CACHE_IOMMU_UPPER, 3, 2),
};
