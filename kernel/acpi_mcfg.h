#pragma once
#include "kernel/acpi.h"

/* PCI Express memory-mapped configuration space (PCI Firmware Specification 3.3, 4.1.2). */
enum { MCFG_SEGMENTS_MAX = 64 };

struct mcfg_segment {
	struct pa base; /* of bus 0, even where bus_first is another */
	u16 segment;
	u8 bus_first, bus_last;
};

struct mcfg {
	unsigned segments; /* no two overlap; a group may be in several pieces */
	struct mcfg_segment segment[MCFG_SEGMENTS_MAX];
};

/* Fills out in any case (all zero unless ACPI_FOUND). */
enum acpi_state acpi_mcfg(const struct acpi *acpi, struct mcfg *out);
