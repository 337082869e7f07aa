/*
 * What a CPU remembers of upper levels, and a page-table page that is used for something else. The PDE is cleared; until a CPU is
 * told, it may walk through the page that the PDE pointed to, take a stranger's words for entries, and set A in them. INVLPG of
 * any address makes it forget the PDE, also of one in another region; and of leaves only its own page's.
 */
#include "tests/scenario.h"

OBSERVE(READ_A, READ_B, TOUCHED)

/* The stranger's words look like entries for Q1. */
#define NOBODY_TOLD_STEPS(step)  \
	step(1, pde_clear, A)    \
	step(2, table_reuse, T0) \
	step(3, tell, C1)
#define ANY_PAGE_STEPS(step)          \
	step(1, pde_clear, A)         \
	step(2, cpu_flush, ELSEWHERE) \
	step(3, table_reuse, T0)      \
	step(4, tell, C1)
#define RANGE_STEPS(step)        \
	step(1, pde_clear, A)    \
	step(2, cpu_flush, A)    \
	step(3, cpu_flush, B)    \
	step(4, table_reuse, T0) \
	step(5, tell, C1)
#define WHILE_READ_STEPS(step)   \
	step(1, pde_clear, A)    \
	step(2, cpu_flush, A)    \
	step(3, table_reuse, T0) \
	step(4, tell, C1)
#define READER_STEPS(step)       \
	step(1, heed, C0)        \
	step(2, load, B, READ_B) \
	step(3, load, A, READ_A) \
	step(4, table_touched, T0, TOUCHED)
#define READS_MEANWHILE_STEPS(step) \
	step(1, load, A, READ_A)    \
	step(2, load, B, READ_B)    \
	step(3, heed, C0)           \
	step(4, table_touched, T0, TOUCHED)
#define INVLPG_STEPS(step)         \
	step(1, load, A)           \
	step(2, pde_clear, A)      \
	step(3, invlpg, ELSEWHERE) \
	step(4, table_reuse, T0)   \
	step(5, load, B, READ_B)   \
	step(6, load, A, READ_A)   \
	step(7, table_touched, T0, TOUCHED)
#define CR3_STEPS(step)          \
	step(1, load, A)         \
	step(2, pde_clear, A)    \
	step(3, cr3_load)        \
	step(4, table_reuse, T0) \
	step(5, load, B, READ_B) \
	step(6, load, A, READ_A) \
	step(7, table_touched, T0, TOUCHED)
#define ONE_PAGE_STEPS(step) step(1, load, A)
#define BOTH_PAGES_STEPS(step) \
	step(1, load, A)       \
	step(2, load, B)

LISTING(NOBODY_TOLD)
LISTING(ANY_PAGE)
LISTING(RANGE)
LISTING(WHILE_READ)
LISTING(READER)
LISTING(READS_MEANWHILE)
LISTING(INVLPG)
LISTING(CR3)
LISTING(ONE_PAGE)
LISTING(BOTH_PAGES)

CLAIM(strangers_page, saw(READ_A) == S || saw(READ_B) == S)
CLAIM(touched, saw(TOUCHED) == YES)
CLAIM(b_is_there, saw(READ_B) != BLOCKED)
CLAIM(not_gone, saw(READ_A) != BLOCKED || saw(READ_B) != BLOCKED)
CLAIM(old_leaf, saw(READ_A) == O)
CLAIM(before_and_after, saw(READ_A) == O && saw(READ_B) == BLOCKED)

#define REMEMBERED                                                           \
	.id = "D09", .source = "SDM 3A 4.10.3 and 4.10.4.1", .tables = true, \
	.content = { [P0] = O, [P1] = N, [Q1] = S }
#define BOTH_MAPPED .maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } }
/* So that only what is remembered of the PDE leads to B. */
#define ONE_MAPPED .maps = { [A] = { P0, RW, LEAF_USED } }
#define BY_UPPER(agent, no, with, claim)                       \
	{                                                      \
		{ agent, no, with }, SHOWS(claim), CACHE_UPPER \
	}

