#pragma once
#include "kernel/acpi_off.h"

/* How a run ends; the words are those of QEMU's isa-debug-exit, whose status is (value << 1) | 1. */
enum run_end { RUN_GOOD = 0x10, RUN_BAD = 0x11, RUN_BAILED = 0x12 };

/* Under QEMU leave it with that status, elsewhere stop this CPU. Any CPU, any context. */
__attribute__((noreturn)) void power_end(enum run_end how);

/*
 * Start the machine again: by ACPI's reset register, if port is not 0, or, if it still runs after a tenth of a second, the keyboard
 * controller, or, after another, a triple fault. Boot CPU.
 */
__attribute__((noreturn)) void power_reset(u16 port, u8 value);

/* Switch the machine off. Returns if it is still on, with a sentence of why. Nothing is lacking in `off`. Boot CPU. */
const char *power_off(const struct acpi_off *off);

/* CPUID says that the CPU is QEMU's own emulation, TCG. */
bool power_is_tcg(void);

/* CPUID says that this is QEMU (TCG or KVM): its paravirtual ports may be touched. */
bool power_is_qemu(void);
