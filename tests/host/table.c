/* ACPI tables written down by hand. */
#include "tests/host/table.h"
#include "tests/host/memory.h"
#include <stdlib.h>
#include <string.h>

static const char *const names[ACPI_TABLES] = { "APIC", "MCFG", "DMAR", "SPCR", "FACP", "IVRS" };

void table_begin(struct table *t, const char *signature)
{
	t->len = 0;
	for (unsigned i = 0; i < 4; i++)
		table_put(t, 1, (u8)signature[i]);
	table_zero(t, ACPI_HEADER - 4);
}

void table_put(struct table *t, unsigned size, u64 value)
{
	if (t->len + size > TABLE_MAX)
		abort();
	memcpy(t->bytes + t->len, &value, size);
	t->len += size;
}

void table_zero(struct table *t, u32 bytes)
{
	while (bytes--)
		table_put(t, 1, 0);
}

void table_open(struct table *t, struct acpi *acpi, enum acpi_id id)
{
	memcpy(t->bytes + 4, &t->len, 4);
	table_checksum(t->bytes, t->len);
	memory_clear();
	table_pass(memory_put(0x1000, t->bytes, t->len), t->len, acpi, id);
}

void table_pass(const u8 *bytes, size_t len, struct acpi *acpi, enum acpi_id id)
{
	memset(acpi, 0, sizeof *acpi);
	acpi->table[id] = (struct acpi_table){ .fw = &memory,
					       .name = names[id],
					       .state = ACPI_FOUND,
					       .bytes = bytes,
					       .len = (u32)len };
}