SCENARIO(D09_nobody_told) = {
	REMEMBERED,
	BOTH_MAPPED,
	.name = "nobody_told",
	.claim =
		"a table freed without a flush: a stranger's words are used as entries, and A is set in them",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, NOBODY_TOLD), RUNS(C1, READER) },
	.warm = { RUNS(C1, ONE_PAGE) },
	.allow = { ALLOW(touched) },
	.shows = SHOWS(strangers_page),
	.shown_by = CACHE_UPPER,
	.spare = { SPARE(C0, 1, "through a table that is in place still it is read as well"),
		   SPARE(C1, 1,
			 "who reads too early sees the old page, and later the stranger's") },
};

SCENARIO(D09_any_page) = {
	REMEMBERED,
	ONE_MAPPED,
	.name = "any_page",
	.claim =
		"INVLPG of any address is enough for the table, and leaves the page's own entry stale",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, ANY_PAGE), RUNS(C1, READER) },
	.warm = { RUNS(C1, ONE_PAGE) },
	.forbid = { FORBID(strangers_page), FORBID(touched), FORBID(b_is_there) },
	.shows = SHOWS(old_leaf),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 1, strangers_page), BY_UPPER(C0, 2, 0, strangers_page),
		     BY_UPPER(C0, 1, 2, strangers_page), BY_UPPER(C0, 2, 3, touched),
		     WITHOUT(C1, 1, touched) },
};

SCENARIO(D09_range) = {
	REMEMBERED,
	BOTH_MAPPED,
	.name = "range",
	.claim =
		"after a flush of every page that was mapped by a table nothing leads to it or to them",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, RANGE), RUNS(C1, READER) },
	.warm = { RUNS(C1, BOTH_PAGES) },
	.forbid = { FORBID(not_gone), FORBID(touched) },
	.control = { WITHOUT(C0, 1, strangers_page), WITHOUT(C0, 2, not_gone),
		     WITHOUT(C0, 3, not_gone), WITHOUT(C1, 1, not_gone) },
};

SCENARIO(D09_while_read) = {
	REMEMBERED,
	BOTH_MAPPED,
	.name = "while_read",
	.claim = "who reads all the while sees the old pages or none, never a stranger's",
	.needs = NEED_CPU2,
	.agents = { RUNS(C0, WHILE_READ), RUNS(C1, READS_MEANWHILE) },
	.warm = { RUNS(C1, ONE_PAGE) },
	.forbid = { FORBID(strangers_page), FORBID(touched) },
	.allow = { ALLOW(before_and_after) },
	.control = { WITHOUT(C0, 1, strangers_page), BY_UPPER(C0, 2, 0, touched),
		     BY_UPPER(C0, 1, 2, strangers_page), BY_UPPER(C0, 2, 3, touched),
		     WITHOUT(C1, 3, touched), SWAPPED(C0, 3, 4, touched) },
};

SCENARIO(D09_invlpg) = {
	REMEMBERED,
	ONE_MAPPED,
	.name = "invlpg",
	.claim = "a CPU that takes out its own table forgets it by INVLPG of any address",
	.agents = { RUNS(C0, INVLPG) },
	.forbid = { FORBID(strangers_page), FORBID(touched), FORBID(b_is_there) },
	.shows = SHOWS(old_leaf),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 2, strangers_page), BY_UPPER(C0, 3, 0, strangers_page),
		     BY_UPPER(C0, 2, 3, strangers_page) },
};

SCENARIO(D09_cr3_load) = {
	REMEMBERED,
	BOTH_MAPPED,
	.name = "cr3_load",
	.claim = "a CPU that takes out its own table forgets it, and all pages, when it loads CR3",
	.agents = { RUNS(C0, CR3) },
	.forbid = { FORBID(not_gone), FORBID(touched) },
	.control = { WITHOUT(C0, 2, strangers_page), WITHOUT(C0, 3, old_leaf),
		     BY_UPPER(C0, 2, 3, strangers_page) },
};
