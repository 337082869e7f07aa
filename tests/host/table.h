#pragma once
#include "kernel/acpi.h"

/* An ACPI table written down by hand: header, then fields of 1, 2, 4 or 8 bytes, then its length. */
enum { TABLE_MAX = 65536 };

struct table {
	u8 bytes[TABLE_MAX];
	u32 len;
};

void table_begin(struct table *t, const char *signature);
void table_put(struct table *t, unsigned size, u64 value);
void table_zero(struct table *t, u32 bytes);

/* Length and checksum; then acpi has this one table, verified. */
void table_open(struct table *t, struct acpi *acpi, enum acpi_id id);

/* acpi has these len bytes as a table that passed verification, whatever they are. */
void table_pass(const u8 *bytes, size_t len, struct acpi *acpi, enum acpi_id id);
