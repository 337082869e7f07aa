/*
 * A PASID is taken from one address space and given to another, under the same domain id, as Linux has it for all SVA. Place A is the page of
 * the first, B that of the second.
 */
#include "tests/scenario.h"

OBSERVE(JOB, NEXT)

#define REUSE_STEPS(step)                  \
	step(1, heed, E)                   \
	step(2, entry_clear)               \
	step(3, pasid_queue)               \
	step(4, context_queue)             \
	step(5, iommu_wait)                \
	step(6, iommu_select, A, OF_PASID) \
	step(7, iommu_wait)                \
	step(8, entry_wipe)                \
	step(9, reuse, P0)                 \
	step(10, entry_root, B)            \
	step(11, entry_domain, A)          \
	step(12, entry_set)                \
	step(13, tell, E)
#define JOB_LEFT_STEPS(step)               \
	step(1, entry_clear)               \
	step(2, pasid_queue)               \
	step(3, context_queue)             \
	step(4, iommu_wait)                \
	step(5, iommu_select, A, OF_PASID) \
	step(6, iommu_wait)                \
	step(7, entry_wipe)                \
	step(8, reuse, P0)                 \
	step(9, entry_root, B)             \
	step(10, entry_domain, A)          \
	step(11, entry_set)
#define NOT_TOLD_STEPS(step)   \
	step(1, heed, E)       \
	step(2, entry_clear)   \
	step(3, entry_wipe)    \
	step(4, entry_root, B) \
	step(5, entry_set)     \
	step(6, reuse, P0)     \
	step(7, tell, E)
/* Before Present is gone: what is dropped comes again. */
#define TOLD_EARLY_STEPS(step)             \
	step(1, pasid_queue)               \
	step(2, context_queue)             \
	step(3, iommu_wait)                \
	step(4, iommu_select, A, OF_PASID) \
	step(5, iommu_wait)                \
	step(6, heed, E)                   \
	step(7, entry_clear)               \
	step(8, entry_wipe)                \
	step(9, entry_root, B)             \
	step(10, entry_domain, A)          \
	step(11, entry_set)                \
	step(12, reuse, P0)                \
	step(13, tell, E)
#define DEVICE_STEPS(step)            \
	step(1, dma_write, A, X, JOB) \
	step(2, tell, C0)             \
	step(3, heed, C0)             \
	step(4, dma_write, A, X, NEXT)
/* One job alone, which nobody waits for. */
#define JOB_STEPS(step) step(1, dma_write, A, X, JOB)

/* It reads, and is idle until the second space has the PASID: by the orders below, as one with rings is lost when it has no entry. */
#define READER_STEPS(step)         \
	step(1, dma_read, A, JOB)  \
	step(2, tell, C0)          \
	step(3, heed, C0)          \
	step(4, dma_read, A, NEXT) \
	step(5, dma_write, A, X)
#define LATE_READER_STEPS(step) step(1, dma_read, A, JOB)

LISTING(REUSE)
LISTING(JOB_LEFT)
LISTING(NOT_TOLD)
LISTING(TOLD_EARLY)
LISTING(DEVICE)
LISTING(JOB)
LISTING(READER)
LISTING(LATE_READER)

CLAIM(first_reached, holds(P0) != S)
CLAIM(second_hurt, holds(P1) == X)
CLAIM(not_served, saw(NEXT) == BLOCKED || holds(P1) != X)
CLAIM(job_lost, saw(JOB) == BLOCKED)
CLAIM(leaked, saw(NEXT) != N && saw(NEXT) != BLOCKED)
CLAIM(second_read, saw(JOB) == N)

#define IN_TURN                    "the unit tells the IOTLB after entries, waited for or not: VT-d 6.5.2.12"
#define LESS                       "without it the first space is reached as well"
#define IN_ORDER                   "when the device begins is said by the order"
#define PASID_OF_TWO(told, device) OF_TWO(NEED_WRITE | NEED_NO_RINGS, told, device)
#define READ_OF_TWO(told, device, order_) \
	OF_TWO(NEED_READ | NEED_WRITE, told, device), .orders = { { NULL, (order_) } }
