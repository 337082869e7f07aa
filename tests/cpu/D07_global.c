/*
 * Global pages, the kernel's: their entries outlive a load of CR3. What drops them is INVLPG, INVPCID of the type that says so, or
 * CR4.PGE; each CPU for itself. A page that is global in one address space is found in the other too.
 */
#include "tests/scenario.h"

OBSERVE(HERE, THERE)

#define KEPT_STEPS(step)            \
	step(1, pte_set, A, P1, RW) \
	step(2, cr3_load)           \
	step(3, load, A, HERE)
/* What C1 does is its handler's part. */
#define BY_CR3_STEPS(step)               \
	step(1, pte_exchange, A, P1, RW) \
	step(2, cr3_load)                \
	step(3, tell, C1)                \
	step(4, load, A, HERE)
#define BY_INVLPG_STEPS(step)            \
	step(1, pte_exchange, A, P1, RW) \
	step(2, invlpg, A)               \
	step(3, tell, C1)                \
	step(4, load, A, HERE)
#define BY_SHOOTDOWN_STEPS(step)         \
	step(1, pte_exchange, A, P1, RW) \
	step(2, cpu_flush, A)            \
	step(3, tell, C1)                \
	step(4, load, A, HERE)
#define BY_PGE_STEPS(step)               \
	step(1, pte_exchange, A, P1, RW) \
	step(2, flush_all)               \
	step(3, tell, C1)                \
	step(4, load, A, HERE)
#define BY_TYPE_1_STEPS(step)            \
	step(1, pte_exchange, A, P1, RW) \
	step(2, invpcid, PCID_ALL, A)    \
	step(3, tell, C1)                \
	step(4, load, A, HERE)
#define BY_TYPE_2_STEPS(step)               \
	step(1, pte_exchange, A, P1, RW)    \
	step(2, invpcid, ALL_AND_GLOBAL, A) \
	step(3, tell, C1)                   \
	step(4, load, A, HERE)
#define BY_TYPE_3_STEPS(step)            \
	step(1, pte_exchange, A, P1, RW) \
	step(2, invpcid, ALL_PCIDS, A)   \
	step(3, tell, C1)                \
	step(4, load, A, HERE)
#define OTHER_CR3_STEPS(step) \
	step(1, heed, C0)     \
	step(2, cr3_load)     \
	step(3, load, A, THERE)
#define OTHER_INVLPG_STEPS(step) \
	step(1, heed, C0)        \
	step(2, invlpg, A)       \
	step(3, load, A, THERE)
#define OTHER_STEPS(step) \
	step(1, heed, C0) \
	step(2, load, A, THERE)
#define OTHER_PGE_STEPS(step) \
	step(1, heed, C0)     \
	step(2, flush_all)    \
	step(3, load, A, THERE)
#define OTHER_TYPE_1_STEPS(step)      \
	step(1, heed, C0)             \
	step(2, invpcid, PCID_ALL, A) \
	step(3, load, A, THERE)
#define OTHER_TYPE_2_STEPS(step)            \
	step(1, heed, C0)                   \
	step(2, invpcid, ALL_AND_GLOBAL, A) \
	step(3, load, A, THERE)
#define OTHER_TYPE_3_STEPS(step)       \
	step(1, heed, C0)              \
	step(2, invpcid, ALL_PCIDS, A) \
	step(3, load, A, THERE)
#define WARM_STEPS(step) step(1, load, A)

/* B is A's address in another space, and not global there. */
#define STRAY_STEPS(step)            \
	step(1, load, A)             \
	step(2, space_load, B, DROP) \
	step(3, load, B, HERE)
#define STRAY_FLUSHED_STEPS(step)    \
	step(1, load, A)             \
	step(2, space_load, B, DROP) \
	step(3, flush_all)           \
	step(4, load, B, HERE)

LISTING(KEPT)
LISTING(BY_CR3)
LISTING(BY_INVLPG)
LISTING(BY_SHOOTDOWN)
LISTING(BY_PGE)
LISTING(BY_TYPE_1)
LISTING(BY_TYPE_2)
LISTING(BY_TYPE_3)
LISTING(OTHER)
LISTING(OTHER_CR3)
LISTING(OTHER_INVLPG)
LISTING(OTHER_PGE)
LISTING(OTHER_TYPE_1)
LISTING(OTHER_TYPE_2)
LISTING(OTHER_TYPE_3)
LISTING(WARM)
LISTING(STRAY)
LISTING(STRAY_FLUSHED)

CLAIM(neither, saw(HERE) != O && saw(HERE) != N)
CLAIM(old_page, saw(HERE) == O)
CLAIM(stale_here, saw(HERE) != N)
CLAIM(stale_there, saw(THERE) != N)
CLAIM(stale_both, saw(HERE) == O && saw(THERE) == O)

#define KERNEL_PAGE                                                                \
	.id = "D07", .global = GLOBAL(A), .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O, [P1] = N }
#define GLOBAL_ON_BOTH(here, there)                                                              \
	KERNEL_PAGE, .source = "SDM 3A 4.10.4.1", .agents = { RUNS(C0, here), RUNS(C1, there) }, \
		     .warm = { RUNS(C0, WARM), RUNS(C1, WARM) }
#define TOLD_FIRST "what is read before the change is old by right"
#define IN_VAIN    "it drops no global entry: that is the hazard"

