#include "kernel/pmu.h"
#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/x86.h"

enum {
	MSR_FIXED_CTR1 = 0x30a, /* CPU_CLK_UNHALTED.CORE */
	MSR_FIXED_CTR_CTRL = 0x38d,
	MSR_PERF_GLOBAL_STATUS = 0x38e,
	MSR_PERF_GLOBAL_CTRL = 0x38f,
	MSR_PERF_GLOBAL_OVF_CTRL = 0x390,
};
/* SDM 3B figures 20-7, 20-9 and following; 2A, CPUID leaf 0xA: EAX and EDX */
#define PMU_FIELDS(F)       \
	F(FIXED1_EN, 5, 4)  \
	F(FIXED1_PMI, 7, 7) \
	F(GLOBAL_FIXED1, 33, 33)
#define PMU_CPUID_FIELDS(F)       \
	F(PMU_VERSION, 7, 0)      \
	F(PMU_FIXED_NUMBER, 4, 0) \
	F(PMU_FIXED_WIDTH, 12, 5)
enum { PMU_FIELDS(AS_ENUM) PMU_CPUID_FIELDS(AS_ENUM) };
enum { PMU_LEAF = 0xa, EN_OS = 1, CYCLES = 1 << 30 };

static u64 start_value; /* 0: not in use */

bool pmu_nmi_came(void)
{
	if (!start_value || this_cpu()->index || !get(rdmsr(MSR_PERF_GLOBAL_STATUS), GLOBAL_FIXED1))
		return false;
	wrmsr(MSR_FIXED_CTR1, start_value);
	wrmsr(MSR_PERF_GLOBAL_OVF_CTRL, mask(GLOBAL_FIXED1));
	/* Delivery masks the entry (SDM 3A 10.5.1). */
	apic_counter_nmi();
	return true;
}

bool pmu_nmi_start(void)
{
	struct cpuid leaf = cpuid(0, 0).eax >= PMU_LEAF ? cpuid(PMU_LEAF, 0) : (struct cpuid){ 0 };
	unsigned width = (unsigned)get(leaf.edx, PMU_FIXED_WIDTH);

	/* Two fixed counters: the second counts cycles. */
	if (get(leaf.eax, PMU_VERSION) < 2 || get(leaf.edx, PMU_FIXED_NUMBER) < 2 || width < 32)
		return false;
	start_value = (1ull << width) - CYCLES;
	apic_counter_nmi();
	wrmsr(MSR_FIXED_CTR1, start_value);
	wrmsr(MSR_FIXED_CTR_CTRL, put(FIXED1_EN, EN_OS) | put(FIXED1_PMI, 1));
	wrmsr(MSR_PERF_GLOBAL_CTRL, mask(GLOBAL_FIXED1));
	return true;
}

void pmu_nmi_stop(void)
{
	if (start_value)
		wrmsr(MSR_PERF_GLOBAL_CTRL, 0);
	start_value = 0;
}
