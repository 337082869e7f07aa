#pragma once

/*
 * What scenarios find out about the platform before all others run (those with `.fact`), machine.facts[]. They are
 * printed, and decide which hazards it must be able to show. Names for the log: tests/power.c.
 */
#define FACT_LIST(F)                                                                            \
	F(TLB_KEEPS, "tlb_keeps")     /* an entry outlives its PTE without INVLPG */            \
	F(IOTLB_KEEPS, "iotlb_keeps") /* likewise */                                            \
	F(TLB_DROPS, "tlb_drops")     /* an entry was gone without an invalidation */           \
	F(IOTLB_DROPS, "iotlb_drops")                                                           \
	F(DTLB_KEEPS, "dtlb_keeps")    /* a device's TLB, though the IOTLB has forgotten */     \
	F(UPPER_KEPT, "cpu_keeps_pde") /* a PDE is used after it was changed, without INVLPG */ \
	F(IOMMU_UPPER_KEPT, "iommu_keeps_pde")                                                  \
	F(PASID_KEPT, "iommu_keeps_pasid_entry")                                                \
	F(STORES_LATE,                                                                          \
	  "stores_late") /* a load overtook an older store: TSO's store buffers show */         \
	F(SPURIOUS, "spurious_faults") /* a stale entry that forbids cost a #PF */              \
	F(GLOBAL_KEPT, "cr3_load_keeps_global")                                                 \
	F(CPU_MARKS, "cpu_sets_a_d")                      /* in entries that it walks */        \
	F(MARKS_ABSENT, "cpu_sets_a_d_in_absent_entries") /* erratum */                         \
	F(IOMMU_MARKS, "iommu_sets_a_d")

#define FACT_ID(id, name) FACT_##id,
enum fact { FACT_NONE, FACT_LIST(FACT_ID) FACTS };
#undef FACT_ID
