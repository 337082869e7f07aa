#pragma once
#include "kernel/acpi.h"

/* Fixed ACPI Description Table (ACPI 6.4, 5.2.9): the power management timer, 3579545 Hz, how to
 * reset the machine, and whether there is a keyboard controller. */
struct fadt {
	u64 pm_timer;     /* address of its 32-bit register; 0: there is none */
	bool pm_timer_io; /* it is an I/O port; otherwise memory-mapped */
	u8 pm_timer_bits; /* that count: 24 or 32 */
	u16 reset_port;   /* reset_value written here resets the machine; 0: not by a port */
	u8 reset_value;
	bool no_8042; /* firmware says that there is no keyboard controller */
};

/* Fills out in any case (all zero unless ACPI_FOUND). */
enum acpi_state acpi_fadt(const struct acpi *acpi, struct fadt *out);
