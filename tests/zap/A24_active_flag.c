/*
 * Pages of a device, by their frame number and without a reference: a flag says that they may be mapped. Whoever takes them away clears
 * the flag, unmaps and flushes, and gives the frame another meaning; a fault that is late must not map it again. A page whose
 * frame never means anything else may be reached late, and nobody is harmed.
 */
#include "mm/protocol/p2p.h"
#include "tests/scenario.h"

OBSERVE(ACTIVE_BEFORE, ACTIVE, LATE)

enum { FLAG };
#define PTL 0

#define UNBIND_FOR_CPU_STEPS(step)            \
	p2p_unbind(step, 1, FLAG, A, P0, PTL) \
	step(8, tell, C1)
#define UNBIND_FOR_DEVICE_STEPS(step)         \
	p2p_unbind(step, 1, FLAG, A, P0, PTL) \
	step(8, tell, E)
#define NOT_FLUSHED_STEPS(step)        \
	kill_dax(step, 1, FLAG)        \
	zap_pte_range(step, 2, A, PTL) \
	p2p_recycle(step, 5, P0)       \
	step(6, tell, C1)
#define NOT_TOLD_STEPS(step)              \
	kill_dax(step, 1, FLAG)           \
	zap_pte_range(step, 2, A, PTL)    \
	tlb_flush_mmu_tlbonly(step, 5, A) \
	p2p_recycle(step, 6, P0)          \
	step(7, tell, E)
/* Device-dax: the frame is what it was. */
#define NEVER_RECYCLED(step)    \
	kill_dax(step, 1, FLAG) \
	zap_pte_range(step, 2, A, PTL)
#define NEVER_RECYCLED_FOR_CPU_STEPS(step)    NEVER_RECYCLED(step) step(5, tell, C1)
#define NEVER_RECYCLED_FOR_DEVICE_STEPS(step) NEVER_RECYCLED(step) step(5, tell, E)
#define FAULT_AND_HEED(step)                         \
	step(1, word_read, FLAG, ACTIVE_BEFORE)      \
	p2p_fault(step, 2, FLAG, ACTIVE, A, P0, PTL) \
	step(6, heed, C0)
#define FAULT_STEPS(step)       FAULT_AND_HEED(step) step(7, store, A, Y, LATE)
#define FAULT_READS_STEPS(step) FAULT_AND_HEED(step) step(7, load, A, LATE)
#define LOOKS_ONCE_STEPS(step)                                  \
	p2p_fault_looks_once(step, 1, FLAG, ACTIVE, A, P0, PTL) \
	step(5, heed, C0)                                       \
	step(6, store, A, Y, LATE)
/* The same, for a device to use. */
#define FAULT_FOR_DEVICE_STEPS(step)      p2p_fault(step, 1, FLAG, ACTIVE, A, P0, PTL)
#define LOOKS_ONCE_FOR_DEVICE_STEPS(step) p2p_fault_looks_once(step, 1, FLAG, ACTIVE, A, P0, PTL)
#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_write, A, X, LATE)
#define CPU_WARM_STEPS(step)    step(1, store, A, O)
#define DEVICE_WARM_STEPS(step) step(1, dma_write, A, X)

LISTING(UNBIND_FOR_CPU)
LISTING(UNBIND_FOR_DEVICE)
LISTING(NOT_FLUSHED)
LISTING(NOT_TOLD)
LISTING(NEVER_RECYCLED_FOR_CPU)
LISTING(NEVER_RECYCLED_FOR_DEVICE)
LISTING(FAULT)
LISTING(FAULT_READS)
LISTING(LOOKS_ONCE)
LISTING(FAULT_FOR_DEVICE)
LISTING(LOOKS_ONCE_FOR_DEVICE)
LISTING(DEVICE)
LISTING(CPU_WARM)
LISTING(DEVICE_WARM)

