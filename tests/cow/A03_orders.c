/*
 * Every order of the three flushing steps of copy-on-write and the new PTE, each with what it does to the
 * device (D1 at once after the store, D2 when all is done) and to another CPU (U1, U2 likewise). Only
 * the first two are safe: a walk between the flush and the clear caches the old entry again. In those
 * two, walks in the gap find nothing; in the others, the walk is what does it, and without it they are safe.
 */
#include "tests/scenario.h"

OBSERVE(D0, D1, D2, U0, U1, U2)

#define DEVICE_STEPS(step)       \
	step(1, dma_read, A, D1) \
	step(2, dma_read, A, D2)
#define DEVICE_REFILLS_STEPS(step) \
	step(1, dma_read, A, D0)   \
	step(2, dma_read, A, D1)   \
	step(3, dma_read, A, D2)
#define CPU_STEPS(step)      \
	step(1, load, A, U1) \
	step(2, load, A, U2)
#define CPU_REFILLS_STEPS(step) \
	step(1, load, A, U0)    \
	step(2, load, A, U1)    \
	step(3, load, A, U2)
#define DEVICE_WARM_STEPS(step) step(1, dma_read, A)
#define CPU_WARM_STEPS(step)    step(1, load, A)
LISTING(DEVICE)
LISTING(DEVICE_REFILLS)
LISTING(CPU)
LISTING(CPU_REFILLS)
LISTING(DEVICE_WARM)
LISTING(CPU_WARM)

CLAIM(mapped_in_the_gap, saw(D0) != BLOCKED || saw(U0) != BLOCKED)
CLAIM(device_unsafe, saw(D1) != N || saw(D2) != N)
CLAIM(device_safe, saw(D1) == N && saw(D2) == N)
CLAIM(device_unsafe_at_the_end, saw(D2) != N)
CLAIM(device_transient, saw(D1) == O && saw(D2) == N)
CLAIM(device_permanent, saw(D1) == O && saw(D2) == O)
CLAIM(cpu_unsafe, saw(U1) != N || saw(U2) != N)
CLAIM(cpu_safe, saw(U1) == N && saw(U2) == N)
CLAIM(cpu_unsafe_at_the_end, saw(U2) != N)
CLAIM(cpu_transient, saw(U1) == O && saw(U2) == N)
CLAIM(cpu_permanent, saw(U1) == O && saw(U2) == O)
CLAIM(both_transient, device_transient(seen) && cpu_transient(seen))
CLAIM(device_permanent_cpu_transient, device_permanent(seen) && cpu_transient(seen))
CLAIM(device_transient_cpu_permanent, device_transient(seen) && cpu_permanent(seen))

#define ROW(id_, device_, cpu_, order_)                                                        \
	LISTING(id_)                                                                           \
	SCENARIO(A03_##id_) = { .id = "A03",                                                   \
				.name = #id_,                                                  \
				.source = "mmu notifier thread 2017, the three steps and why", \
				.needs = NEED_READ | NEED_CPU2,                                \
				.agents = { RUNS(C0, id_), RUNS(C1, cpu_), RUNS(E, device_) }, \
				.warm = { RUNS(C1, CPU_WARM), RUNS(E, DEVICE_WARM) },          \
				.maps = { [A] = { P0, RO } },                                  \
				.content = { [P0] = O },                                       \
				.judged = { { "device", D1, D2 }, { "C1", U1, U2 } },          \
				.orders = { { NULL, order_ } },

#define clr_cpu_io_set_STEPS(step)  \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, cpu_flush, A)       \
	step(4, iommu_flush, A)     \
	step(5, pte_set, A, P1, RW) \
	step(6, store, A, N)
ROW(clr_cpu_io_set, DEVICE_REFILLS, CPU_REFILLS, "0000 e1 00 e1 e1")
	.claim = "clear, CPUs, IOMMU, set: device and CPU see the new page, always",
       .forbid = { FORBID(mapped_in_the_gap), FORBID(device_unsafe), FORBID(cpu_unsafe) },
       .control = { WITHOUT(C0, 2, device_permanent), WITHOUT(C0, 4, device_permanent),
		    WITHOUT(C0, 3, cpu_permanent) },
}
;

#define clr_io_cpu_set_STEPS(step)  \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, iommu_flush, A)     \
	step(4, cpu_flush, A)       \
	step(5, pte_set, A, P1, RW) \
	step(6, store, A, N)
ROW(clr_io_cpu_set, DEVICE_REFILLS, CPU_REFILLS, "0000 e1 00 e1 e1")
	.claim = "clear, IOMMU, CPUs, set: device and CPU see the new page, always",
       .forbid = { FORBID(mapped_in_the_gap), FORBID(device_unsafe), FORBID(cpu_unsafe) },
       .control = { WITHOUT(C0, 2, device_permanent), WITHOUT(C0, 3, device_permanent),
		    WITHOUT(C0, 4, cpu_permanent) },
}
;

