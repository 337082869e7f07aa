#pragma once
#include "kernel/boot_info.h"
#include "kernel/firmware.h"

/* What a root pointer says; 0: no such table. */
struct acpi_roots {
	struct pa rsdt, xsdt;
};

/*
 * A valid RSDP (ACPI 6.4, 5.2.5): the loader's copy, else the address that it gave, else the first
 * one in the BIOS areas. False, after a problem, if there is none. For acpi_open().
 */
bool acpi_rsdp(struct firmware *fw, const struct boot_info *boot, struct acpi_roots *out);

/* Do n bytes add up to 0? */
bool acpi_checksum(const u8 *p, size_t n);
