#include "kernel/power.h"
#include "kernel/string.h"
#include "kernel/types.h"
#include "kernel/x86.h"

enum { ISA_DEBUG_EXIT = 0xf4 };

bool power_is_qemu(void)
{
	struct cpuid id;
	char name[12];

	/* SDM 2A, CPUID.1:ECX[31]: reserved for hypervisors, zero on every real CPU. */
	if (!(cpuid(1, 0).ecx >> 31))
		return false;
	id = cpuid(0x40000000, 0);
	memcpy(name, &id.ebx, 4);
	memcpy(name + 4, &id.ecx, 4);
	memcpy(name + 8, &id.edx, 4);
	return !memcmp(name, "TCGTCGTCGTCG", 12) || !memcmp(name, "KVMKVMKVM\0\0\0", 12);
}

void power_end(enum run_end how)
{
	/* On a real machine nobody knows what listens at that port. */
	if (power_is_qemu())
		outb(ISA_DEBUG_EXIT, (u8)how);
	for (;;) {
		cli();
		hlt();
	}
}
