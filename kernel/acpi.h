#pragma once
#include "kernel/boot_info.h"
#include "kernel/firmware.h"

/*
 * ACPI tables (ACPI 6.4, 5.2). acpi_open() finds the root and verifies the tables that this kernel reads;
 * acpi_madt(), acpi_dmar() and so on (one header each) turn a table into a plain structure.
 * Boot CPU, before any allocation: nothing here needs a heap, and nothing keeps what was read.
 */
enum acpi_id { ACPI_MADT, ACPI_MCFG, ACPI_DMAR, ACPI_SPCR, ACPI_FADT, ACPI_IVRS, ACPI_TABLES };

enum acpi_state {
	ACPI_ABSENT,
	ACPI_REFUSED, /* there, but its length, checksum or head is wrong: a problem was told */
	ACPI_FOUND,
};

struct acpi_table {
	struct firmware *fw;
	const char *name; /* the signature */
	enum acpi_state state;
	const u8 *bytes; /* if found: len readable bytes, header included, checksum right */
	u32 len;
};

/* Of these tables there may be many; who reads one verifies it then. */
enum { ACPI_SSDTS = 32 };

struct acpi {
	struct acpi_table table[ACPI_TABLES];
	struct pa ssdt[ACPI_SSDTS]; /* as the root has them, not verified */
	unsigned ssdts;
};

/*
 * Root pointer from the loader (a copy or an address), else from the BIOS areas below 1 MiB; then
 * XSDT, else RSDT. False if there is no usable root; then every table is absent. Of several tables of
 * one name the first good one counts. fw and the bytes it shows must outlive acpi.
 */
bool acpi_open(struct acpi *acpi, struct firmware *fw, const struct boot_info *boot);

/* For the parsers of single tables. */

enum { ACPI_HEADER = 36 };

/* Verifies the table of t->name at pa: found, or refused with a problem. */
void acpi_read(struct acpi_table *t, struct pa pa);

/* A problem at an offset of a table. */
__attribute__((format(printf, 3, 4))) void acpi_problem(const struct acpi_table *t, u32 at,
							const char *fmt, ...);

/* Refuses, with a problem, a found table of less than min bytes; otherwise its state. */
enum acpi_state acpi_at_least(const struct acpi_table *t, u32 min);

/* A structure inside a table: type and length first, in one byte each or in two. */
enum acpi_head { ACPI_HEAD_BYTES = 2, ACPI_HEAD_WORDS = 4 };

struct acpi_item {
	const u8 *p;
	u32 at; /* offset in the table */
	u16 type, len;
};

/*
 * The next structure before offset end; start with { .at = offset of the first }. False at the
 * end, and, after a problem, if a length is zero, too short for the head or runs over the end.
 */
bool acpi_next(const struct acpi_table *t, enum acpi_head head, u32 end, struct acpi_item *it);

/* Is the structure long enough to be what its type says? Otherwise a problem: the caller skips it. */
bool acpi_item_at_least(const struct acpi_table *t, const struct acpi_item *it, u32 min);
