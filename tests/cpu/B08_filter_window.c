/*
 * Who flushes interrupts CPUs that are in mm_cpumask and have the space loaded. One that is on its way there has told the mask, read the
 * generation and loaded CR3, and says last that the space is loaded: between the two it may cache what is stale, and nobody
 * interrupts it. CVE-2025-37964, mended by Linux fea4e317f9e7: it says LOADED_MM_SWITCHING before it begins, and is interrupted then too.
 */
#include "tests/scenario.h"

OBSERVE(IN_MASK, SEEN, WAS_LAZY, GENERATION, EARLY, LATE)

enum { CPUMASK, TLB_GEN, LOADED_MM, IS_LAZY }; /* words: of the mm two, of the CPU two */
enum { OTHER_MM, THIS_MM, SWITCHING };

/* clang-format off */
/* flush_tlb_mm_range() and its should_flush_tlb() */
#define FLUSHES_LOADED_STEPS(step)                                   \
	step(1, pte_clear, A)                                        \
	step(2, word_add, TLB_GEN, 1)                                \
	step(3, word_read, CPUMASK, IN_MASK)                         \
	step##_if(4, IN_MASK, COUNT(1), word_read, LOADED_MM, SEEN)  \
	step##_if(5, SEEN, COUNT(THIS_MM), cpu_flush, A)             \
	step(6, reuse, P0)
#define FLUSHES_SWITCHING_STEPS(step)                                \
	step(1, pte_clear, A)                                        \
	step(2, word_add, TLB_GEN, 1)                                \
	step(3, word_read, CPUMASK, IN_MASK)                         \
	step##_if(4, IN_MASK, COUNT(1), word_read, LOADED_MM, SEEN)  \
	step##_if(5, SEEN, COUNT(THIS_MM), cpu_flush, A)             \
	step##_if(6, SEEN, COUNT(SWITCHING), cpu_flush, A)           \
	step(7, reuse, P0)
/* And not who is lazy: in which order does it read the two? */
#define LOADED_FIRST_STEPS(step)                                     \
	step(1, pte_clear, A)                                        \
	step(2, word_add, TLB_GEN, 1)                                \
	step(3, word_read, LOADED_MM, SEEN)                          \
	step##_if(4, SEEN, COUNT(THIS_MM), word_read, IS_LAZY, WAS_LAZY) \
	step##_if(5, SEEN, COUNT(SWITCHING), word_read, IS_LAZY, WAS_LAZY) \
	step##_if(6, WAS_LAZY, COUNT(0), cpu_flush, A)               \
	step(7, reuse, P0)
#define LAZY_FIRST_STEPS(step)                                       \
	step(1, pte_clear, A)                                        \
	step(2, word_add, TLB_GEN, 1)                                \
	step(3, word_read, IS_LAZY, WAS_LAZY)                        \
	step##_if(4, WAS_LAZY, COUNT(0), word_read, LOADED_MM, SEEN) \
	step##_if(5, SEEN, COUNT(THIS_MM), cpu_flush, A)             \
	step##_if(6, SEEN, COUNT(SWITCHING), cpu_flush, A)           \
	step(7, reuse, P0)

/* switch_mm_irqs_off(). What the CPU caches by itself once CR3 is loaded, a load stands for. */
#define SWITCH_STEPS(step)                \
	step(1, word_add, CPUMASK, 1)     \
	step(2, cr3_load)                 \
	step(3, load, A, EARLY)           \
	step(4, word_set, LOADED_MM, THIS_MM) \
	step(5, store, A, Y, LATE)
#define SAYS_SWITCHING_STEPS(step)        \
	step(1, word_set, LOADED_MM, SWITCHING) \
	step(2, word_add, CPUMASK, 1)     \
	step(3, cr3_load)                 \
	step(4, load, A, EARLY)           \
	step(5, word_set, LOADED_MM, THIS_MM) \
	step(6, store, A, Y, LATE)
#define NOT_LAZY_STEPS(step)              \
	step(1, word_set, IS_LAZY, 0)     \
	step(2, word_set, LOADED_MM, SWITCHING) \
	step(3, cr3_load)                 \
	step(4, load, A, EARLY)           \
	step(5, word_set, LOADED_MM, THIS_MM) \
	step(6, store, A, Y, LATE)
/* With PCIDs what it cached when it was there before is there still; the generation says whether that may stay. */
#define SWITCH_PCID_STEPS(step)                                  \
	step(1, cli)                                             \
	step(2, word_add, CPUMASK, 1)                            \
	step(3, word_read, TLB_GEN, GENERATION)                  \
	step##_if(4, GENERATION, COUNT(5), space_load, A, KEEP)  \
	step##_if(5, GENERATION, COUNT(6), space_load, A, DROP)  \
	step(6, word_set, LOADED_MM, THIS_MM)                    \
	step(7, sti)                                             \
	step(8, store, A, Y, LATE)
#define SAYS_SWITCHING_PCID_STEPS(step)                          \
	step(1, cli)                                             \
	step(2, word_set, LOADED_MM, SWITCHING)                  \
	step(3, word_add, CPUMASK, 1)                            \
	step(4, word_read, TLB_GEN, GENERATION)                  \
	step##_if(5, GENERATION, COUNT(5), space_load, A, KEEP)  \
	step##_if(6, GENERATION, COUNT(6), space_load, A, DROP)  \
	step(7, word_set, LOADED_MM, THIS_MM)                    \
	step(8, sti)                                             \
	step(9, store, A, Y, LATE)
/* clang-format on */
#define AWAY_STEPS(step)     \
	step(1, store, A, O) \
	step(2, space_load, B, KEEP)

