/* Pure: how ACPI switches the machine off. */
#include "kernel/acpi_off.h"
#include "kernel/bits.h"
#include "kernel/string.h"

/* AML (ACPI 6.4, 20.2): what the declaration of a package of small numbers is made of. */
enum { ZERO_OP = 0x00, ONE_OP = 0x01, NAME_OP = 0x08, ROOT_CHAR = '\\', PACKAGE_OP = 0x12 };
enum { BYTE_PREFIX = 0x0a, WORD_PREFIX = 0x0b, DWORD_PREFIX = 0x0c, QWORD_PREFIX = 0x0e };
enum { SEGMENT = 4, SLEEP_TYPE_MAX = 7, TYPES = 2 };
#define AML_LENGTH_FIELDS(F)     \
	F(AML_LENGTH_MORE, 7, 6) \
	F(AML_LENGTH_ALL, 5, 0)  \
	F(AML_LENGTH_LOW, 3, 0)
enum { AML_LENGTH_FIELDS(AS_ENUM) };

/* FADT, table 5.9; the extended forms are Generic Address Structures: space first, address at 4. */
enum {
	FADT_DSDT = 40,
	FADT_SMI_CMD = 48,
	FADT_ACPI_ENABLE = 52,
	FADT_PM1A_CNT = 64,
	FADT_PM1B_CNT = 68
};
enum {
	FADT_FLAGS = 112,
	FADT_MIN = 116,
	FADT_X_DSDT = 140,
	FADT_X_PM1A_CNT = 172,
	FADT_X_PM1B_CNT = 184
};
enum { FADT_SLEEP_CONTROL = 244, GAS = 12, GAS_IO = 1, GAS_ADDRESS = 4, PORTS = 0x10000 };
#define FADT_OFF_FIELDS(F) F(FADT_REDUCED, 20, 20)
enum { FADT_OFF_FIELDS(AS_ENUM) };

struct aml {
	const u8 *p;
	size_t left;
};

/* A number of so many bytes, the lowest first; false if it is cut. */
static bool take(struct aml *a, unsigned bytes, u64 *v)
{
	*v = 0;
	if (a->left < bytes)
		return false;
	for (unsigned i = 0; i < bytes; i++)
		*v |= (u64)a->p[i] << 8 * i;
	a->p += bytes;
	a->left -= bytes;
	return true;
}

/* 20.2.4: the length counts from its own first byte. What is left of a is then the package. */
static bool enter_package(struct aml *a)
{
	const size_t before = a->left;
	u64 lead, high;

	if (!take(a, 1, &lead) || !take(a, (unsigned)get(lead, AML_LENGTH_MORE), &high))
		return false;
	u64 length = before - a->left == 1 ? get(lead, AML_LENGTH_ALL)
					   : get(lead, AML_LENGTH_LOW) | high << 4;
	if (length > before || length < before - a->left)
		return false;
	a->left = length - (before - a->left);
	return true;
}

static bool sleep_type(struct aml *a, u8 *type)
{
	u64 op, v;

	if (!take(a, 1, &op))
		return false;
	unsigned bytes = op == BYTE_PREFIX    ? 1
			 : op == WORD_PREFIX  ? 2
			 : op == DWORD_PREFIX ? 4
			 : op == QWORD_PREFIX ? 8
					      : 0;
	if (!take(a, bytes, &v) || (!bytes && op > ONE_OP))
		return false;
	v |= bytes ? 0 : op;
	*type = (u8)v;
	return v <= SLEEP_TYPE_MAX;
}

bool acpi_s5(const u8 *aml, size_t len, u8 type[2])
{
	for (size_t at = 1; at < len && len - at > SEGMENT; at++) {
		const u8 *p = aml + at;
		struct aml a = { p + SEGMENT + 1, len - at - SEGMENT - 1 };
		u64 elements;

		if (p[0] == '_' && !memcmp(p, "_S5_", SEGMENT) && p[SEGMENT] == PACKAGE_OP &&
		    (p[-1] == NAME_OP || (p[-1] == ROOT_CHAR && at > 1 && p[-2] == NAME_OP)) &&
		    enter_package(&a) && take(&a, 1, &elements) && elements >= TYPES &&
		    sleep_type(&a, &type[0]) && sleep_type(&a, &type[1]))
			return true;
	}
	return false;
}

/* In the DSDT, or else in an SSDT. */
static bool find_types(const struct acpi *acpi, struct pa dsdt, u8 type[2])
{
	struct acpi_table t = { .fw = acpi->table[ACPI_FADT].fw, .name = "DSDT" };
	struct pa pa = dsdt;

	for (unsigned i = 0;; i++) {
		if (pa.v)
			acpi_read(&t, pa);
		if (t.state == ACPI_FOUND &&
		    acpi_s5(t.bytes + ACPI_HEADER, t.len - ACPI_HEADER, type))
			return true;
		if (i == acpi->ssdts)
			return false;
		t.name = "SSDT";
		t.state = ACPI_ABSENT;
		pa = acpi->ssdt[i];
	}
}

/* The extended form, where it is filled in, takes the place of the old one; 0 if it is no port. */
static u16 port(const struct acpi_table *t, u64 old, u32 extended)
{
	const u8 *x = t->bytes + extended;

	if (t->len >= extended + GAS && le64(x + GAS_ADDRESS))
		old = x[0] == GAS_IO ? le64(x + GAS_ADDRESS) : 0;
	return old < PORTS - 1 ? (u16)old : 0;
}

void acpi_off(const struct acpi *acpi, struct acpi_off *out)
{
	const struct acpi_table *t = &acpi->table[ACPI_FADT];
	const u8 *p = t->bytes;

	*out = (struct acpi_off){ .lacks = "an FADT" };
	if (t->state != ACPI_FOUND || t->len < FADT_MIN)
		return;
	struct pa dsdt = { le32(p + FADT_DSDT) };
	if (t->len >= FADT_X_DSDT + 8 && le64(p + FADT_X_DSDT))
		dsdt.v = le64(p + FADT_X_DSDT);
	out->reduced = get(le32(p + FADT_FLAGS), FADT_REDUCED);
	if (out->reduced) {
		out->port[0] = port(t, 0, FADT_SLEEP_CONTROL);
	} else {
		out->port[0] = port(t, le32(p + FADT_PM1A_CNT), FADT_X_PM1A_CNT);
		out->port[1] = port(t, le32(p + FADT_PM1B_CNT), FADT_X_PM1B_CNT);
		out->smi_port = le32(p + FADT_SMI_CMD) < PORTS ? (u16)le32(p + FADT_SMI_CMD) : 0;
		out->smi_value = p[FADT_ACPI_ENABLE];
	}
	out->lacks = !out->port[0] ? "a port that the FADT names for it"
		     : !find_types(acpi, dsdt, out->type)
			     ? "a package \\_S5_ that can be read, in the DSDT or an SSDT"
			     : NULL;
}
