/*
 * A CPU that runs a kernel thread keeps the user's tables loaded, uses no user address, and is not interrupted by who flushes: it looks
 * at the generation before it goes back. That does for leaves. It does not for tables: the CPU walks by itself, by a PDE that it
 * remembers, through a page that is a stranger's now. CVE-2025-22045, mended by Linux 3ef938c35035: whoever frees tables says
 * freed_tables, and then lazy CPUs are interrupted too.
 */
#include "tests/scenario.h"

OBSERVE(WAS_LAZY, WALKED, GENERATION, BACK, IN_MASK, TOUCHED)

enum { IS_LAZY, TLB_GEN, CPUMASK };

/* clang-format off */
#define SKIPS_LAZY_STEPS(step)                       \
	step(1, pde_clear, A)                        \
	step(2, word_add, TLB_GEN, 1)                \
	step(3, word_read, IS_LAZY, WAS_LAZY)        \
	step##_if(4, WAS_LAZY, COUNT(0), cpu_flush, A) \
	step(5, table_reuse, T0)
#define FREED_TABLES_STEPS(step)                     \
	step(1, pde_clear, A)                        \
	step(2, word_add, TLB_GEN, 1)                \
	step(3, cpu_flush, A)                        \
	step(4, table_reuse, T0)                     \
	step(5, heed, C1)                            \
	step(6, table_touched, T0, TOUCHED)
#define LEAF_STEPS(step)                             \
	step(1, pte_clear, A)                        \
	step(2, word_add, TLB_GEN, 1)                \
	step(3, word_read, IS_LAZY, WAS_LAZY)        \
	step##_if(4, WAS_LAZY, COUNT(0), cpu_flush, A) \
	step(5, reuse, P0)
#define FLUSHES_MASK_STEPS(step)                     \
	step(1, pde_clear, A)                        \
	step(2, invlpg, A)                           \
	step(3, word_read, CPUMASK, IN_MASK)         \
	step##_if(4, IN_MASK, COUNT(1), cpu_flush, A) \
	step(5, table_reuse, T0)                     \
	step(6, heed, C1)                            \
	step(7, table_touched, T0, TOUCHED)
/* The first load is nobody's: it stands for what the CPU walks by itself. 0 is the generation of when it became lazy. */
#define GOES_BACK(step)                              \
	step(1, load, B, WALKED)                     \
	step(2, word_set, IS_LAZY, 0)                \
	step(3, fence)                               \
	step(4, word_read, TLB_GEN, GENERATION)      \
	step##_if(5, GENERATION, COUNT(1), cr3_load) \
	step(6, load, A, BACK)
#define LAZY_STEPS(step) GOES_BACK(step)
#define LAZY_TELLS_STEPS(step) GOES_BACK(step) step(7, tell, C0)
#define LEAVES_STEPS(step)                           \
	step(1, load, B, WALKED)                     \
	step(2, leave_mm)                            \
	step(3, word_set, CPUMASK, 0)                \
	step(4, tell, C0)
/* clang-format on */
#define WARM_STEPS(step) step(1, load, A)

LISTING(SKIPS_LAZY)
LISTING(FREED_TABLES)
LISTING(LEAF)
LISTING(FLUSHES_MASK)
LISTING(LAZY)
LISTING(LAZY_TELLS)
LISTING(LEAVES)
LISTING(WARM)

CLAIM(strangers_words, saw(WALKED) == S)
CLAIM(strangers_page, saw(BACK) == S)
CLAIM(touched, saw(TOUCHED) == YES)
CLAIM(skipped, saw(WAS_LAZY) == COUNT(1) && saw(BACK) == BLOCKED)
CLAIM(interrupted, saw(WAS_LAZY) == COUNT(0) && saw(GENERATION) == COUNT(0))
CLAIM(left, saw(IN_MASK) == COUNT(0) && saw(WALKED) == N)
CLAIM(was_there, saw(IN_MASK) == COUNT(1) && saw(WALKED) == BLOCKED)

#define LAZY_CPU(flush, cpu)                                                                      \
	.id = "B09", .source = "CVE-2025-22045; Linux 3ef938c35035", .needs = NEED_CPU2,          \
	.agents = { RUNS(C0, flush), RUNS(C1, cpu) }, .warm = { RUNS(C1, WARM) }, .tables = true, \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },                     \
	.words = { [IS_LAZY] = 1, [CPUMASK] = 1 }
#define EARLIER "who looks earlier sees no more"
#define BY_UPPER(agent, no, with, claim)                       \
	{                                                      \
		{ agent, no, with }, SHOWS(claim), CACHE_UPPER \
	}

SCENARIO(B09_skips_lazy) = {
	LAZY_CPU(SKIPS_LAZY, LAZY),
	.content = { [P0] = O, [P1] = N, [Q1] = S },
	.name = "skips_lazy",
	.claim = "a table freed, a lazy CPU not told: it takes a stranger's words for entries",
	.forbid = { FORBID(strangers_page) },
	.shows = SHOWS(strangers_words),
	.shown_by = CACHE_UPPER,
	.control = { WITHOUT(C0, 1, strangers_page) },
};

SCENARIO(B09_freed_tables) = {
	LAZY_CPU(FREED_TABLES, LAZY_TELLS),
	.content = { [P0] = O, [P1] = N, [Q1] = S },
	.name = "freed_tables",
	.claim = "a table freed, lazy CPUs interrupted too: no walk by a stranger's words",
	.forbid = { FORBID(strangers_words), FORBID(strangers_page), FORBID(touched) },
	.control = { WITHOUT(C0, 1, strangers_words), BY_UPPER(C0, 3, 0, touched),
		     BY_UPPER(C0, 1, 3, strangers_words), BY_UPPER(C0, 3, 4, strangers_words) },
	.spare = { SPARE(C0, 5, EARLIER),
		   SPARE(C1, 3, "who is interrupted whatever he says has missed nothing") },
};

SCENARIO(B09_left) = {
	LAZY_CPU(FLUSHES_MASK, LEAVES),
	.content = { [P0] = O, [P1] = N, [Q1] = S },
	.name = "left",
	.claim =
		"a CPU that has loaded other tables, and then left the mask, walks by none of these",
	.forbid = { FORBID(strangers_words), FORBID(touched) },
	.allow = { ALLOW(left), ALLOW(was_there) },
	.control = { WITHOUT(C0, 1, strangers_words), BY_UPPER(C0, 2, 0, touched),
		     BY_UPPER(C0, 4, 0, strangers_words), BY_UPPER(C1, 2, 3, touched) },
	.spare = { SPARE(C0, 6, EARLIER) },
};

SCENARIO(B09_leaf_only) = {
	LAZY_CPU(LEAF, LAZY),
	.content = { [P0] = O, [P1] = N },
	.name = "leaf_only",
	.claim =
		"a leaf changed, a lazy CPU not told: it sees the generation before it uses the page",
	.forbid = { FORBID(strangers_page) },
	.allow = { ALLOW(skipped), ALLOW(interrupted) },
	.control = { WITHOUT(C0, 1, strangers_page), WITHOUT(C0, 2, strangers_page),
		     WITHOUT(C0, 4, strangers_page), WITHOUT(C1, 5, strangers_page),
		     SWAPPED(C0, 4, 5, strangers_page) },
};