LISTING(FLUSHES_LOADED)
LISTING(FLUSHES_SWITCHING)
LISTING(LOADED_FIRST)
LISTING(LAZY_FIRST)
LISTING(SWITCH)
LISTING(SAYS_SWITCHING)
LISTING(NOT_LAZY)
LISTING(SWITCH_PCID)
LISTING(SAYS_SWITCHING_PCID)
LISTING(AWAY)

CLAIM(freed_page_written, holds(P0) != S)
CLAIM(freed_page_read, saw(EARLY) == S)
CLAIM(skipped, saw(SEEN) == COUNT(OTHER_MM) && freed_page_written(seen))
CLAIM(interrupted, saw(SEEN) == COUNT(SWITCHING) && saw(LATE) == BLOCKED)
CLAIM(came_later, saw(IN_MASK) == COUNT(0) && saw(LATE) == BLOCKED)
CLAIM(was_there, saw(SEEN) == COUNT(THIS_MM) && saw(LATE) == BLOCKED)
CLAIM(lazy_still, saw(WAS_LAZY) == COUNT(1) && saw(LATE) == BLOCKED)
CLAIM(lazy_no_more, saw(WAS_LAZY) == COUNT(0) && saw(LATE) == BLOCKED)

#define FILTER(flush, switches)                                                               \
	.id = "B08", .source = "CVE-2025-37964; Linux fea4e317f9e7",                          \
	.agents = { RUNS(C0, flush), RUNS(C1, switches) }, .content = { [P0] = O, [P1] = N }, \
	.words = { [TLB_GEN] = 5, [IS_LAZY] = 1 }
#define ONE_MM .needs = NEED_CPU2, .maps = { [A] = { P0, RW, LEAF_USED } }
#define PCIDS                                                                             \
	.needs = NEED_CPU2 | NEED_PCID, .spaces = TWO_SPACES, .warm = { RUNS(C1, AWAY) }, \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } }

SCENARIO(B08_window) = {
	FILTER(FLUSHES_LOADED, SWITCH),
	ONE_MM,
	.name = "window",
	.claim =
		"in the mask, CR3 loaded, and not yet said to be: not interrupted, it writes a freed page",
	.shows = SHOWS(skipped),
	.shown_by = CACHE_TLB,
};

SCENARIO(B08_switching) = {
	FILTER(FLUSHES_SWITCHING, SAYS_SWITCHING),
	ONE_MM,
	.name = "switching",
	.claim =
		"a CPU that says before it loads CR3 that it switches is interrupted: no freed page is written",
	.forbid = { FORBID(freed_page_written), FORBID(freed_page_read) },
	.allow = { ALLOW(interrupted), ALLOW(came_later), ALLOW(was_there) },
	.control = { WITHOUT(C0, 1, freed_page_read), WITHOUT(C0, 5, freed_page_written),
		     WITHOUT(C0, 6, freed_page_written), WITHOUT(C1, 1, freed_page_written),
		     WITHOUT(C1, 2, freed_page_written), SWAPPED(C0, 1, 3, freed_page_written),
		     SWAPPED(C0, 6, 7, freed_page_written) },
};

SCENARIO(B08_lazy_last) = {
	FILTER(LOADED_FIRST, NOT_LAZY),
	ONE_MM,
	.name = "lazy.loaded_first",
	.claim = "who flushes reads loaded_mm and then is_lazy: nobody is left out",
	.forbid = { FORBID(freed_page_written), FORBID(freed_page_read) },
	.allow = { ALLOW(lazy_no_more) },
	.control = { WITHOUT(C0, 1, freed_page_read), WITHOUT(C0, 6, freed_page_written),
		     WITHOUT(C1, 2, freed_page_written), SWAPPED(C1, 1, 5, freed_page_written) },
};

SCENARIO(B08_lazy_first) = {
	FILTER(LAZY_FIRST, NOT_LAZY),
	ONE_MM,
	.name = "lazy.lazy_first",
	.claim = "who flushes reads is_lazy and then loaded_mm: nobody is left out either",
	.forbid = { FORBID(freed_page_written), FORBID(freed_page_read) },
	.allow = { ALLOW(lazy_still), ALLOW(lazy_no_more) },
	.control = { WITHOUT(C0, 1, freed_page_read), WITHOUT(C0, 5, freed_page_written),
		     WITHOUT(C0, 6, freed_page_written), WITHOUT(C1, 2, freed_page_written),
		     SWAPPED(C1, 1, 5, freed_page_written) },
};

SCENARIO(B08_window_pcid) = {
	FILTER(FLUSHES_LOADED, SWITCH_PCID),
	PCIDS,
	.name = "window.pcid",
	.claim =
		"in the mask, the generation read, and not yet said to be there: what the PCID has stays stale",
	.shows = SHOWS(skipped),
	.shown_by = CACHE_TLB,
	.spare = { SPARE(C1, 1, "nobody interrupts it while it matters: that is the hazard") },
};

SCENARIO(B08_switching_pcid) = {
	FILTER(FLUSHES_SWITCHING, SAYS_SWITCHING_PCID),
	PCIDS,
	.name = "switching.pcid",
	.claim =
		"it says that it switches before it reads the generation: it sees the new one, or is interrupted",
	.forbid = { FORBID(freed_page_written) },
	.allow = { ALLOW(interrupted), ALLOW(came_later), ALLOW(was_there) },
	.control = { WITHOUT(C0, 1, freed_page_written), WITHOUT(C0, 2, freed_page_written),
		     WITHOUT(C0, 5, freed_page_written), WITHOUT(C0, 6, freed_page_written),
		     WITHOUT(C1, 1, freed_page_written), WITHOUT(C1, 2, freed_page_written),
		     SWAPPED(C1, 2, 4, freed_page_written), SWAPPED(C1, 3, 4, freed_page_written) },
};
