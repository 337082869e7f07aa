/* Pure: the Multiple APIC Description Table. */
#include "kernel/acpi_madt.h"
#include "kernel/bits.h"
#include "kernel/string.h"

/* ACPI 6.4, 5.2.12 and 5.2.12.1 (the CPU's flags are table 5.47). */
#define MADT_FLAGS_FIELDS(F) F(MADT_PCAT_COMPAT, 0, 0)
#define MADT_CPU_FIELDS(F)   F(MADT_CPU_ENABLED, 0, 0)
enum { MADT_FLAGS_FIELDS(AS_ENUM) MADT_CPU_FIELDS(AS_ENUM) };

enum { MADT_LAPIC = 36, MADT_FLAGS = 40, MADT_ENTRIES = 44 };

/* Interrupt controller structures, 5.2.12.2 on: those that matter here. */
enum { LAPIC = 0, LAPIC_LEN = 8, IOAPIC = 1, IOAPIC_LEN = 12 };
enum { LAPIC_OVERRIDE = 5, LAPIC_OVERRIDE_LEN = 12, X2APIC = 9, X2APIC_LEN = 16 };

/* Ids that mean every CPU: no CPU has them. */
enum { LAPIC_BROADCAST = 0xff };
#define X2APIC_BROADCAST 0xffffffffu

static const struct madt_cpu *known(const struct madt *m, u32 apic_id)
{
	for (unsigned i = 0; i < m->cpus; i++)
		if (m->cpu[i].apic_id == apic_id)
			return &m->cpu[i];
	return NULL;
}

/* Firmware may list a CPU with a small id as LAPIC and as x2APIC: that is one CPU and no problem. */
static void cpu(const struct acpi_table *t, u32 at, struct madt *m, struct madt_cpu new, u32 flags)
{
	const struct madt_cpu *old;

	if (!get(flags, MADT_CPU_ENABLED)) {
		m->disabled++;
		return;
	}
	if (new.apic_id == (new.x2apic ? X2APIC_BROADCAST : LAPIC_BROADCAST)) {
		acpi_problem(t, at, "an enabled CPU with the broadcast id: skipped");
		return;
	}
	old = known(m, new.apic_id);
	if (old) {
		if (old->x2apic == new.x2apic)
			acpi_problem(t, at, "APIC id %u a second time: skipped", new.apic_id);
		return;
	}
	if (m->cpus == MADT_CPUS_MAX) {
		if (!m->cpus_cut)
			acpi_problem(t, at, "more than %u CPUs: rest skipped", MADT_CPUS_MAX);
		m->cpus_cut = true;
		return;
	}
	m->cpu[m->cpus++] = new;
}

static void ioapic(const struct acpi_table *t, const struct acpi_item *it, struct madt *m)
{
	if (m->ioapics == MADT_IOAPICS_MAX) {
		acpi_problem(t, it->at, "more than %u IOAPICs: skipped", MADT_IOAPICS_MAX);
		return;
	}
	m->ioapic[m->ioapics++] = (struct madt_ioapic){
		.id = it->p[2],
		.base = { le32(it->p + 4) },
		.gsi_base = le32(it->p + 8),
	};
}

static void structure(const struct acpi_table *t, const struct acpi_item *it, struct madt *m)
{
	const u8 *p = it->p;

	switch (it->type) {
	case LAPIC:
		if (acpi_item_at_least(t, it, LAPIC_LEN))
			cpu(t, it->at, m, (struct madt_cpu){ .uid = p[2], .apic_id = p[3] },
			    le32(p + 4));
		break;
	case X2APIC:
		if (acpi_item_at_least(t, it, X2APIC_LEN))
			cpu(t, it->at, m,
			    (struct madt_cpu){
				    .apic_id = le32(p + 4), .uid = le32(p + 12), .x2apic = true },
			    le32(p + 8));
		break;
	case IOAPIC:
		if (acpi_item_at_least(t, it, IOAPIC_LEN))
			ioapic(t, it, m);
		break;
	case LAPIC_OVERRIDE:
		if (acpi_item_at_least(t, it, LAPIC_OVERRIDE_LEN))
			m->lapic = (struct pa){ le64(p + 4) };
		break;
	default:
		break;
	}
}

enum acpi_state acpi_madt(const struct acpi *acpi, struct madt *out)
{
	const struct acpi_table *t = &acpi->table[ACPI_MADT];
	struct acpi_item it = { .at = MADT_ENTRIES };
	enum acpi_state state = acpi_at_least(t, MADT_ENTRIES);

	memset(out, 0, sizeof *out);
	if (state != ACPI_FOUND)
		return state;
	out->lapic = (struct pa){ le32(t->bytes + MADT_LAPIC) };
	out->dual_8259 = get(le32(t->bytes + MADT_FLAGS), MADT_PCAT_COMPAT);
	while (acpi_next(t, ACPI_HEAD_BYTES, t->len, &it))
		structure(t, &it, out);
	if (out->cpus == 0)
		acpi_problem(t, MADT_ENTRIES, "no enabled CPU");
	return ACPI_FOUND;
}
