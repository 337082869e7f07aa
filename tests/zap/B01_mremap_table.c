/*
 * mremap moves a whole table to another address: CVE-2018-18281 one level up. Whoever finds the table at the new address, takes the page
 * out of it and flushes that address, has not flushed the old one: CPUs reach the page by what they have of it. So the old range is
 * flushed before the lock is dropped, as in Linux, move_normal_pmd(). D09.moved has what is cached of the table itself.
 */
#include "tests/scenario.h"

OBSERVE(FOUND, WROTE)

enum { PTL };

/* move_normal_pmd(). A is the old address, B the new one. */
#define MOVE_STEPS(step)        \
	step(1, lock, PTL)      \
	step(2, pde_clear, A)   \
	step(3, pde_set, B, T0) \
	step(4, cpu_flush, A)   \
	step(5, unlock, PTL)
#define MOVE_UNLOCKED_STEPS(step) \
	step(1, lock, PTL)        \
	step(2, pde_clear, A)     \
	step(3, pde_set, B, T0)   \
	step(4, unlock, PTL)      \
	step(5, cpu_flush, A)
/* clang-format off */
/* The leaf is the one that A had. */
#define TRUNCATE_STEPS(step)                             \
	step(1, lock, PTL)                               \
	step(2, pde_read, B, FOUND)                      \
	step##_if(3, FOUND, TABLE(T0), pte_clear, A)     \
	step(4, unlock, PTL)                             \
	step##_if(5, FOUND, TABLE(T0), cpu_flush, B)     \
	step##_if(6, FOUND, TABLE(T0), reuse, P0)
/* clang-format on */
#define THREAD_STEPS(step)      step(1, store, A, Y, WROTE)
#define THREAD_WARM_STEPS(step) step(1, store, A, O)

LISTING(MOVE)
LISTING(MOVE_UNLOCKED)
LISTING(TRUNCATE)
LISTING(THREAD)
LISTING(THREAD_WARM)

CLAIM(stranger_hurt, saw(FOUND) == TABLE(T0) && holds(P0) != S)
CLAIM(wrote_before, saw(FOUND) == TABLE(T0) && saw(WROTE) == LANDED)
CLAIM(moved_away, saw(FOUND) == TABLE(T0) && saw(WROTE) == BLOCKED)

#define MREMAP(move)                                                                           \
	.id = "B01", .source = "CVE-2018-18281; Linux, move_normal_pmd()", .needs = NEED_CPU3, \
	.agents = { RUNS(C0, move), RUNS(C1, TRUNCATE), RUNS(C2, THREAD) },                    \
	.warm = { RUNS(C2, THREAD_WARM) }, .tables = true, .apart = true,                      \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }

#define NEW      "nobody uses the new address here"
#define UNLOCKED "a lock that is dropped before the flush keeps nobody away from what is stale"

SCENARIO(B01_table_unlocked) = {
	MREMAP(MOVE_UNLOCKED),
	.name = "table_unlocked",
	.claim = "a table moved, the old range flushed after the lock: a CPU writes a freed page",
	.shows = SHOWS(stranger_hurt),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 1, UNLOCKED),
		   SPARE(C0, 2, "what is cached is stale whatever the PDE says"),
		   SPARE(C0, 5, "it comes too late: that is the hazard"), SPARE(C1, 1, UNLOCKED),
		   SPARE(C1, 3, NEW), SPARE(C1, 5, NEW) },
};

SCENARIO(B01_table_locked) = {
	MREMAP(MOVE),
	.name = "table_locked",
	.claim =
		"a table moved, the old range flushed before the lock is dropped: no CPU comes late",
	.forbid = { FORBID(stranger_hurt) },
	.allow = { ALLOW(wrote_before), ALLOW(moved_away) },
	.control = { WITHOUT(C0, 1, stranger_hurt), WITHOUT(C0, 4, stranger_hurt),
		     WITHOUT(C1, 1, stranger_hurt), SWAPPED(C0, 4, 5, stranger_hurt) },
	.spare = { SPARE(C1, 3, NEW), SPARE(C1, 5, NEW) },
};
