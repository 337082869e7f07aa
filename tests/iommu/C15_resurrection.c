/*
 * A walk that sets A and D in an entry which a CPU clears meanwhile. It must compare before it writes: a walker that writes back
 * what it read brings the entry to life again, and whatever is cached from then on reaches a page that was freed. In stepped
 * mode a walk is one step: a walker that does not compare shows itself in races only.
 */
#include "tests/scenario.h"

OBSERVE(FIRST, LATE, ENTRY)

#define ZAP_STEPS(step)         \
	step(1, pte_clear, A)   \
	step(2, iommu_flush, A) \
	step(3, reuse, P0)      \
	step(4, tell, E)        \
	step(5, heed, E)        \
	step(6, pte_read, A, ENTRY)
#define CPU_ZAP_STEPS(step)   \
	step(1, pte_clear, A) \
	step(2, cpu_flush, A) \
	step(3, reuse, P0)    \
	step(4, tell, C1)     \
	step(5, heed, C1)     \
	step(6, pte_read, A, ENTRY)
#define WRITER_STEPS(step)              \
	step(1, dma_write, A, X, FIRST) \
	step(2, heed, C0)               \
	step(3, dma_write, A, X, LATE)  \
	step(4, tell, C0)
#define READER_STEPS(step)          \
	step(1, dma_read, A, FIRST) \
	step(2, heed, C0)           \
	step(3, dma_read, A, LATE)  \
	step(4, tell, C0)
#define THREAD_STEPS(step)          \
	step(1, store, A, Y, FIRST) \
	step(2, heed, C0)           \
	step(3, store, A, Y, LATE)  \
	step(4, tell, C0)

LISTING(ZAP)
LISTING(CPU_ZAP)
LISTING(WRITER)
LISTING(READER)
LISTING(THREAD)

CLAIM(resurrected, saw(ENTRY) != EMPTY)
CLAIM(freed_page_reached, saw(LATE) != BLOCKED || holds(P0) != S)
CLAIM(used_before, saw(FIRST) != BLOCKED)
CLAIM(found_empty, saw(FIRST) == BLOCKED)

#define COMPARES "a walk that compares does not bring the entry back, however late it ends"
#define LATER    "an access that comes later finds the PTE cleared"
#define RESURRECTION(id_, zap, walker, agent, leaf)                                   \
	.id = "C15", .name = #id_, .agents = { RUNS(C0, zap), RUNS(agent, walker) },  \
	.maps = { [A] = { P0, RW, leaf } }, .content = { [P0] = O },                  \
	.forbid = { FORBID(resurrected), FORBID(freed_page_reached) },                \
	.allow = { ALLOW(used_before), ALLOW(found_empty) },                          \
	.control = { WITHOUT(C0, 1, resurrected), WITHOUT(C0, 2, freed_page_reached), \
		     WITHOUT(agent, 2, freed_page_reached),                           \
		     SWAPPED(C0, 1, 2, freed_page_reached) },                         \
	.spare = { SPARE(C0, 5, COMPARES), SPARE_SWAP(agent, 1, 2, LATER) }

SCENARIO(C15_write) = {
	RESURRECTION(write, ZAP, WRITER, E, LEAF_FRESH),
	.claim = "a device's write walks an entry that is cleared: it stays cleared",
	.source = "VT-d 3.6.2: the walker sets A and D atomically",
	.needs = NEED_WRITE | NEED_MARKS,
};

SCENARIO(C15_read) = {
	RESURRECTION(read, ZAP, READER, E, LEAF_FRESH),
	.claim = "a device's read walks an entry that is cleared: it stays cleared",
	.source = "VT-d 3.6.2: the walker sets A atomically",
	.needs = NEED_READ | NEED_MARKS,
};

SCENARIO(C15_used) = {
	RESURRECTION(used, ZAP, WRITER, E, LEAF_USED),
	.claim = "an entry that has A and D set already is not written by any walker",
	.source = "VT-d 3.6.2: A and D are set if they are not set already",
	.needs = NEED_WRITE,
};

SCENARIO(C15_cpu) = {
	RESURRECTION(cpu, CPU_ZAP, THREAD, C1, LEAF_FRESH),
	.claim = "a CPU's store walks an entry that is cleared: it stays cleared",
	.source = "SDM 3A 4.8: the processor sets A and D in locked operations",
	.needs = NEED_CPU2,
};
