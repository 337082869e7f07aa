/*
 * Pages are unmapped, collected and freed behind one flush. Two pages, and a batch that takes three is flushed at the range's end
 * (two); one that takes two is filled by the last and flushed by force, under the lock (filled); one that has room for one page more
 * is full in the middle of the range, flushed there, and empty for what follows (overflow). And what drivers rely on: when unmap_mapping_range returns, nobody uses the page any more.
 */
#include "mm/protocol/gather.h"
#include "tests/scenario.h"

OBSERVE(EARLY_A, EARLY_B, LATE_A, LATE_B, FULL, LEFT)

enum { PTL };
enum { HELD, MAX_PAGES = 3 /* MAX_GATHER_BATCH is some 500 */ };

/* The page-table lock stands in filled and contract: nobody else takes it. */
#define AT_THE_END_STEPS(step)                    \
	__tlb_remove_page(step, 1, A)             \
	__tlb_remove_page(step, 2, B)             \
	tlb_flush_mmu_tlbonly(step, 3, A)         \
	tlb_flush_mmu_tlbonly(step, 4, B)         \
	mmu_notifier_invalidate_range(step, 5, A) \
	mmu_notifier_invalidate_range(step, 6, B) \
	tlb_batch_pages_flush(step, 7, P0)        \
	tlb_batch_pages_flush(step, 8, Q0)
/* It holds pages from before; what it holds then is for the code to find out. */
#define OVERFLOW_STEPS(step)                                           \
	__tlb_remove_page_counted(step, 1, A, HELD, FULL)              \
	tlb_flush_mmu_if(step, 4, FULL, COUNT(MAX_PAGES), A, P0, HELD) \
	__tlb_remove_page_counted(step, 8, B, HELD, LEFT)              \
	tlb_flush_mmu_if(step, 11, LEFT, COUNT(1), B, Q0, HELD)
#define FILLED_STEPS(step)                        \
	step(1, lock, PTL)                        \
	__tlb_remove_page(step, 2, A)             \
	__tlb_remove_page(step, 3, B)             \
	tlb_flush_mmu_tlbonly(step, 4, A)         \
	tlb_flush_mmu_tlbonly(step, 5, B)         \
	step(6, unlock, PTL)                      \
	mmu_notifier_invalidate_range(step, 7, A) \
	mmu_notifier_invalidate_range(step, 8, B) \
	tlb_batch_pages_flush(step, 9, P0)        \
	tlb_batch_pages_flush(step, 10, Q0)
#define FILLED_FOR_CPU_STEPS(step)    FILLED_STEPS(step) step(11, tell, C1)
#define FILLED_FOR_DEVICE_STEPS(step) FILLED_STEPS(step) step(11, tell, E)
#define DRIVER_STEPS(step)                   \
	unmap_mapping_range(step, 1, A, PTL) \
	step(6, tell, C1)                    \
	step(7, tell, E)                     \
	step(8, reuse, P0)
#define THREAD_STEPS(step)            \
	step(1, store, A, Y, EARLY_A) \
	step(2, store, B, Y, EARLY_B) \
	step(3, store, A, Y, LATE_A)  \
	step(4, store, B, Y, LATE_B)
#define DEVICE_STEPS(step)                \
	step(1, dma_write, A, X, EARLY_A) \
	step(2, dma_write, B, X, EARLY_B) \
	step(3, dma_write, A, X, LATE_A)  \
	step(4, dma_write, B, X, LATE_B)
#define WAITING_THREAD_STEPS(step)    \
	step(1, store, A, Y, EARLY_A) \
	step(2, store, B, Y, EARLY_B) \
	step(3, heed, C0)             \
	step(4, store, A, Y, LATE_A)  \
	step(5, store, B, Y, LATE_B)
#define WAITING_DEVICE_STEPS(step)        \
	step(1, dma_write, A, X, EARLY_A) \
	step(2, dma_write, B, X, EARLY_B) \
	step(3, heed, C0)                 \
	step(4, dma_write, A, X, LATE_A)  \
	step(5, dma_write, B, X, LATE_B)
#define WAITING_THREAD_WARM_STEPS(step) \
	step(1, store, A, O)            \
	step(2, store, B, O)
#define WAITING_DEVICE_WARM_STEPS(step) \
	step(1, dma_write, A, X)        \
	step(2, dma_write, B, X)
#define TOLD_THREAD_STEPS(step)       \
	step(1, store, A, Y, EARLY_A) \
	step(2, heed, C0)             \
	step(3, store, A, Y, LATE_A)
