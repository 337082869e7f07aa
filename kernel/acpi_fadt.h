#pragma once
#include "kernel/acpi.h"

/* Fixed ACPI Description Table (ACPI 6.4, 5.2.9): only the power management timer, 3579545 Hz. */
struct fadt {
	u64 pm_timer;     /* address of its 32-bit register; 0: there is none */
	bool pm_timer_io; /* it is an I/O port; otherwise memory-mapped */
	u8 pm_timer_bits; /* that count: 24 or 32 */
};

/* Fills out in any case (all zero unless ACPI_FOUND). */
enum acpi_state acpi_fadt(const struct acpi *acpi, struct fadt *out);
