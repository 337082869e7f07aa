#pragma once
#include "kernel/types.h"

/*
 * An NMI a few times a second while this CPU runs (not in HLT), from the fixed counter of core cycles: for a CPU that
 * has its interrupts off. False if there is none: architectural performance monitoring, version 2 or later (CPUID
 * leaf 0xA). SDM 3B 20.2. Boot CPU, once, with a handler for NMIs.
 */
bool pmu_nmi_start(void);

/* No more of them. Boot CPU. */
void pmu_nmi_stop(void);

/* Was it the counter? Then it counts anew. For the handler of NMIs, on any CPU. */
bool pmu_nmi_came(void);