#define TOLD_DEVICE_STEPS(step)           \
	step(1, dma_write, A, X, EARLY_B) \
	step(2, heed, C0)                 \
	step(3, dma_write, A, X, LATE_B)

LISTING(AT_THE_END)
LISTING(OVERFLOW)
LISTING(FILLED_FOR_CPU)
LISTING(FILLED_FOR_DEVICE)
LISTING(DRIVER)
LISTING(THREAD)
LISTING(DEVICE)
LISTING(WAITING_THREAD)
LISTING(WAITING_DEVICE)
LISTING(WAITING_THREAD_WARM)
LISTING(WAITING_DEVICE_WARM)
LISTING(TOLD_THREAD)
LISTING(TOLD_DEVICE)

CLAIM(stranger_hurt, holds(P0) != S || holds(Q0) != S)
CLAIM(written_in_time, saw(LATE_A) == LANDED || saw(LATE_B) == LANDED)
CLAIM(not_freed, holds(P0) == O || holds(Q0) == O)
CLAIM(not_full, saw(FULL) != COUNT(MAX_PAGES) || saw(LEFT) != COUNT(1))
CLAIM(gone, saw(EARLY_A) == BLOCKED && saw(EARLY_B) == BLOCKED)
CLAIM(written_early, saw(EARLY_A) == LANDED && saw(EARLY_B) == LANDED)
CLAIM(drivers_page_hurt, holds(P0) != S)
CLAIM(used_after_return, saw(LATE_A) != BLOCKED || saw(LATE_B) != BLOCKED)

#define BATCH(zap, who, runs)                                                              \
	.id = "A18", .source = "P2PDMA thread 2021: zap_pte_range, tlb_batch_pages_flush", \
	.agents = { RUNS(C0, zap), RUNS(who, runs) },                                      \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { Q0, RW, LEAF_USED } },              \
	.content = { [P0] = O, [Q0] = O }
#define TO_THE_END \
	.forbid = { FORBID(stranger_hurt) }, .allow = { ALLOW(written_in_time), ALLOW(gone) }
#define ONE_TOO_MANY                                                              \
	.words = { [HELD] = MAX_PAGES - 1 },                                      \
	.forbid = { FORBID(stranger_hurt), FORBID(not_freed), FORBID(not_full) }, \
	.allow = { ALLOW(written_in_time), ALLOW(gone) }
#define AND_RETURNS                                                     \
	.forbid = { FORBID(stranger_hurt), FORBID(used_after_return) }, \
	.allow = { ALLOW(written_early), ALLOW(gone) }
#define ALONE    "nobody else takes it here"
#define LATER    "an access that comes later shows less"
#define NOT_MINE "a device does not see the TLBs of CPUs, nor a CPU the IOTLB"

SCENARIO(A18_two_cpu) = {
	BATCH(AT_THE_END, C1, THREAD),
	TO_THE_END,
	.name = "two.cpu",
	.claim =
		"a batch that is not full is flushed from the TLBs before it is freed: no CPU writes freed pages",
	.needs = NEED_CPU2,
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 3, stranger_hurt), WITHOUT(C0, 4, stranger_hurt),
		     SWAPPED(C0, 3, 7, stranger_hurt), SWAPPED(C0, 4, 8, stranger_hurt) },
	.spare = { SPARE(C0, 5, NOT_MINE), SPARE(C0, 6, NOT_MINE),
		   SPARE_SWAP(C0, 2, 3, "the flush still follows the clear of its own page") },
};

SCENARIO(A18_two_device) = {
	BATCH(AT_THE_END, E, DEVICE),
	TO_THE_END,
	.name = "two.device",
	.claim =
		"a batch that is not full is flushed from the IOTLB before it is freed: no device writes freed pages",
	.needs = NEED_WRITE,
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 2, stranger_hurt),
		     WITHOUT(C0, 5, stranger_hurt), WITHOUT(C0, 6, stranger_hurt),
		     SWAPPED(C0, 5, 7, stranger_hurt), SWAPPED(C0, 6, 8, stranger_hurt) },
	.spare = { SPARE(C0, 3, NOT_MINE), SPARE(C0, 4, NOT_MINE) },
};

