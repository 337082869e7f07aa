#pragma once
#include "kernel/acpi.h"

/* Multiple APIC Description Table (ACPI 6.4, 5.2.12): the CPUs that may be started, and the IOAPICs. */
enum { MADT_CPUS_MAX = 1024, MADT_IOAPICS_MAX = 64 };

struct madt_cpu {
	u32 apic_id, uid;
	bool x2apic; /* listed as a Processor Local x2APIC: may need x2APIC mode to be reached */
};

struct madt_ioapic {
	struct pa base;
	u32 gsi_base;
	u8 id;
};

struct madt {
	struct pa lapic; /* what firmware says; IA32_APIC_BASE is what holds */
	bool dual_8259;  /* two 8259 are there and must be masked */
	unsigned cpus;   /* enabled ones, each APIC id once, in the table's order; may be 0 */
	struct madt_cpu cpu[MADT_CPUS_MAX];
	unsigned disabled; /* slots for hot-plug and the like: never started, not in the list */
	bool cpus_cut;     /* more enabled CPUs than the list holds */
	unsigned ioapics;
	struct madt_ioapic ioapic[MADT_IOAPICS_MAX];
};

/* Fills out in any case (all zero unless ACPI_FOUND). */
enum acpi_state acpi_madt(const struct acpi *acpi, struct madt *out);