CLAIM(reached_late, saw(LATE) != BLOCKED)
CLAIM(other_meaning_hurt, saw(LATE) == LANDED && holds(P0) != S)
CLAIM(other_meaning_read, saw(LATE) == S)
CLAIM(lost, saw(LATE) == LANDED && holds(P0) != Y)
CLAIM(own_page, saw(LATE) == LANDED && holds(P0) == Y)
CLAIM(device_lost, saw(LATE) == LANDED && holds(P0) != X)
CLAIM(devices_own_page, saw(LATE) == LANDED && holds(P0) == X)
CLAIM(other_meaning_lost, saw(LATE) == BLOCKED && holds(P0) != S)
CLAIM(in_vain, saw(ACTIVE_BEFORE) == COUNT(1) && saw(ACTIVE) == COUNT(0))
CLAIM(mapped_in_time, saw(ACTIVE) == COUNT(1) && saw(LATE) == BLOCKED)

#define P2P(unbind, fault)                                                                  \
	.id = "A24", .source = "P2PDMA thread 2021: the active flag, device-dax and fsdax", \
	.needs = NEED_CPU2, .agents = { RUNS(C0, unbind), RUNS(C1, fault) },                \
	.warm = { RUNS(C1, CPU_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } },            \
	.content = { [P0] = O }, .words = { [FLAG] = 1 }, .p2p = true
#define P2P_DEVICE(unbind, fault)                                                           \
	.id = "A24", .source = "P2PDMA thread 2021: the active flag, device-dax and fsdax", \
	.needs = NEED_CPU2 | NEED_WRITE,                                                    \
	.agents = { RUNS(C0, unbind), RUNS(C1, fault), RUNS(E, DEVICE) },                   \
	.warm = { RUNS(E, DEVICE_WARM) }, .maps = { [A] = { P0, RW, LEAF_USED } },          \
	.content = { [P0] = O }, .words = { [FLAG] = 1 }, .p2p = true

#define LOCKED   "without a second look the lock is no help: each of the two is one operation"
#define STALE    "what is cached is stale whatever the PTE says: that is the hazard"
#define HARMLESS "it would keep late access out, and here that is harmless"
#define NOT_MINE "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"

#define NOBODY_LATE                                                                    \
	.forbid = { FORBID(reached_late), FORBID(other_meaning_lost) },                \
	.allow = { ALLOW(in_vain), ALLOW(mapped_in_time) },                            \
	.control = { WITHOUT(C0, 2, reached_late),    WITHOUT(C0, 3, reached_late),    \
		     WITHOUT(C0, 5, reached_late),    WITHOUT(C1, 2, reached_late),    \
		     WITHOUT(C1, 6, reached_late),    SWAPPED(C0, 1, 3, reached_late), \
		     SWAPPED(C0, 2, 3, reached_late), SWAPPED(C1, 2, 3, reached_late), \
		     SWAPPED(C0, 5, 8, reached_late) },                                \
	.spare = { SPARE(C0, 6, NOT_MINE) }

SCENARIO(A24_recycled) = {
	P2P(UNBIND_FOR_CPU, FAULT),
	.name = "recycled",
	.claim =
		"flag, unmap, flush, another meaning; a fault looks again under the lock: nobody comes late",
	NOBODY_LATE,
};

SCENARIO(A24_recycled_reads) = {
	P2P(UNBIND_FOR_CPU, FAULT_READS),
	.name = "recycled_reads",
	.claim =
		"flag, unmap, flush, another meaning; a fault looks again under the lock: nobody reads late",
	NOBODY_LATE,
};

SCENARIO(A24_looks_once) = {
	P2P(UNBIND_FOR_CPU, LOOKS_ONCE),
	.name = "looks_once",
	.claim =
		"a fault that looks at the flag before it has the lock maps what means something else",
	.forbid = { FORBID(other_meaning_lost) },
	.shows = SHOWS(other_meaning_hurt),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 2, LOCKED), SPARE(C0, 6, NOT_MINE), SPARE(C1, 2, LOCKED) },
};