#define clr_cpu_set_io_STEPS(step)  \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, cpu_flush, A)       \
	step(4, pte_set, A, P1, RW) \
	step(5, store, A, N)        \
	step(6, iommu_flush, A)
ROW(clr_cpu_set_io, DEVICE, CPU, "00000 e1 0 e1").claim =
	"IOMMU told after the set: the device is on the old page until then",
				 .forbid = { FORBID(device_unsafe_at_the_end), FORBID(cpu_unsafe) },
				 .shows = SHOWS(device_transient), .shown_by = CACHE_IOTLB,
}
;

#define clr_io_set_cpu_STEPS(step)  \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, iommu_flush, A)     \
	step(4, pte_set, A, P1, RW) \
	step(5, store, A, N)        \
	step(6, cpu_flush, A)
ROW(clr_io_set_cpu, DEVICE, CPU, "00000 e1 0 e1").claim =
	"CPUs flushed after the set: the other CPU is on the old page until then",
				 .forbid = { FORBID(device_unsafe), FORBID(cpu_unsafe_at_the_end) },
				 .shows = SHOWS(cpu_transient), .shown_by = CACHE_TLB,
}
;

#define io_clr_cpu_set_STEPS(step)  \
	step(1, copy, P0, P1)       \
	step(2, iommu_flush, A)     \
	step(3, pte_clear, A)       \
	step(4, cpu_flush, A)       \
	step(5, pte_set, A, P1, RW) \
	step(6, store, A, N)
ROW(io_clr_cpu_set, DEVICE_REFILLS, CPU, "00 e 0000 e1 e1").claim =
	"IOMMU told before the clear: a walk in between keeps the device on the old page for ever",
					 .forbid = { FORBID(cpu_unsafe) },
					 .shows = SHOWS(device_permanent), .shown_by = CACHE_IOTLB,
					 .control = { WITHOUT(E, 1, device_safe) },
}
;

#define clr_cpu_set_STEPS(step)     \
	step(1, copy, P0, P1)       \
	step(2, pte_clear, A)       \
	step(3, cpu_flush, A)       \
	step(4, pte_set, A, P1, RW) \
	step(5, store, A, N)
ROW(clr_cpu_set, DEVICE, CPU, "00000 e1 e1").claim =
	"IOMMU never told: the device is on the old page for ever",
			      .forbid = { FORBID(cpu_unsafe) }, .shows = SHOWS(device_permanent),
			      .shown_by = CACHE_IOTLB,
}
;

#define set_cpu_io_STEPS(step)      \
	step(1, copy, P0, P1)       \
	step(2, pte_set, A, P1, RW) \
	step(3, store, A, N)        \
	step(4, cpu_flush, A)       \
	step(5, iommu_flush, A)
ROW(set_cpu_io, DEVICE, CPU, "000 e1 00 e1")
	.claim = "no clear, flushes after: device and other CPU are on the old page until then",
       .forbid = { FORBID(device_unsafe_at_the_end), FORBID(cpu_unsafe_at_the_end) },
       .shows = SHOWS(both_transient), .shown_by = CACHE_IOTLB | CACHE_TLB,
}
;

#define io_set_cpu_STEPS(step)      \
	step(1, copy, P0, P1)       \
	step(2, iommu_flush, A)     \
	step(3, pte_set, A, P1, RW) \
	step(4, store, A, N)        \
	step(5, cpu_flush, A)
ROW(io_set_cpu, DEVICE_REFILLS, CPU, "00 e 00 e1 0 e1").claim =
	"no clear, IOMMU told before the set: device on the old page for ever, CPU until its flush",
				     .forbid = { FORBID(cpu_unsafe_at_the_end) },
				     .shows = SHOWS(device_permanent_cpu_transient),
				     .shown_by = CACHE_IOTLB | CACHE_TLB,
				     .control = { WITHOUT(E, 1, device_safe) },
}
;

#define cpu_clr_set_io_STEPS(step)  \
	step(1, copy, P0, P1)       \
	step(2, cpu_flush, A)       \
	step(3, pte_clear, A)       \
	step(4, pte_set, A, P1, RW) \
	step(5, store, A, N)        \
	step(6, iommu_flush, A)
ROW(cpu_clr_set_io, DEVICE, CPU_REFILLS, "00 1 000 e1 0 e1").claim =
	"CPUs flushed before the clear: a load in between keeps the other CPU on the old page for "
	"ever",
					 .forbid = { FORBID(device_unsafe_at_the_end) },
					 .shows = SHOWS(device_transient_cpu_permanent),
					 .shown_by = CACHE_IOTLB | CACHE_TLB,
					 .control = { WITHOUT(C1, 1, cpu_safe) },
}
;
