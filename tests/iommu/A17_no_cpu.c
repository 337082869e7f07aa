/*
 * The IOMMU finds a space by the PASID, whatever tables CPUs have loaded: it goes on walking one that no CPU uses. So that no CPU uses a
 * space is no reason not to tell the IOMMU. A word counts the CPUs that have the space loaded, as mm_cpumask does.
 */
#include "mm/protocol/pte.h"
#include "tests/scenario.h"

OBSERVE(EARLY, LATE, WROTE, USERS, CPU_READ, AWAY, OTHER_AWAY)

enum { CPUS }; /* that have the space loaded, without the one that unmaps */

#define LEAVE_STEPS(step) \
	step(1, leave_mm) \
	step(2, tell, E)  \
	step(3, load, A, AWAY)
#define LEAVE_TOO_STEPS(step) \
	step(1, leave_mm)     \
	step(2, tell, E)      \
	step(3, load, A, OTHER_AWAY)
#define WALK_STEPS(step)  \
	step(1, heed, C0) \
	step(2, heed, C1) \
	step(3, dma_read, A, LATE)
/* clang-format off */
#define BY_CPUMASK_STEPS(step)                          \
	step(1, leave_mm)                               \
	step(2, pte_clear, A)                           \
	step(3, word_read, CPUS, USERS)                 \
	step##_if(4, USERS, COUNT(1), cpu_flush, A)     \
	step##_if(5, USERS, COUNT(1), iommu_flush, A)   \
	step(6, reuse, P0)                              \
	step(7, tell, E)
#define ALWAYS_STEPS(step)                              \
	step(1, leave_mm)                               \
	step(2, pte_clear, A)                           \
	step(3, word_read, CPUS, USERS)                 \
	step##_if(4, USERS, COUNT(1), cpu_flush, A)     \
	step(5, iommu_flush, A)                         \
	step(6, reuse, P0)                              \
	step(7, tell, E)
/* clang-format on */
#define USER_STEPS(step)           \
	step(1, load, A, CPU_READ) \
	step(2, leave_mm)          \
	step(3, word_add, CPUS, MINUS_1)
#define USER_WARM_STEPS(step)   step(1, load, A)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, A)
#define DEVICE_STEPS(step)          \
	step(1, dma_read, A, EARLY) \
	step(2, heed, C0)           \
	step(3, dma_read, A, LATE)  \
	step(4, dma_write, A, X, WROTE)

LISTING(LEAVE)
LISTING(LEAVE_TOO)
LISTING(WALK)
LISTING(BY_CPUMASK)
LISTING(ALWAYS)
LISTING(USER)
LISTING(USER_WARM)
LISTING(DEVICE)
LISTING(DEVICE_WARM)

CLAIM(walk_refused, saw(LATE) != O)
CLAIM(still_there, saw(AWAY) != BLOCKED || saw(OTHER_AWAY) != BLOCKED)
CLAIM(walks_alone, saw(AWAY) == BLOCKED && saw(OTHER_AWAY) == BLOCKED && saw(LATE) == O)

#define EARLIER "while a CPU is there still, a walk shows less"

SCENARIO(A17_walks) = {
	.id = "A17",
	.name = "walks",
	.claim = "no CPU has the space loaded: a device reads it all the same",
	.source = "mmu notifier thread 2017: the IOMMU walks by PASID, at any time",
	.needs = NEED_READ | NEED_CPU2,
	.agents = { RUNS(C0, LEAVE), RUNS(C1, LEAVE_TOO), RUNS(E, WALK) },
	.warm = { RUNS(C1, USER_WARM) },
	.maps = { [A] = { P0, RW, LEAF_USED } },
	.content = { [P0] = O },
	.forbid = { FORBID(walk_refused), FORBID(still_there) },
	.allow = { ALLOW(walks_alone) },
	.control = { SWAPPED(C0, 1, 3, still_there), SWAPPED(C1, 1, 3, still_there) },
	.spare = { SPARE(E, 1, EARLIER), SPARE(E, 2, EARLIER) },
};

CLAIM(freed_page_reached, saw(LATE) == S && saw(WROTE) == LANDED && holds(P0) == X)
CLAIM(freed_page_used, saw(LATE) != BLOCKED || saw(WROTE) != BLOCKED || holds(P0) != S)
CLAIM(freed_page_read, saw(EARLY) == S)
CLAIM(cpu_reads_freed_page, saw(CPU_READ) == S)
CLAIM(nobody_there, saw(USERS) == COUNT(0))
CLAIM(somebody_there, saw(USERS) == COUNT(1))

#define UNMAP(unmap)                                                                              \
	.id = "A17", .source = "mmu notifier thread 2017: the IOMMU walks by PASID, at any time", \
	.needs = NEED_READ | NEED_WRITE | NEED_CPU2,                                              \
	.agents = { RUNS(C0, unmap), RUNS(C1, USER), RUNS(E, DEVICE) },                           \
	.warm = { RUNS(C1, USER_WARM), RUNS(E, DEVICE_WARM) },                                    \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }, .words = { [CPUS] = 1 }

#define ONLY_LEAVE "CPUs only leave here: who has left meanwhile is interrupted in vain"
#define LATER      "an access that comes later shows less"

SCENARIO(A17_by_cpumask) = {
	UNMAP(BY_CPUMASK),
	.name = "by_cpumask",
	.claim = "IOMMU told only if a CPU uses the space: a device reads and writes a freed page",
	.forbid = { FORBID(cpu_reads_freed_page) },
	.shows = SHOWS(freed_page_reached),
	.shown_by = CACHE_IOTLB,
	.control = { WITHOUT(C0, 2, cpu_reads_freed_page), WITHOUT(C0, 4, cpu_reads_freed_page) },
	.spare = { SPARE_SWAP(C0, 2, 3, ONLY_LEAVE), SPARE_SWAP(E, 1, 2, LATER) },
};

SCENARIO(A17_always) = {
	UNMAP(ALWAYS),
	.name = "always",
	.claim = "IOMMU told whether or not a CPU uses the space: no device reaches a freed page",
	.forbid = { FORBID(cpu_reads_freed_page), FORBID(freed_page_used),
		    FORBID(freed_page_read) },
	.allow = { ALLOW(nobody_there), ALLOW(somebody_there) },
	.control = { WITHOUT(C0, 2, cpu_reads_freed_page), WITHOUT(C0, 4, cpu_reads_freed_page),
		     WITHOUT(C0, 5, freed_page_reached), SWAPPED(C0, 2, 5, freed_page_reached),
		     SWAPPED(C0, 5, 6, freed_page_read) },
	.spare = { SPARE_SWAP(C0, 2, 3, ONLY_LEAVE), SPARE_SWAP(E, 1, 2, LATER) },
};