SCENARIO(A18_overflow_cpu) = {
	BATCH(OVERFLOW, C1, THREAD),
	ONE_TOO_MANY,
	.name = "overflow.cpu",
	.claim =
		"a batch is full before the last page, flushed, and goes on with that: no CPU writes freed pages",
	.needs = NEED_CPU2,
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 8, stranger_hurt),
		     WITHOUT(C0, 4, stranger_hurt), WITHOUT(C0, 11, stranger_hurt),
		     SWAPPED(C0, 4, 6, stranger_hurt), SWAPPED(C0, 11, 13, stranger_hurt) },
	.spare = { SPARE(C0, 5, NOT_MINE), SPARE(C0, 12, NOT_MINE) },
};

SCENARIO(A18_overflow_device) = {
	BATCH(OVERFLOW, E, DEVICE),
	ONE_TOO_MANY,
	.name = "overflow.device",
	.claim =
		"a batch is full before the last page, flushed, and goes on with that: no device writes freed pages",
	.needs = NEED_WRITE,
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 8, stranger_hurt),
		     WITHOUT(C0, 5, stranger_hurt), WITHOUT(C0, 12, stranger_hurt),
		     SWAPPED(C0, 5, 6, stranger_hurt), SWAPPED(C0, 12, 13, stranger_hurt) },
	.spare = { SPARE(C0, 4, NOT_MINE), SPARE(C0, 11, NOT_MINE) },
};

SCENARIO(A18_filled_cpu) = {
	BATCH(FILLED_FOR_CPU, C1, WAITING_THREAD),
	.warm = { RUNS(C1, WAITING_THREAD_WARM) },
	AND_RETURNS,
	.name = "filled.cpu",
	.claim =
		"a batch that the last page fills is flushed under the lock: no CPU writes freed pages, nor any page after the return",
	.needs = NEED_CPU2,
	.control = { WITHOUT(C0, 2, used_after_return), WITHOUT(C0, 3, used_after_return),
		     WITHOUT(C0, 4, used_after_return), WITHOUT(C0, 5, used_after_return),
		     WITHOUT(C1, 3, used_after_return), SWAPPED(C0, 4, 9, stranger_hurt),
		     SWAPPED(C0, 5, 10, stranger_hurt), SWAPPED(C0, 5, 11, used_after_return) },
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 7, NOT_MINE), SPARE(C0, 8, NOT_MINE),
		   SPARE_SWAP(C1, 2, 3, LATER) },
};

SCENARIO(A18_filled_device) = {
	BATCH(FILLED_FOR_DEVICE, E, WAITING_DEVICE),
	.warm = { RUNS(E, WAITING_DEVICE_WARM) },
	AND_RETURNS,
	.name = "filled.device",
	.claim =
		"the IOMMU told after it: no device writes freed pages, nor any page after the return",
	.needs = NEED_WRITE,
	.control = { WITHOUT(C0, 2, used_after_return), WITHOUT(C0, 3, used_after_return),
		     WITHOUT(C0, 7, used_after_return), WITHOUT(C0, 8, used_after_return),
		     WITHOUT(E, 3, used_after_return), SWAPPED(C0, 7, 9, stranger_hurt),
		     SWAPPED(C0, 8, 10, stranger_hurt), SWAPPED(C0, 8, 11, used_after_return) },
	.spare = { SPARE(C0, 1, ALONE), SPARE(C0, 4, NOT_MINE), SPARE(C0, 5, NOT_MINE),
		   SPARE_SWAP(E, 2, 3, LATER) },
};

SCENARIO(A18_contract) = {
	.id = "A18",
	.name = "contract",
	.claim =
		"when unmap_mapping_range returns the TLBs and the IOTLB are flushed: a driver may use the page otherwise",
	.source = "P2PDMA thread 2021: what GEM and TTM drivers assume",
	.needs = NEED_WRITE | NEED_CPU2,
	.agents = { RUNS(C0, DRIVER), RUNS(C1, TOLD_THREAD), RUNS(E, TOLD_DEVICE) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O },
	.forbid = { FORBID(drivers_page_hurt), FORBID(used_after_return) },
	.control = { WITHOUT(C0, 2, used_after_return), WITHOUT(C0, 4, used_after_return),
		     WITHOUT(C0, 5, used_after_return), WITHOUT(C1, 2, used_after_return),
		     WITHOUT(E, 2, used_after_return), SWAPPED(C0, 4, 6, used_after_return),
		     SWAPPED(C0, 5, 7, used_after_return) },
	.spare = { SPARE(C0, 1, "one store changes the entry here"), SPARE_SWAP(C1, 1, 2, LATER),
		   SPARE_SWAP(E, 1, 2, LATER) },
};
