/* Pure: where PCI Express configuration space is mapped. */
#include "kernel/acpi_mcfg.h"
#include "kernel/bits.h"
#include "kernel/string.h"

/* PCI Firmware Specification 3.3, table 4-2 and 4-3. */
enum { MCFG_ENTRIES = 44, MCFG_ENTRY = 16 };

/* A bus takes 1 MiB, and the address is put together with OR, so nothing may be set below it. */
#define ECAM_FIELDS(F)         \
	F(ECAM_BEYOND, 63, 52) \
	F(ECAM_BELOW_BUS, 19, 0)
enum { ECAM_FIELDS(AS_ENUM) };

static bool overlaps(const struct mcfg *m, const struct mcfg_segment *new)
{
	for (unsigned i = 0; i < m->segments; i++) {
		const struct mcfg_segment *s = &m->segment[i];

		if (s->segment == new->segment &&
		    s->bus_first <= new->bus_last &&new->bus_first <= s->bus_last)
			return true;
	}
	return false;
}

static void entry(const struct acpi_table *t, u32 at, struct mcfg *m)
{
	const u8 *p = t->bytes + at;
	struct mcfg_segment new = {
		.base = { le64(p) }, .segment = le16(p + 8), .bus_first = p[10], .bus_last = p[11]
	};

	if (new.base.v == 0 || get(new.base.v, ECAM_BELOW_BUS) || get(new.base.v, ECAM_BEYOND))
		acpi_problem(t, at, "segment %u at 0x%lx cannot be: skipped", new.segment,
			     new.base.v);
	else if (new.bus_first > new.bus_last)
		acpi_problem(t, at, "segment %u has buses %u to %u: skipped", new.segment,
			     new.bus_first, new.bus_last);
	else if (overlaps(m, &new))
		acpi_problem(t, at, "segment %u lists a bus a second time: skipped", new.segment);
	else if (m->segments == MCFG_SEGMENTS_MAX)
		acpi_problem(t, at, "more than %u segments: skipped", MCFG_SEGMENTS_MAX);
	else
		m->segment[m->segments++] = new;
}

enum acpi_state acpi_mcfg(const struct acpi *acpi, struct mcfg *out)
{
	const struct acpi_table *t = &acpi->table[ACPI_MCFG];
	enum acpi_state state = acpi_at_least(t, MCFG_ENTRIES);
	u32 at = MCFG_ENTRIES;

	memset(out, 0, sizeof *out);
	if (state != ACPI_FOUND)
		return state;
	for (; t->len - at >= MCFG_ENTRY; at += MCFG_ENTRY)
		entry(t, at, out);
	if (at != t->len)
		acpi_problem(t, at, "%u bytes are no entry: ignored", t->len - at);
	return ACPI_FOUND;
}
