#include "kernel/power.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/types.h"
#include "kernel/x86.h"

enum { ISA_DEBUG_EXIT = 0xf4 };
enum { KEYBOARD_COMMAND = 0x64, PULSE_RESET = 0xfe, RESET_US = 100000 };

/* SDM 2A, CPUID.1:ECX[31]: zero on every real CPU; then leaf 0x40000000 has the hypervisor's name. */
static bool hypervisor_is(const char name[12])
{
	struct cpuid id = cpuid(0x40000000, 0);

	return cpuid(1, 0).ecx >> 31 && !memcmp(&id.ebx, name, 4) &&
	       !memcmp(&id.ecx, name + 4, 4) && !memcmp(&id.edx, name + 8, 4);
}

bool power_is_tcg(void) { return hypervisor_is("TCGTCGTCGTCG"); }
bool power_is_qemu(void) { return power_is_tcg() || hypervisor_is("KVMKVMKVM\0\0"); }

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

void power_reset(u16 port, u8 value)
{
	static const struct {
		u16 limit;
		u64 base;
	} __attribute__((packed)) nothing = { 0, 0 };

	cli();
	if (port)
		outb(port, value);
	delay_us(RESET_US);
	outb(KEYBOARD_COMMAND, PULSE_RESET);
	delay_us(RESET_US);
	__asm__ volatile("lidt %0; int3" : : "m"(nothing));
	__builtin_unreachable();
}
