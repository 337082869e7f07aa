/* Pure: the ACPI tables that the kernel reads, found and verified. */
#include "kernel/acpi.h"
#include "kernel/acpi_rsdp.h"
#include "kernel/format.h"
#include "kernel/string.h"

/* The head of every table, ACPI 6.4, 5.2.6. */
enum { HEADER_LENGTH = 4, SIGNATURE = 4 };

/* Longer than any table read here: thousands of CPUs fit, and a DSDT. Bounds the time that a checksum takes. */
enum { TABLE_MAX = 1024 * 1024 };

static const char *const names[ACPI_TABLES] = {
	[ACPI_MADT] = "APIC", [ACPI_MCFG] = "MCFG", [ACPI_DMAR] = "DMAR",
	[ACPI_SPCR] = "SPCR", [ACPI_FADT] = "FACP", [ACPI_IVRS] = "IVRS",
};

void acpi_read(struct acpi_table *t, struct pa pa)
{
	const u8 *p = t->fw->view(pa, ACPI_HEADER);
	u32 len;

	t->state = ACPI_REFUSED;
	if (!p) {
		firmware_problem(t->fw, "%s: no memory to read at 0x%lx: refused", t->name, pa.v);
		return;
	}
	if (memcmp(p, t->name, SIGNATURE) != 0) {
		firmware_problem(t->fw, "%s: another signature at 0x%lx: refused", t->name, pa.v);
		return;
	}
	len = le32(p + HEADER_LENGTH);
	if (len < ACPI_HEADER || len > TABLE_MAX) {
		firmware_problem(t->fw, "%s: offset 0x4: length %u is not believable: refused",
				 t->name, len);
		return;
	}
	p = t->fw->view(pa, len);
	if (!p) {
		firmware_problem(t->fw, "%s: offset 0x4: length %u leaves readable memory: refused",
				 t->name, len);
		return;
	}
	if (!acpi_checksum(p, len)) {
		firmware_problem(t->fw, "%s: offset 0x9: checksum is wrong: refused", t->name);
		return;
	}
	t->state = ACPI_FOUND;
	t->bytes = p;
	t->len = len;
}

/* One entry of the root: is it a table that somebody here reads? */
static void entry_read(struct acpi *acpi, const struct acpi_table *root, u32 at, struct pa pa)
{
	const u8 *p = root->fw->view(pa, SIGNATURE);

	if (!p) {
		acpi_problem(root, at, "no memory to read at 0x%lx: skipped", pa.v);
		return;
	}
	if (!memcmp(p, "SSDT", SIGNATURE) && acpi->ssdts < ACPI_SSDTS)
		acpi->ssdt[acpi->ssdts++] = pa;
	for (unsigned i = 0; i < ACPI_TABLES; i++) {
		struct acpi_table *t = &acpi->table[i];

		if (memcmp(p, t->name, SIGNATURE) != 0)
			continue;
		if (t->state == ACPI_FOUND)
			acpi_problem(root, at, "a second %s: skipped", t->name);
		else
			acpi_read(t, pa);
	}
}

/* Entries follow the header without padding: those of the XSDT are not aligned (5.2.8). */
static bool root_read(struct acpi *acpi, struct firmware *fw, const char *name, struct pa pa,
		      u32 size)
{
	struct acpi_table root = { .fw = fw, .name = name };
	u32 at = ACPI_HEADER;

	if (pa.v == 0)
		return false;
	acpi_read(&root, pa);
	if (root.state != ACPI_FOUND)
		return false;
	for (; at < root.len && root.len - at >= size; at += size) {
		const u8 *p = root.bytes + at;

		entry_read(acpi, &root, at, (struct pa){ size == 8 ? le64(p) : le32(p) });
	}
	if (at != root.len)
		acpi_problem(&root, at, "%u bytes are no entry: ignored", root.len - at);
	return true;
}

bool acpi_open(struct acpi *acpi, struct firmware *fw, const struct boot_info *boot)
{
	struct acpi_roots roots;

	acpi->ssdts = 0;
	for (unsigned i = 0; i < ACPI_TABLES; i++)
		acpi->table[i] = (struct acpi_table){ .fw = fw, .name = names[i] };
	if (!acpi_rsdp(fw, boot, &roots))
		return false;
	if (root_read(acpi, fw, "XSDT", roots.xsdt, 8) ||
	    root_read(acpi, fw, "RSDT", roots.rsdt, 4))
		return true;
	firmware_problem(fw, "RSDP: neither an XSDT nor an RSDT that can be used: no ACPI");
	return false;
}
