#include "kernel/fwcfg.h"
#include "kernel/platform.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/x86.h"

struct platform platform;

enum { HYPERVISOR_LEAF = 0x40000000 };

/*
 * IA32_BIOS_SIGN_ID: the high half, after CPUID (SDM 3A, microcode update facilities); AMD's is the low half at the
 * same number. No other maker's CPU is asked: an MSR that is not there is a fault.
 */
static u32 microcode(const char vendor[12])
{
	if (!memcmp(vendor, "AuthenticAMD", 12))
		return (u32)rdmsr(MSR_BIOS_SIGN_ID);
	if (memcmp(vendor, "GenuineIntel", 12) != 0)
		return 0;
	wrmsr(MSR_BIOS_SIGN_ID, 0);
	cpuid(1, 0);
	return (u32)(rdmsr(MSR_BIOS_SIGN_ID) >> 32);
}

void platform_find(void)
{
	static struct platform_told told;
	struct cpuid id = cpuid(0, 0), hypervisor = cpuid(HYPERVISOR_LEAF, 0);
	char text[256];

	told.vendor[0] = id.ebx;
	told.vendor[1] = id.edx;
	told.vendor[2] = id.ecx;
	told.signature = cpuid(1, 0).eax;
	told.virtual = cpuid(1, 0).ecx >> 31;
	told.hypervisor[0] = hypervisor.ebx;
	told.hypervisor[1] = hypervisor.ecx;
	told.hypervisor[2] = hypervisor.edx;
	told.microcode = microcode((const char *)told.vendor);
	told.fw_cfg = fwcfg_is_there();
	fwcfg_text("opt/org.shootdown/qemu", told.version, sizeof told.version);
	told.smbios_len = fwcfg_read("etc/smbios/smbios-tables", told.smbios, sizeof told.smbios);
	platform_parse(&platform, &told);
	note("%s", platform_text(text, sizeof text, &platform));
}
