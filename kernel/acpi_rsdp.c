/* Pure: the ACPI root pointer. */
#include "kernel/acpi_rsdp.h"
#include "kernel/string.h"

/* ACPI 6.4, 5.2.5.3. The first 20 bytes are all there is in revision 0. */
enum {
	RSDP_REVISION = 15,
	RSDP_RSDT = 16,
	RSDP_V1 = 20,
	RSDP_LENGTH = 20,
	RSDP_XSDT = 24,
	RSDP_V2 = 36
};

/* Where a BIOS leaves it, on 16-byte boundaries (5.2.5.1). */
enum { EBDA_SEGMENT = 0x40e, EBDA_LOW = 0x400, EBDA_HIGH = 0xa0000, EBDA_SCAN = 1024 };
enum { BIOS_AREA = 0xe0000, BIOS_AREA_SIZE = 0x20000, RSDP_ALIGN = 16 };

bool acpi_checksum(const u8 *p, size_t n)
{
	u8 sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (u8)(sum + p[i]);
	return sum == 0;
}

static bool is_rsdp(const u8 *p)
{
	return memcmp(p, "RSD PTR ", 8) == 0 && acpi_checksum(p, RSDP_V1);
}

/* n bytes, at least 20, with a right signature and first checksum. */
static struct acpi_roots roots_of(struct firmware *fw, const u8 *p, size_t n)
{
	struct acpi_roots roots = { .rsdt = { le32(p + RSDP_RSDT) } };

	if (p[RSDP_REVISION] < 2)
		return roots;
	if (n < RSDP_V2)
		firmware_problem(fw, "RSDP: revision %u in %zu bytes, needs 36: RSDT used",
				 p[RSDP_REVISION], n);
	else if (le32(p + RSDP_LENGTH) != RSDP_V2)
		firmware_problem(fw, "RSDP: offset 0x14: length %u is not 36: RSDT used",
				 le32(p + RSDP_LENGTH));
	else if (!acpi_checksum(p, RSDP_V2))
		firmware_problem(fw, "RSDP: extended checksum is wrong: RSDT used");
	else
		roots.xsdt = (struct pa){ le64(p + RSDP_XSDT) };
	return roots;
}

/* As much of it as can be read: revision 0 may be the last 20 bytes of an area. */
static bool rsdp_at(struct firmware *fw, struct pa pa, struct acpi_roots *out)
{
	size_t n = RSDP_V2;
	const u8 *p = fw->view(pa, n);

	if (!p) {
		n = RSDP_V1;
		p = fw->view(pa, n);
	}
	if (!p || !is_rsdp(p))
		return false;
	*out = roots_of(fw, p, n);
	return true;
}

static bool rsdp_within(struct firmware *fw, struct pa area, size_t size, struct acpi_roots *out)
{
	const u8 *p = fw->view(area, size);

	for (size_t at = 0; p && at + RSDP_V1 <= size; at += RSDP_ALIGN) {
		if (!is_rsdp(p + at))
			continue;
		*out = roots_of(fw, p + at, size - at);
		return true;
	}
	return false;
}

static bool rsdp_scan(struct firmware *fw, struct acpi_roots *out)
{
	const u8 *segment = fw->view((struct pa){ EBDA_SEGMENT }, 2);
	struct pa ebda = { segment ? le16(segment) * 16ull : 0 };

	if (ebda.v >= EBDA_LOW && ebda.v < EBDA_HIGH && rsdp_within(fw, ebda, EBDA_SCAN, out))
		return true;
	return rsdp_within(fw, (struct pa){ BIOS_AREA }, BIOS_AREA_SIZE, out);
}

bool acpi_rsdp(struct firmware *fw, const struct boot_info *boot, struct acpi_roots *out)
{
	if (boot->rsdp_len >= RSDP_V1 && boot->rsdp_len <= sizeof boot->rsdp) {
		if (is_rsdp(boot->rsdp)) {
			*out = roots_of(fw, boot->rsdp, boot->rsdp_len);
			return true;
		}
		firmware_problem(fw, "RSDP: the loader's copy has a wrong signature or checksum");
	}
	if (boot->rsdp_pa.v) {
		if (rsdp_at(fw, boot->rsdp_pa, out))
			return true;
		firmware_problem(fw, "RSDP: none at 0x%lx, where the loader says", boot->rsdp_pa.v);
	}
	if (rsdp_scan(fw, out))
		return true;
	firmware_problem(fw, "RSDP: none from the loader and none in the BIOS areas: no ACPI");
	return false;
}
