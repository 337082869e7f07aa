/* Pure: walking the structures inside an ACPI table. */
#include "kernel/acpi.h"
#include "kernel/format.h"

void acpi_problem(const struct acpi_table *t, u32 at, const char *fmt, ...)
{
	char what[120];
	va_list ap;

	va_start(ap, fmt);
	vformat(what, sizeof what, fmt, ap);
	va_end(ap);
	firmware_problem(t->fw, "%s: offset 0x%x: %s", t->name, at, what);
}

enum acpi_state acpi_at_least(const struct acpi_table *t, u32 min)
{
	if (t->state != ACPI_FOUND || t->len >= min)
		return t->state;
	acpi_problem(t, 4, "length %u, needs %u: refused", t->len, min);
	return ACPI_REFUSED;
}

bool acpi_next(const struct acpi_table *t, enum acpi_head head, u32 end, struct acpi_item *it)
{
	u32 at = it->at + it->len;
	const u8 *p;

	if (at >= end)
		return false;
	if (end - at < (u32)head) {
		acpi_problem(t, at, "%u bytes are too few for a structure: ignored", end - at);
		return false;
	}
	p = t->bytes + at;
	*it = (struct acpi_item){
		.p = p,
		.at = at,
		.type = head == ACPI_HEAD_WORDS ? le16(p) : p[0],
		.len = head == ACPI_HEAD_WORDS ? le16(p + 2) : p[1],
	};
	if (it->len >= (u32)head && it->len <= end - at)
		return true;
	acpi_problem(t, at, "length %u of a structure, %u bytes are left: rest ignored", it->len,
		     end - at);
	return false;
}

bool acpi_item_at_least(const struct acpi_table *t, const struct acpi_item *it, u32 min)
{
	if (it->len >= min)
		return true;
	acpi_problem(t, it->at, "type %u has length %u, needs %u: skipped", it->type, it->len, min);
	return false;
}