SCENARIO(D07_kept) = {
	KERNEL_PAGE,
	.name = "kept",
	.claim = "does a global entry outlive a load of CR3?",
	.source = "SDM 3A 4.10.4.1: MOV to CR3 need not drop what is global",
	.agents = { RUNS(C0, KEPT) },
	.warm = { RUNS(C0, WARM) },
	.forbid = { FORBID(neither) },
	.fact = { SHOWS(old_page), FACT_GLOBAL_KEPT, EITHER },
	.spare = { SPARE(C0, 2, IN_VAIN) },
};

SCENARIO(D07_cr3) = {
	GLOBAL_ON_BOTH(BY_CR3, OTHER_CR3),
	.name = "cr3",
	.claim = "CR3 loaded on both CPUs: both may stay on the old page",
	.needs = NEED_CPU2,
	.forbid = { FORBID(neither) },
	.shows = SHOWS(stale_both),
	.shown_by = CACHE_GLOBAL,
	.spare = { SPARE(C0, 2, IN_VAIN), SPARE(C1, 1, TOLD_FIRST), SPARE(C1, 2, IN_VAIN) },
};

SCENARIO(D07_type_1) = {
	GLOBAL_ON_BOTH(BY_TYPE_1, OTHER_TYPE_1),
	.name = "type_1",
	.claim = "INVPCID of one PCID on both CPUs: both may stay on the old page",
	.needs = NEED_CPU2 | NEED_PCID,
	.forbid = { FORBID(neither) },
	.shows = SHOWS(stale_both),
	.shown_by = CACHE_GLOBAL,
	.spare = { SPARE(C0, 2, IN_VAIN), SPARE(C1, 1, TOLD_FIRST), SPARE(C1, 2, IN_VAIN) },
};

SCENARIO(D07_type_3) = {
	GLOBAL_ON_BOTH(BY_TYPE_3, OTHER_TYPE_3),
	.name = "type_3",
	.claim =
		"INVPCID of all PCIDs but what is global, on both CPUs: both may stay on the old page",
	.needs = NEED_CPU2 | NEED_PCID,
	.forbid = { FORBID(neither) },
	.shows = SHOWS(stale_both),
	.shown_by = CACHE_GLOBAL,
	.spare = { SPARE(C0, 2, IN_VAIN), SPARE(C1, 1, TOLD_FIRST), SPARE(C1, 2, IN_VAIN) },
};

#define DROPS                                                                 \
	.forbid = { FORBID(stale_here), FORBID(stale_there) },                \
	.control = { WITHOUT(C0, 2, stale_here), WITHOUT(C1, 1, stale_there), \
		     WITHOUT(C1, 2, stale_there) }

SCENARIO(D07_invlpg) = {
	GLOBAL_ON_BOTH(BY_INVLPG, OTHER_INVLPG),
	.name = "invlpg",
	.claim = "INVLPG on each CPU drops a global entry",
	.needs = NEED_CPU2,
	DROPS,
};

/* Errata of Alder Lake and Raptor Lake: Linux uses no PCIDs there. */
SCENARIO(D07_invlpg_pcid) = {
	GLOBAL_ON_BOTH(BY_INVLPG, OTHER_INVLPG),
	.name = "invlpg_pcid",
	.claim = "with PCIDs in use too INVLPG on each CPU drops a global entry",
	.needs = NEED_CPU2 | NEED_PCID,
	DROPS,
};

SCENARIO(D07_pge) = {
	GLOBAL_ON_BOTH(BY_PGE, OTHER_PGE),
	.name = "pge",
	.claim = "a change of CR4.PGE on each CPU drops a global entry",
	.needs = NEED_CPU2,
	DROPS,
};

SCENARIO(D07_type_2) = {
	GLOBAL_ON_BOTH(BY_TYPE_2, OTHER_TYPE_2),
	.name = "type_2",
	.claim = "INVPCID of all with what is global, on each CPU, drops a global entry",
	.needs = NEED_CPU2 | NEED_PCID,
	DROPS,
};

SCENARIO(D07_shootdown) = {
	GLOBAL_ON_BOTH(BY_SHOOTDOWN, OTHER),
	.name = "shootdown",
	.claim = "a shootdown drops a global entry on every CPU",
	.needs = NEED_CPU2,
	.forbid = { FORBID(stale_here), FORBID(stale_there) },
	.control = { WITHOUT(C0, 2, stale_both), WITHOUT(C1, 1, stale_there),
		     SWAPPED(C0, 2, 3, stale_there) },
};

#define STRAY_PAGE(cpu)                                                                     \
	.id = "D07", .source = "SDM 3A 4.10.2.4: a global entry is used whatever the PCID", \
	.agents = { RUNS(C0, cpu) }, .spaces = TWO_SPACES, .global = GLOBAL(A),             \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },               \
	.content = { [P0] = O, [P1] = N }

SCENARIO(D07_stray) = {
	STRAY_PAGE(STRAY),
	.name = "stray",
	.claim =
		"global in one space and private in the other: a CPU that changes over finds the other's page",
	.forbid = { FORBID(neither) },
	.shows = SHOWS(old_page),
	.shown_by = CACHE_GLOBAL,
};

SCENARIO(D07_stray_flushed) = {
	STRAY_PAGE(STRAY_FLUSHED),
	.name = "stray_flushed",
	.claim =
		"global in one space and private in the other, all flushed after the change: its own page",
	.forbid = { FORBID(stale_here) },
	.control = { { { C0, 3, 0 }, SHOWS(old_page), CACHE_GLOBAL } },
};
