#pragma once

/* What scenarios find out about the platform, machine.facts[]. */
enum fact { FACT_NONE, FACT_TLB_KEEPS, FACT_IOTLB_KEEPS, FACT_STORES_LATE, FACTS };
