#pragma once
#include "kernel/acpi.h"

/* Serial Port Console Redirection: where firmware keeps its console, if that is a 16550. */
struct spcr {
	bool io;         /* address is an I/O port; otherwise memory-mapped registers */
	u64 address;     /* never 0 */
	u32 baud;        /* 0: as firmware left it */
	u8 access_bytes; /* 1, 2 or 4: width of one access, and distance of the registers */
};

/* Fills out in any case (all zero unless ACPI_FOUND). ACPI_ABSENT also if redirection is off. */
enum acpi_state acpi_spcr(const struct acpi *acpi, struct spcr *out);
