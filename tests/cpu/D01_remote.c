/* A page remapped while another CPU has it in its TLB: nobody but that CPU can drop its entry. */
#include "tests/scenario.h"

OBSERVE(READ, READ_2)

#define NO_FLUSH_STEPS(step)        \
	step(1, pte_set, A, P1, RW) \
	step(2, tell, C1)
#define LOCAL_FLUSH_STEPS(step)     \
	step(1, pte_set, A, P1, RW) \
	step(2, invlpg, A)          \
	step(3, tell, C1)
#define SHOOTDOWN_STEPS(step)       \
	step(1, pte_set, A, P1, RW) \
	step(2, cpu_flush, A)       \
	step(3, tell, C1)
#define SHOOTDOWN_2_STEPS(step)     \
	step(1, pte_set, A, P1, RW) \
	step(2, cpu_flush, A)       \
	step(3, tell, C1)           \
	step(4, tell, C2)
#define FIRST_STEPS(step) \
	step(1, load, A)  \
	step(2, heed, C0) \
	step(3, load, A, READ)
#define SECOND_STEPS(step) \
	step(1, load, A)   \
	step(2, heed, C0)  \
	step(3, load, A, READ_2)
#define READER_STEPS(step)     \
	step(1, load, A)       \
	step(2, heed, C0)      \
	step(3, load, A, READ) \
	step(4, store, A, Y)
#define READER_WARM_STEPS(step) step(1, store, A, O)

LISTING(NO_FLUSH)
LISTING(LOCAL_FLUSH)
LISTING(SHOOTDOWN)
LISTING(SHOOTDOWN_2)
LISTING(READER)
LISTING(FIRST)
LISTING(SECOND)
LISTING(READER_WARM)

CLAIM(stale, saw(READ) != N || holds(P1) != Y)
CLAIM(on_old_page, saw(READ) == O && holds(P0) == Y)
CLAIM(reads_old_page, saw(READ) == O)
CLAIM(one_stale, saw(READ) != N || saw(READ_2) != N)
CLAIM(both_stale, saw(READ) == O && saw(READ_2) == O)
CLAIM(second_stale, saw(READ_2) == O)
CLAIM(neither, saw(READ) != O && saw(READ) != N)

#define REMOTE(flush)                                                                       \
	.id = "D01", .source = "SDM 3A 4.10.5", .needs = NEED_CPU2,                         \
	.agents = { RUNS(C0, flush), RUNS(C1, READER) }, .warm = { RUNS(C1, READER_WARM) }, \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O, [P1] = N }
#define BEFORE_THE_CHANGE "what is read before the change is old by right"

SCENARIO(D01_none) = {
	REMOTE(NO_FLUSH),
	.name = "none",
	.claim = "no flush: the other CPU goes on reading and writing the old page",
	.forbid = { FORBID(neither) },
	.shows = SHOWS(on_old_page),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C1, 2, BEFORE_THE_CHANGE) },
};

SCENARIO(D01_local) = {
	REMOTE(LOCAL_FLUSH),
	.name = "local",
	.claim = "INVLPG on the CPU that changed the PTE only: the other CPU stays on the old page",
	.forbid = { FORBID(neither) },
	.shows = SHOWS(on_old_page),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C0, 2, "it drops nothing of another CPU's: that is the hazard"),
		   SPARE(C1, 2, BEFORE_THE_CHANGE) },
};

SCENARIO(D01_shootdown) = {
	REMOTE(SHOOTDOWN),
	.name = "shootdown",
	.claim = "shootdown acknowledged: the other CPU reads and writes the new page",
	.forbid = { FORBID(stale) },
	.control = { WITHOUT(C0, 2, on_old_page), WITHOUT(C1, 2, reads_old_page),
		     SWAPPED(C0, 1, 2, on_old_page), SWAPPED(C0, 2, 3, on_old_page) },
};

SCENARIO(D01_every_cpu) = {
	.id = "D01",
	.name = "every_cpu",
	.claim = "shootdown acknowledged by two CPUs: both read the new page",
	.source = "SDM 3A 4.10.5",
	.needs = NEED_CPU3,
	.agents = { RUNS(C0, SHOOTDOWN_2), RUNS(C1, FIRST), RUNS(C2, SECOND) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O, [P1] = N },
	.forbid = { FORBID(one_stale) },
	.control = { WITHOUT(C0, 2, both_stale), WITHOUT(C1, 2, reads_old_page),
		     WITHOUT(C2, 2, second_stale), SWAPPED(C0, 1, 2, both_stale) },
};
