/*
 * A walk that sets A and D in an entry which a CPU clears meanwhile. It must compare before it writes: a walker that writes back
 * what it read brings the entry to life again, and whatever is cached from then on reaches a page that was freed. In stepped
 * mode a walk is one step: a walker that does not compare shows itself in races only.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(FIRST, LATE, READ, ENTRY)

/* Who gave the page away looks last: do the entry and a CPU lead to what is a stranger's? */
#define GIVES_AWAY(step, n, walker)  \
	step(n, reuse, P0)           \
	step((n) + 1, tell, walker)  \
	step((n) + 2, heed, walker)  \
	step((n) + 3, load, A, READ) \
	step((n) + 4, pte_read, A, ENTRY)
#define ZAP_STEPS(step)                     \
	ptep_clear_flush_notify(step, 1, A) \
	GIVES_AWAY(step, 4, E)
#define CPU_ZAP_STEPS(step)          \
	ptep_clear_flush(step, 1, A) \
	GIVES_AWAY(step, 3, C1)
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
CLAIM(freed_page_loaded, saw(READ) != BLOCKED)
CLAIM(both, saw(ENTRY) != EMPTY && saw(READ) != BLOCKED)
CLAIM(used_before, saw(FIRST) != BLOCKED)
CLAIM(found_empty, saw(FIRST) == BLOCKED)

#define COMPARES "a walk that compares does not bring the entry back, however late it ends"
#define LATER    "an access that comes later finds the PTE cleared"
/* The last flush is step number `told`. */
#define RESURRECTION(id_, zap, told, walker, agent, leaf)                                         \
	.id = "C15", .name = #id_, .agents = { RUNS(C0, zap), RUNS(agent, walker) },              \
	.maps = { [A] = { P0, RW, leaf } }, .content = { [P0] = O },                              \
	.forbid = { FORBID(resurrected), FORBID(freed_page_reached), FORBID(freed_page_loaded) }, \
	.allow = { ALLOW(used_before), ALLOW(found_empty) },                                      \
	.control = { WITHOUT(C0, 1, both), WITHOUT(C0, told, freed_page_reached),                 \
		     WITHOUT(agent, 2, freed_page_reached),                                       \
		     SWAPPED(C0, 1, told, freed_page_reached) },                                  \
	.spare = { SPARE(C0, (told) + 3, COMPARES), SPARE_SWAP(agent, 1, 2, LATER) }

SCENARIO(C15_write) = {
	RESURRECTION(write, ZAP, 3, WRITER, E, LEAF_FRESH),
	.claim = "a device's write walks an entry that is cleared: it stays cleared",
	.source = "VT-d 3.6.2: the walker sets A and D atomically",
	.needs = NEED_WRITE | NEED_MARKS,
};

SCENARIO(C15_read) = {
	RESURRECTION(read, ZAP, 3, READER, E, LEAF_FRESH),
	.claim = "a device's read walks an entry that is cleared: it stays cleared",
	.source = "VT-d 3.6.2: the walker sets A atomically",
	.needs = NEED_READ | NEED_MARKS,
};

SCENARIO(C15_used) = {
	RESURRECTION(used, ZAP, 3, WRITER, E, LEAF_USED),
	.claim = "an entry that has A and D set already is not written by any walker",
	.source = "VT-d 3.6.2: A and D are set if they are not set already",
	.needs = NEED_WRITE,
};

SCENARIO(C15_cpu) = {
	RESURRECTION(cpu, CPU_ZAP, 2, THREAD, C1, LEAF_FRESH),
	.claim = "a CPU's store walks an entry that is cleared: it stays cleared",
	.source = "SDM 3A 4.8: the processor sets A and D in locked operations",
	.needs = NEED_CPU2,
};
