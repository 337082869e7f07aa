/*
 * A page becomes present, or may be written: nobody flushes, and nobody is refused for ever. A store may meet an entry from
 * before that forbids it; the #PF drops that entry, and the handler finds nothing to do and tries again.
 */
#include "tests/scenario.h"

OBSERVE(BEFORE, AFTER, WROTE, AGAIN)

#define PRESENT_STEPS(step)         \
	step(1, pte_set, A, P0, RW) \
	step(2, tell, C1)
#define READER_STEPS(step)       \
	step(1, load, A, BEFORE) \
	step(2, heed, C0)        \
	step(3, load, A, AFTER)

#define WRITABLE_STEPS(step)             \
	step(1, pte_exchange, A, P0, RW) \
	step(2, tell, C1)
#define REPLACED_STEPS(step)             \
	step(1, pte_exchange, A, P1, RW) \
	step(2, tell, C1)
/* clang-format off */
#define TRIES_AGAIN_STEPS(step)                  \
	step(1, heed, C0)                        \
	step(2, store_once, A, Y, WROTE)         \
	step##_if(3, WROTE, BLOCKED, store_once, A, Y, AGAIN)
/* clang-format on */
#define GIVES_UP_STEPS(step) \
	step(1, heed, C0)    \
	step(2, store_once, A, Y, WROTE)
#define LOOKS_AGAIN_STEPS(step)          \
	step(1, heed, C0)                \
	step(2, store_once, A, Y, WROTE) \
	step(3, load, A, AFTER)
#define WARM_STEPS(step) step(1, load, A)

LISTING(PRESENT)
LISTING(READER)
LISTING(WRITABLE)
LISTING(REPLACED)
LISTING(TRIES_AGAIN)
LISTING(GIVES_UP)
LISTING(LOOKS_AGAIN)
LISTING(WARM)

CLAIM(refused, saw(AFTER) != O)
CLAIM(was_absent, saw(BEFORE) == BLOCKED && saw(AFTER) == O)
CLAIM(refused_twice, saw(WROTE) == BLOCKED && saw(AGAIN) != LANDED)
CLAIM(lost, (saw(WROTE) == LANDED || saw(AGAIN) == LANDED) && holds(P0) != Y)
CLAIM(landed_at_once, saw(WROTE) == LANDED)
CLAIM(landed_after_a_fault, saw(WROTE) == BLOCKED && saw(AGAIN) == LANDED)
CLAIM(spurious_fault, saw(WROTE) == BLOCKED)
CLAIM(stored_and_lost, saw(WROTE) == LANDED && holds(P0) != Y)
CLAIM(stale_after_a_fault, saw(WROTE) == BLOCKED && saw(AFTER) == O)

SCENARIO(D11_made_present) = {
	.id = "D11",
	.name = "made_present",
	.claim = "a page made present, and told: no #PF, and nobody has flushed",
	.source = "SDM 3A 4.10.2.3: nothing is cached of an entry that is not present",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, PRESENT), RUNS(C1, READER) },
	.content = { [P0] = O },
	.forbid = { FORBID(refused) },
	.allow = { ALLOW(was_absent) },
	.control = { WITHOUT(C1, 2, refused), SWAPPED(C0, 1, 2, refused),
		     SWAPPED(C1, 2, 3, refused) },
	.spare = { SPARE_SWAP(C1, 1, 2, "who reads later is refused less") },
};

#define UPGRADE(cpu, writer)                                                                \
	.id = "D11", .source = "SDM 3A 4.10.4.3: spurious page faults", .needs = NEED_CPU2, \
	.agents = { RUNS(C0, cpu), RUNS(C1, writer) }, .warm = { RUNS(C1, WARM) },          \
	.maps = { [A] = { P0, RO, LEAF_USED } }, .content = { [P0] = O, [P1] = N }

SCENARIO(D11_spurious) = {
	UPGRADE(WRITABLE, GIVES_UP),
	.name = "spurious",
	.claim = "does a store take #PF by a stale read-only entry?",
	.forbid = { FORBID(stored_and_lost) },
	.fact = { SHOWS(spurious_fault), FACT_SPURIOUS, EITHER },
	.spare = { SPARE(C1, 1, "a #PF before the PTE permits the store says nothing") },
};

SCENARIO(D11_upgrade) = {
	UPGRADE(WRITABLE, TRIES_AGAIN),
	.name = "upgrade",
	.claim = "a page made writable, not flushed: at most one #PF, then the store lands",
	.forbid = { FORBID(refused_twice), FORBID(lost) },
	.allow = { ALLOW(landed_at_once), ALLOW(landed_after_a_fault) },
	.control = { WITHOUT(C1, 1, refused_twice), SWAPPED(C0, 1, 2, refused_twice) },
};

SCENARIO(D11_fault_is_fatal) = {
	UPGRADE(WRITABLE, GIVES_UP),
	.name = "fault_is_fatal",
	.claim = "a handler that takes every #PF for an error: a store that is permitted fails",
	.forbid = { FORBID(stored_and_lost) },
	.shows = SHOWS(spurious_fault),
	.shown_by = CACHE_REFUSES,
	.spare = { SPARE(C1, 1,
			 "a #PF before the PTE permits the store is none that is spurious") },
};

SCENARIO(D11_drops_what_refused) = {
	UPGRADE(REPLACED, LOOKS_AGAIN),
	.name = "drops_what_refused",
	.claim = "after a spurious #PF the entry that refused is gone: a load reads the new page",
	.forbid = { FORBID(stale_after_a_fault) },
	.allow = { ALLOW(landed_at_once) },
	.control = { WITHOUT(C1, 1, stale_after_a_fault), SWAPPED(C0, 1, 2, stale_after_a_fault) },
};
