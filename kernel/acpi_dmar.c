/* Pure: the DMA Remapping Reporting table. */
#include "kernel/acpi_dmar.h"
#include "kernel/bits.h"
#include "kernel/string.h"

/* VT-d 8.1: the table; 8.2: its remapping structures. */
enum { DMAR_WIDTH = 36, DMAR_FLAGS = 37, DMAR_STRUCTURES = 48 };
enum {
	DRHD = 0,
	DRHD_SCOPES = 16,
	RMRR = 1,
	RMRR_SCOPES = 24,
	ATSR = 2,
	ATSR_FLAGS = 4,
	ATSR_SCOPES = 8,
	SATC = 5
};
#define DMAR_FLAGS_FIELDS(F)                   \
	F(DMAR_DMA_CTRL_PLATFORM_OPT_IN, 2, 2) \
	F(DMAR_X2APIC_OPT_OUT, 1, 1)           \
	F(DMAR_INTR_REMAP, 0, 0)
/* VT-d 8.3: flags and size of a DRHD. */
#define DRHD_FLAGS_FIELDS(F) F(DRHD_INCLUDE_PCI_ALL, 0, 0)
/* VT-d 8.5 */
#define ATSR_FLAGS_FIELDS(F) F(ATSR_ALL_PORTS, 0, 0)
#define DRHD_SIZE_FIELDS(F)  F(DRHD_SIZE, 3, 0)
/* VT-d 8.3.1: device scope. */
enum {
	SCOPE_ID = 4,
	SCOPE_BUS = 5,
	SCOPE_PATH = 6,
	SCOPE_MIN = 8,
	PCI_DEVICES = 32,
	PCI_FUNCTIONS = 8
};
/* What an x86 physical address can be. */
enum { ADDRESS_BITS_MAX = 52 };
#define ADDRESS_FIELDS(F)         \
	F(ADDRESS_BEYOND, 63, 52) \
	F(ADDRESS_IN_PAGE, 11, 0)
enum {
	DMAR_FLAGS_FIELDS(AS_ENUM) DRHD_FLAGS_FIELDS(AS_ENUM) DRHD_SIZE_FIELDS(AS_ENUM)
		ATSR_FLAGS_FIELDS(AS_ENUM) ADDRESS_FIELDS(AS_ENUM)
};

static bool scope_read(const struct acpi_table *t, const struct acpi_item *it, struct dmar_scope *s)
{
	unsigned hops = (it->len - SCOPE_PATH) / 2u;

	if (hops > DMAR_PATH_MAX) {
		acpi_problem(t, it->at, "a device scope with a path of %u hops: skipped", hops);
		return false;
	}
	*s = (struct dmar_scope){ .type = (u8)it->type,
				  .id = it->p[SCOPE_ID],
				  .bus = it->p[SCOPE_BUS],
				  .hops = (u8)hops };
	for (unsigned i = 0; i < hops; i++) {
		u8 dev = it->p[SCOPE_PATH + 2 * i], fn = it->p[SCOPE_PATH + 2 * i + 1];

		if (dev >= PCI_DEVICES || fn >= PCI_FUNCTIONS) {
			acpi_problem(t, it->at, "a device scope names device %u.%u: skipped", dev,
				     fn);
			return false;
		}
		s->path[i].dev = dev;
		s->path[i].fn = fn;
	}
	return true;
}

/* The scopes of a structure, from an offset in it to its end. */
static struct dmar_scopes scopes_read(const struct acpi_table *t, const struct acpi_item *of,
				      u32 from, struct dmar *d)
{
	struct dmar_scopes range = { .first = (u16)d->scopes };
	struct acpi_item it = { .at = of->at + from };

	while (acpi_next(t, ACPI_HEAD_BYTES, of->at + of->len, &it)) {
		if (!acpi_item_at_least(t, &it, SCOPE_MIN))
			continue;
		if (d->scopes == DMAR_SCOPES_MAX) {
			acpi_problem(t, it.at, "more than %u device scopes: skipped",
				     DMAR_SCOPES_MAX);
			break;
		}
		if (scope_read(t, &it, &d->scope[d->scopes]))
			d->scopes++;
	}
	range.count = (u16)(d->scopes - range.first);
	return range;
}

/* Why a unit cannot be used, NULL if it can. */
static const char *unit_problem(const struct dmar *d, const struct dmar_unit *new)
{
	if (new->base.v == 0 || get(new->base.v, ADDRESS_IN_PAGE) ||
	    get(new->base.v + new->size - 1, ADDRESS_BEYOND) || get(new->base.v, ADDRESS_BEYOND))
		return "is no place for registers";
	for (unsigned i = 0; i < d->units; i++)
		if (d->unit[i].base.v == new->base.v)
			return "is listed a second time";
	return d->units == DMAR_UNITS_MAX ? "is one too many" : NULL;
}

