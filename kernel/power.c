#include "kernel/power.h"
#include "kernel/bits.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/types.h"
#include "kernel/x86.h"

enum { ISA_DEBUG_EXIT = 0xf4 };
enum { KEYBOARD_COMMAND = 0x64, KEYBOARD_BUSY = 2, KEYBOARD_MS = 100, PULSE_RESET = 0xfe };
enum { RESET_US = 100000, ACPI_MODE_MS = 3000, OFF_US = 3000000 };

/* ACPI 6.4, table 4.18 (PM1 control) and 4.27 (sleep control). */
#define OFF_FIELDS(F)          \
	F(PM1_SCI_EN, 0, 0)    \
	F(PM1_SLP_TYP, 12, 10) \
	F(PM1_SLP_EN, 13, 13)  \
	F(SLEEP_TYP, 4, 2)     \
	F(SLEEP_EN, 5, 5)
enum { OFF_FIELDS(AS_ENUM) };

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

/* Both registers have their type before either is told to go. */
static void pm1_sleep(const struct acpi_off *off)
{
	for (unsigned enable = 0; enable < 2; enable++)
		for (unsigned i = 0; i < ARRAY_SIZE(off->port); i++)
			if (off->port[i])
				outw(off->port[i], (u16)((inw(off->port[i]) & ~mask(PM1_SLP_TYP)) |
							 put(PM1_SLP_TYP, off->type[i]) |
							 put(PM1_SLP_EN, enable)));
}

static bool in_acpi_mode(const struct acpi_off *off) { return get(inw(off->port[0]), PM1_SCI_EN); }

const char *power_off(const struct acpi_off *off)
{
	if (off->reduced) {
		outb(off->port[0], (u8)(put(SLEEP_TYP, off->type[0]) | put(SLEEP_EN, 1)));
	} else {
		/* Until then firmware has these registers to itself (4.8.2). */
		if (off->smi_port && off->smi_value && !in_acpi_mode(off)) {
			outb(off->smi_port, off->smi_value);
			if (!until(ACPI_MODE_MS, in_acpi_mode(off), "firmware to hand ACPI over"))
				return "firmware does not hand ACPI over (SCI_EN)";
		}
		pm1_sleep(off);
	}
	delay_us(OFF_US);
	return "the registers were written, and the machine is still on";
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
	until(KEYBOARD_MS, !(inb(KEYBOARD_COMMAND) & KEYBOARD_BUSY), "the keyboard's controller");
	outb(KEYBOARD_COMMAND, PULSE_RESET);
	delay_us(RESET_US);
	__asm__ volatile("lidt %0; int3" : : "m"(nothing));
	__builtin_unreachable();
}