SCENARIO(A24_not_flushed) = {
	P2P(NOT_FLUSHED, FAULT),
	.name = "not_flushed",
	.claim = "flag and PTE cleared, not flushed: a CPU writes what the frame means now",
	.forbid = { FORBID(other_meaning_lost) },
	.shows = SHOWS(other_meaning_hurt),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 2, STALE), SPARE(C0, 3, STALE), SPARE(C1, 2, STALE) },
};

SCENARIO(A24_not_flushed_reads) = {
	P2P(NOT_FLUSHED, FAULT_READS),
	.name = "not_flushed_reads",
	.claim = "flag and PTE cleared, not flushed: a CPU reads what the frame means now",
	.forbid = { FORBID(other_meaning_lost) },
	.shows = SHOWS(other_meaning_read),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 2, STALE), SPARE(C0, 3, STALE), SPARE(C1, 2, STALE) },
};

SCENARIO(A24_device_dax) = {
	P2P(NEVER_RECYCLED_FOR_CPU, LOOKS_ONCE),
	.name = "device_dax",
	.claim = "a frame that never means anything else: who comes late reaches his own page",
	.forbid = { FORBID(lost) },
	.shows = SHOWS(own_page),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 2, HARMLESS), SPARE(C0, 3, HARMLESS), SPARE(C1, 2, HARMLESS),
		   SPARE(C1, 5, HARMLESS) },
};

SCENARIO(A24_recycled_device) = {
	P2P_DEVICE(UNBIND_FOR_DEVICE, FAULT_FOR_DEVICE),
	.name = "recycled.device",
	.claim = "flag, unmap, CPUs and IOMMU flushed, then another meaning: no device comes late",
	.forbid = { FORBID(reached_late), FORBID(other_meaning_lost) },
	.allow = { ALLOW(mapped_in_time) },
	.control = { WITHOUT(C0, 2, reached_late), WITHOUT(C0, 3, reached_late),
		     WITHOUT(C0, 6, reached_late), WITHOUT(C1, 1, reached_late),
		     WITHOUT(E, 1, reached_late), SWAPPED(C0, 1, 3, reached_late),
		     SWAPPED(C0, 2, 3, reached_late), SWAPPED(C0, 6, 8, reached_late),
		     SWAPPED(C1, 1, 2, reached_late) },
	.spare = { SPARE(C0, 5, NOT_MINE) },
};

SCENARIO(A24_looks_once_device) = {
	P2P_DEVICE(UNBIND_FOR_DEVICE, LOOKS_ONCE_FOR_DEVICE),
	.name = "looks_once.device",
	.claim =
		"a fault that looks before it has the lock: a device writes what the frame means now",
	.forbid = { FORBID(other_meaning_lost) },
	.shows = SHOWS(other_meaning_hurt),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 2, LOCKED), SPARE(C0, 5, NOT_MINE), SPARE(C1, 2, LOCKED) },
};

SCENARIO(A24_not_told_device) = {
	P2P_DEVICE(NOT_TOLD, FAULT_FOR_DEVICE),
	.name = "not_told.device",
	.claim =
		"flag and PTE cleared, CPUs flushed, IOMMU not told: a device writes what is there now",
	.forbid = { FORBID(other_meaning_lost) },
	.shows = SHOWS(other_meaning_hurt),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 2, STALE), SPARE(C0, 3, STALE), SPARE(C0, 5, NOT_MINE),
		   SPARE(C1, 1, STALE) },
};

SCENARIO(A24_device_dax_device) = {
	P2P_DEVICE(NEVER_RECYCLED_FOR_DEVICE, LOOKS_ONCE_FOR_DEVICE),
	.name = "device_dax.device",
	.claim =
		"a frame that never means anything else: a device that comes late reaches its own page",
	.forbid = { FORBID(device_lost) },
	.shows = SHOWS(devices_own_page),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 2, HARMLESS), SPARE(C0, 3, HARMLESS), SPARE(C1, 2, HARMLESS),
		   SPARE(E, 1, HARMLESS) },
};
