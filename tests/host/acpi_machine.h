#pragma once
#include "kernel/acpi.h"
#include "tests/host/acpi_tables.h"
#include "tests/host/memory.h"
#include <string.h>

/* A machine by its tables, and what is made of them. */
static struct acpi acpi;
static struct boot_info copied;

#define PUT(pa, table) memory_put(pa, table, sizeof(table))

/* OVMF's, and copied says where, as GRUB does. */
static inline void ovmf(void)
{
	memory_clear();
	PUT(OVMF_RSDT_PA, ovmf_rsdt);
	PUT(OVMF_XSDT_PA, ovmf_xsdt);
	PUT(OVMF_FADT_PA, real_fadt);
	PUT(OVMF_MADT_PA, real_madt);
	PUT(OVMF_MCFG_PA, real_mcfg);
	PUT(OVMF_DMAR_PA, real_dmar);
	memory_put(0xfb77000, "HPET", 4);
	memory_put(0xfb74000, "WAET", 4);
	memory_put(0xfb73000, "BGRT", 4);
	memcpy(copied.rsdp, ovmf_rsdp, sizeof ovmf_rsdp);
	copied.rsdp_len = sizeof ovmf_rsdp;
}

static inline unsigned found(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ACPI_TABLES; i++)
		n += acpi.table[i].state == ACPI_FOUND;
	return n;
}