#define OF_TWO(need, told, device)                                                                \
	.id = "C11",                                                                              \
	.source = "VT-d 6.5.3.3; Linux: Documentation/arch/x86/sva.rst, life cycle of a PASID",   \
	.needs = (need) | NEED_ENTRY | NEED_NO_CM, .agents = { RUNS(C0, told), RUNS(E, device) }, \
	.entry = true, .maps = { [A] = { P0, RW, LEAF_USED }, [B] = { P1, RW, LEAF_USED } },      \
	.content = { [P0] = O, [P1] = N }

SCENARIO(C11_reused) = {
	PASID_OF_TWO(REUSE, DEVICE),
	.name = "reused",
	.claim = "jobs stopped, entry retired, caches told: the next space has the PASID to itself",
	.forbid = { FORBID(first_reached), FORBID(not_served), FORBID(job_lost) },
	.control = { WITHOUT(C0, 1, job_lost), WITHOUT(C0, 6, first_reached) },
	.spare = { SPARE(C0, 5, IN_TURN) },
};

SCENARIO(C11_not_told) = {
	PASID_OF_TWO(NOT_TOLD, DEVICE),
	.name = "not_told",
	.claim = "no cache is told: by its next owner's PASID the first space is written to",
	.shows = SHOWS(first_reached),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 2, LESS) },
};

SCENARIO(C11_told_early) = {
	PASID_OF_TWO(TOLD_EARLY, DEVICE),
	.name = "told_early",
	.claim =
		"caches are told before Present is cleared: the first space is cached again, and written to",
	.shows = SHOWS(first_reached),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, LESS), SPARE(C0, 3, LESS), SPARE(C0, 4, LESS), SPARE(C0, 5, LESS),
		   SPARE(C0, 7, LESS) },
};

SCENARIO(C11_job_left) = {
	PASID_OF_TWO(JOB_LEFT, JOB),
	.name = "job_left",
	.claim = "a job of the first space begins when the second has the PASID: it writes there",
	.forbid = { FORBID(first_reached) },
	.allow = { ALLOW(job_lost) },
	.shows = SHOWS(second_hurt),
	.spare = { SPARE(C0, 4, IN_TURN) },
};

SCENARIO(C11_read) = {
	READ_OF_TWO(REUSE, READER, "ee 0000000000000 eee"),
	.name = "read",
	.claim =
		"entry retired, caches told: by the PASID the next space is read, and nothing else",
	.forbid = { FORBID(leaked), FORBID(first_reached), FORBID(not_served) },
	.control = { WITHOUT(C0, 6, leaked) },
	.spare = { SPARE(C0, 1, IN_ORDER), SPARE(C0, 5, IN_TURN), SPARE(E, 3, IN_ORDER) },
};

SCENARIO(C11_read_not_told) = {
	READ_OF_TWO(NOT_TOLD, READER, "ee 0000000 eee"),
	.name = "read_not_told",
	.claim = "no cache is told: by its next owner's PASID the first space is read",
	.shows = SHOWS(leaked),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, IN_ORDER), SPARE(C0, 2, LESS), SPARE(E, 3, IN_ORDER) },
};

SCENARIO(C11_read_told_early) = {
	READ_OF_TWO(TOLD_EARLY, READER, "00000 ee 00000000 eee"),
	.name = "read_told_early",
	.claim =
		"caches are told before Present is cleared: the first space is cached again, and read",
	.shows = SHOWS(leaked),
	.shown_by = CACHE_IOTLB,
	.spare = { SPARE(C0, 1, LESS), SPARE(C0, 3, LESS), SPARE(C0, 4, LESS), SPARE(C0, 5, LESS),
		   SPARE(C0, 6, IN_ORDER), SPARE(C0, 7, LESS), SPARE(E, 3, IN_ORDER) },
};

SCENARIO(C11_read_job_left) = {
	READ_OF_TWO(JOB_LEFT, LATE_READER, "00000000000 e"),
	.name = "read_job_left",
	.claim = "a job of the first space begins when the second has the PASID: it reads there",
	.forbid = { FORBID(first_reached) },
	.shows = SHOWS(second_read),
	.spare = { SPARE(C0, 4, IN_TURN) },
};
