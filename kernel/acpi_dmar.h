#pragma once
#include "kernel/acpi.h"

/* DMA Remapping Reporting (VT-d, chapter 8): the units, whom they serve, reserved memory. */
enum { DMAR_UNITS_MAX = 128, DMAR_RESERVED_MAX = 64, DMAR_SCOPES_MAX = 1024, DMAR_PATH_MAX = 8 };

/* Device scope types, VT-d 8.3.1. */
enum { DMAR_ENDPOINT = 1, DMAR_BRIDGE = 2, DMAR_IOAPIC = 3, DMAR_HPET = 4, DMAR_NAMESPACE = 5 };

/* A device as firmware names it: a path from a start bus through bridges, whose secondary bus
 * numbers are read only when somebody asks. */
struct dmar_scope {
	u8 type, id; /* id: of the IOAPIC, HPET or namespace device */
	u8 bus, hops;
	struct {
		u8 dev, fn;
	} path[DMAR_PATH_MAX];
};

/* Some neighbours in struct dmar's scope[]. */
struct dmar_scopes {
	u16 first, count;
};

/* DRHD, VT-d 8.3. */
struct dmar_unit {
	struct pa base; /* page-aligned, no two units alike */
	u64 size;       /* of the register window as firmware states it, at least a page */
	u16 segment;
	bool include_all; /* serves every PCI device of the segment that no other unit lists */
	struct dmar_scopes scopes;
};

/* RMRR, VT-d 8.4: firmware's DMA buffers, to stay mapped one to one. Whole pages. */
struct dmar_reserved {
	struct pa base;
	u64 size;
	u16 segment;
	struct dmar_scopes scopes;
};

struct dmar {
	u8 address_bits; /* host address width, at most 52 */
	bool interrupt_remapping, x2apic_opt_out, dma_protection_opt_in;
	bool atsr, satc;     /* root ports, integrated endpoints with ATS are reported */
	bool atsr_all_ports; /* below every root port devices may use ATS */
	bool amd_vi; /* an I/O Virtualization Reporting Structure is there: another vendor's IOMMU */
	unsigned units,
		units_skipped; /* skipped: a DRHD with a problem; it serves devices nobody knows */
	struct dmar_unit unit[DMAR_UNITS_MAX];
	unsigned reserved;
	struct dmar_reserved rmrr[DMAR_RESERVED_MAX];
	unsigned scopes;
	struct dmar_scope scope[DMAR_SCOPES_MAX];
};

/* Fills out in any case (all zero unless ACPI_FOUND, but amd_vi). A table without units is found, with a problem. */
enum acpi_state acpi_dmar(const struct acpi *acpi, struct dmar *out);

/* Bus numbers behind a bridge (configuration registers 19h, 1Ah); rid = bus << 8 | dev << 3 | fn.
 * False if there is no bridge at that place. */
struct dmar_buses {
	u8 secondary, subordinate;
};
typedef bool dmar_bridge_fn(u16 segment, u16 rid, struct dmar_buses *out);

/* Why a unit serves a requester, strongest first. */
enum dmar_match {
	DMAR_BY_NONE,        /* no unit: its DMA is not translated */
	DMAR_BY_SCOPE,       /* listed, or below a listed bridge; the nearest entry counts */
	DMAR_BY_INCLUDE_ALL, /* by INCLUDE_PCI_ALL */
	DMAR_BY_ONLY_UNIT,   /* an assumption: not listed, but no other unit is there */
};

/* The unit that serves a requester, in *unit (NULL for DMAR_BY_NONE). Pure but for bridge(). */
enum dmar_match dmar_unit_of(const struct dmar *dmar, u16 segment, u16 rid, dmar_bridge_fn *bridge,
			     const struct dmar_unit **unit);

/* What is at a place that a scope names. */
enum dmar_listed { DMAR_NOBODY, DMAR_OTHER, DMAR_STILL_DISPLAY, DMAR_MASTERING_DISPLAY };
typedef enum dmar_listed dmar_listed_fn(u16 segment, u16 rid);

/*
 * Is it a unit for displays alone, one of which masters the bus? Its scopes name endpoints only and nobody else is there, and it serves
 * nobody that it does not name. Pure but for bridge() and listed().
 */
bool dmar_for_displays(const struct dmar *dmar, const struct dmar_unit *unit,
		       dmar_bridge_fn *bridge, dmar_listed_fn *listed);

/* Does a reserved region belong to a requester? */
bool dmar_reserved_for(const struct dmar *dmar, const struct dmar_reserved *region, u16 segment,
		       u16 rid, dmar_bridge_fn *bridge);