static bool has_include_all(const struct dmar *d, u16 segment)
{
	for (unsigned i = 0; i < d->units; i++)
		if (d->unit[i].segment == segment && d->unit[i].include_all)
			return true;
	return false;
}

static void drhd(const struct acpi_table *t, const struct acpi_item *it, struct dmar *d)
{
	const u8 *p = it->p;
	struct dmar_unit new = {
		.base = { le64(p + 8) },
		.size = PAGE_SIZE << get(p[5], DRHD_SIZE),
		.segment = le16(p + 6),
		.include_all = get(p[4], DRHD_INCLUDE_PCI_ALL),
	};
	const char *problem = unit_problem(d, &new);

	if (problem) {
		acpi_problem(t, it->at, "unit at 0x%lx %s: skipped", new.base.v, problem);
		d->units_skipped++;
		return;
	}
	if (new.include_all && has_include_all(d, new.segment)) {
		acpi_problem(t, it->at, "a second INCLUDE_PCI_ALL for segment %u: flag ignored",
			     new.segment);
		new.include_all = false;
	}
	new.scopes = scopes_read(t, it, DRHD_SCOPES, d);
	d->unit[d->units++] = new;
}

static void rmrr(const struct acpi_table *t, const struct acpi_item *it, struct dmar *d)
{
	u64 base = le64(it->p + 8), limit = le64(it->p + 16);

	if (base > limit || get(limit, ADDRESS_BEYOND)) {
		acpi_problem(t, it->at, "reserved region 0x%lx to 0x%lx cannot be: skipped", base,
			     limit);
		return;
	}
	if (d->reserved == DMAR_RESERVED_MAX) {
		acpi_problem(t, it->at, "more than %u reserved regions: skipped",
			     DMAR_RESERVED_MAX);
		return;
	}
	if (get(base, ADDRESS_IN_PAGE) || get(limit + 1, ADDRESS_IN_PAGE))
		acpi_problem(t, it->at, "reserved region 0x%lx to 0x%lx: widened to whole pages",
			     base, limit);
	base &= ~mask(ADDRESS_IN_PAGE);
	limit |= mask(ADDRESS_IN_PAGE);
	d->rmrr[d->reserved++] = (struct dmar_reserved){
		.base = { base },
		.size = limit - base + 1,
		.segment = le16(it->p + 6),
		.scopes = scopes_read(t, it, RMRR_SCOPES, d),
	};
}

static void structure(const struct acpi_table *t, const struct acpi_item *it, struct dmar *d)
{
	switch (it->type) {
	case DRHD:
		if (acpi_item_at_least(t, it, DRHD_SCOPES))
			drhd(t, it, d);
		else
			d->units_skipped++;
		break;
	case RMRR:
		if (acpi_item_at_least(t, it, RMRR_SCOPES))
			rmrr(t, it, d);
		break;
	case ATSR:
		d->atsr = true;
		d->atsr_all_ports |= acpi_item_at_least(t, it, ATSR_SCOPES) &&
				     get(it->p[ATSR_FLAGS], ATSR_ALL_PORTS);
		break;
	case SATC:
		d->satc = true;
		break;
	default:
		break;
	}
}

enum acpi_state acpi_dmar(const struct acpi *acpi, struct dmar *out)
{
	const struct acpi_table *t = &acpi->table[ACPI_DMAR];
	struct acpi_item it = { .at = DMAR_STRUCTURES };
	enum acpi_state state = acpi_at_least(t, DMAR_STRUCTURES);
	unsigned bits;
	u8 flags;

	memset(out, 0, sizeof *out);
	out->amd_vi = acpi->table[ACPI_IVRS].state == ACPI_FOUND;
	if (state != ACPI_FOUND)
		return state;
	bits = t->bytes[DMAR_WIDTH] + 1u;
	if (bits > ADDRESS_BITS_MAX) {
		acpi_problem(t, DMAR_WIDTH, "host address width %u: %u taken", bits,
			     ADDRESS_BITS_MAX);
		bits = ADDRESS_BITS_MAX;
	}
	flags = t->bytes[DMAR_FLAGS];
	out->address_bits = (u8)bits;
	out->interrupt_remapping = get(flags, DMAR_INTR_REMAP);
	out->x2apic_opt_out = get(flags, DMAR_X2APIC_OPT_OUT);
	out->dma_protection_opt_in = get(flags, DMAR_DMA_CTRL_PLATFORM_OPT_IN);
	while (acpi_next(t, ACPI_HEAD_WORDS, t->len, &it))
		structure(t, &it, out);
	if (out->units == 0)
		acpi_problem(t, DMAR_STRUCTURES, "no remapping unit that can be used");
	return ACPI_FOUND;
}
