/* Remapping units, and whom they serve. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kernel/acpi_dmar.h"
#include "tests/host/acpi_tables.h"
#include "tests/host/memory.h"
#include "tests/host/table.h"

static struct acpi acpi;
static struct dmar dmar;
static struct table t;

/* The machine's bridges. */
static const struct {
	u16 segment, rid;
	struct dmar_buses buses;
} bridges[] = {
	{ 0, 0x0010, { 1, 1 } }, /* 00:02.0 */
	{ 0, 0x00e0, { 2, 9 } }, /* 00:1c.0 */
	{ 0, 0x0208, { 3, 5 } }, /* 02:01.0 */
	{ 0, 0x0300, { 4, 4 } }, /* 03:00.0 */
	{ 0, 0x00e8, { 0, 0 } }, /* 00:1d.0: not set up */
	{ 1, 0x0010, { 1, 255 } },
};

static bool bridge(u16 segment, u16 rid, struct dmar_buses *out)
{
	for (unsigned i = 0; i < ARRAY_SIZE(bridges); i++)
		if (bridges[i].segment == segment && bridges[i].rid == rid) {
			*out = bridges[i].buses;
			return true;
		}
	return false;
}

/* Tables by hand: structures are closed by the next one or by the end. */
static u32 open_at;

static void close_structure(void)
{
	if (open_at) {
		t.bytes[open_at + 2] = (u8)(t.len - open_at);
		t.bytes[open_at + 3] = (u8)((t.len - open_at) >> 8);
	}
}

static void begin(void)
{
	table_begin(&t, "DMAR");
	table_put(&t, 1, 38); /* 39 bits */
	table_zero(&t, 11);
	open_at = 0;
}

static void structure(u16 type)
{
	close_structure();
	open_at = t.len;
	table_put(&t, 4, type);
}

static void drhd(u8 flags, u8 size, u16 segment, u64 base)
{
	structure(0);
	table_put(&t, 1, flags);
	table_put(&t, 1, size);
	table_put(&t, 2, segment);
	table_put(&t, 8, base);
}

static void rmrr(u16 segment, u64 base, u64 limit)
{
	structure(1);
	table_put(&t, 2, 0);
	table_put(&t, 2, segment);
	table_put(&t, 8, base);
	table_put(&t, 8, limit);
}

/* A path of hops of device << 8 | function; ends with -1. */
static void scope(u8 type, u8 bus, const int *hop)
{
	u32 at = t.len;

	table_put(&t, 4, type);
	table_put(&t, 1, 0);
	table_put(&t, 1, bus);
	for (; *hop >= 0; hop++) {
		table_put(&t, 1, (unsigned)*hop >> 8);
		table_put(&t, 1, (u8)*hop);
	}
	t.bytes[at + 1] = (u8)(t.len - at);
}
#define SCOPE(type, bus, ...) scope(type, bus, (const int[]){ __VA_ARGS__, -1 })

static void read(unsigned units, unsigned problems)
{
	close_structure();
	table_open(&t, &acpi, ACPI_DMAR);
	assert_int_equal(acpi_dmar(&acpi, &dmar), ACPI_FOUND);
	assert_int_equal(dmar.units, units);
	assert_int_equal(memory_problems(), problems);
}

/* Which unit serves, and why; -1: none. */
static void serves(u16 segment, u16 rid, int unit, enum dmar_match match)
{
	const struct dmar_unit *u;

	assert_int_equal(dmar_unit_of(&dmar, segment, rid, bridge, &u), match);
	assert_ptr_equal(u, unit < 0 ? NULL : &dmar.unit[unit]);
}

static void qemu(void **state)
{
	(void)state;
	memory_clear();
	table_pass(real_dmar, sizeof real_dmar, &acpi, ACPI_DMAR);
	assert_int_equal(acpi_dmar(&acpi, &dmar), ACPI_FOUND);
	assert_int_equal(memory_problems(), 0);
	assert_int_equal(dmar.address_bits, 48);
	assert_true(dmar.interrupt_remapping);
	assert_false(dmar.x2apic_opt_out);
	assert_false(dmar.dma_protection_opt_in);
	assert_true(dmar.atsr && dmar.atsr_all_ports);
	assert_false(dmar.satc);
	assert_int_equal(dmar.reserved, 0);
	assert_int_equal(dmar.units, 1);
	assert_int_equal(dmar.unit[0].base.v, 0xfed90000);
	assert_int_equal(dmar.unit[0].size, 0x1000);
	assert_false(dmar.unit[0].include_all);
	assert_int_equal(dmar.unit[0].scopes.first, 0);
	assert_int_equal(dmar.unit[0].scopes.count, 8);
	assert_int_equal(dmar.scope[0].type, DMAR_IOAPIC);
	assert_int_equal(dmar.scope[0].bus, 0xff);
	serves(0, 0x0000, 0, DMAR_BY_SCOPE);
	serves(0, 0x0018, 0, DMAR_BY_SCOPE);     /* edu, 00:03.0 */
	serves(0, 0x0010, 0, DMAR_BY_SCOPE);     /* the root port, 00:02.0 */
	serves(0, 0x0100, 0, DMAR_BY_SCOPE);     /* the xHCI behind it */
	serves(0, 0x0020, 0, DMAR_BY_ONLY_UNIT); /* hot-plugged: not listed */
	serves(0, 0xff00, 0, DMAR_BY_ONLY_UNIT); /* the IOAPIC is not a PCI device */
	serves(1, 0x0018, -1, DMAR_BY_NONE);
}

/* Like many laptops: one unit for the graphics, one for the rest, two reserved regions. */
static void laptop(void)
{
	begin();
	t.bytes[37] = 5;
	drhd(0, 0, 0, 0xfed90000);
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	drhd(1, 0, 0, 0xfed91000);
	SCOPE(DMAR_IOAPIC, 0xf0, 0x1f00);
	SCOPE(DMAR_HPET, 0, 0x1f00);
	rmrr(0, 0x7b800000, 0x7fffffff);
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	rmrr(0, 0x7a2e6000, 0x7a305fff);
	SCOPE(DMAR_ENDPOINT, 0, 0x1400);
}

/* What 00:02.0 and 00:02.1 are. */
static enum dmar_listed graphics[2];

static enum dmar_listed who(u16 segment, u16 rid)
{
	if (segment || rid == 0x00e0)
		return DMAR_OTHER;
	return rid >> 1 == 0x10 >> 1 ? graphics[rid & 1] : DMAR_NOBODY;
}

static void for_displays(unsigned unit, enum dmar_listed first, enum dmar_listed second, bool alone)
{
	graphics[0] = first;
	graphics[1] = second;
	assert_int_equal(dmar_for_displays(&dmar, &dmar.unit[unit], bridge, who), alone);
}

/* Left alone: who serves displays only, and one that goes on. */
static void units_of_displays(void **state)
{
	(void)state;
	laptop();
	read(2, 0);
	for_displays(0, DMAR_MASTERING_DISPLAY, DMAR_OTHER, true);
	for_displays(0, DMAR_STILL_DISPLAY, DMAR_MASTERING_DISPLAY, false);
	for_displays(0, DMAR_OTHER, DMAR_MASTERING_DISPLAY, false);
	for_displays(0, DMAR_NOBODY, DMAR_NOBODY, false);
	for_displays(1, DMAR_MASTERING_DISPLAY, DMAR_MASTERING_DISPLAY, false);

	begin();
	drhd(0, 0, 0, 0xfed90000);
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	SCOPE(DMAR_ENDPOINT, 0, 0x201);
	drhd(1, 0, 0, 0xfed91000); /* and all the rest */
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	drhd(0, 0, 0, 0xfed92000); /* and an interrupt controller */
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	SCOPE(DMAR_IOAPIC, 0xf0, 0x1f00);
	drhd(0, 0, 0, 0xfed93000); /* and what is behind a bridge */
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	SCOPE(DMAR_BRIDGE, 0, 0x1d00);
	drhd(0, 0, 0, 0xfed94000); /* and what is behind a bridge not set up: nobody */
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	SCOPE(DMAR_ENDPOINT, 0, 0x1d00, 0x0000);
	drhd(0, 0, 0, 0xfed95000); /* and another endpoint */
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	SCOPE(DMAR_ENDPOINT, 0, 0x1c00);
	drhd(0, 0, 0, 0xfed96000); /* nobody at all */
	drhd(0, 0, 1, 0xfed97000); /* its namesake in another segment */
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	read(8, 0);
	for_displays(0, DMAR_MASTERING_DISPLAY, DMAR_STILL_DISPLAY, true);
	for_displays(0, DMAR_STILL_DISPLAY, DMAR_MASTERING_DISPLAY, true);
	for_displays(0, DMAR_STILL_DISPLAY, DMAR_STILL_DISPLAY, false);
	for_displays(0, DMAR_MASTERING_DISPLAY, DMAR_OTHER, false);
	for (unsigned i = 1; i < 8; i++)
		for_displays(i, DMAR_MASTERING_DISPLAY, DMAR_STILL_DISPLAY, i == 4);
}

static void laptop_units(void **state)
{
	(void)state;
	laptop();
	read(2, 0);
	assert_int_equal(dmar.address_bits, 39);
	assert_true(dmar.interrupt_remapping && dmar.dma_protection_opt_in);
	serves(0, 0x0010, 0, DMAR_BY_SCOPE);
	serves(0, 0x0011, 1, DMAR_BY_INCLUDE_ALL);
	serves(0, 0x00a0, 1, DMAR_BY_INCLUDE_ALL);
	serves(0, 0x0300, 1, DMAR_BY_INCLUDE_ALL);
	assert_int_equal(dmar.reserved, 2);
	assert_int_equal(dmar.rmrr[0].base.v, 0x7b800000);
	assert_int_equal(dmar.rmrr[0].size, 0x4800000);
	assert_true(dmar_reserved_for(&dmar, &dmar.rmrr[0], 0, 0x0010, bridge));
	assert_false(dmar_reserved_for(&dmar, &dmar.rmrr[0], 0, 0x00a0, bridge));
	assert_false(dmar_reserved_for(&dmar, &dmar.rmrr[0], 1, 0x0010, bridge));
	assert_true(dmar_reserved_for(&dmar, &dmar.rmrr[1], 0, 0x00a0, bridge));
}

/* A sub-hierarchy, a part of it that belongs to another unit, and a device in that part. */
static void bridges_and_paths(void **state)
{
	(void)state;
	begin();
	drhd(1, 0, 0, 0xfed90000);
	drhd(0, 1, 0, 0xfed92000);
	SCOPE(DMAR_BRIDGE, 0, 0x1c00);
	drhd(0, 0, 0, 0xfed94000);
	SCOPE(DMAR_BRIDGE, 0, 0x1c00, 0x0100);
	drhd(0, 0, 0, 0xfed95000);
	SCOPE(DMAR_ENDPOINT, 0, 0x1c00, 0x0100, 0x0000, 0x0203); /* 04:02.3 */
	SCOPE(DMAR_ENDPOINT, 0, 0x1d00, 0x0000);                 /* behind a bridge not set up */
	SCOPE(DMAR_ENDPOINT, 0, 0x0500, 0x0000);                 /* behind no bridge */
	drhd(0, 0, 1, 0xfed96000);
	SCOPE(DMAR_BRIDGE, 0, 0x0200);
	read(5, 0);
	assert_int_equal(dmar.unit[1].size, 0x2000);
	serves(0, 0x00e0, 1, DMAR_BY_SCOPE); /* the bridge itself */
	serves(0, 0x0200, 1, DMAR_BY_SCOPE);
	serves(0, 0x0900, 1, DMAR_BY_SCOPE);
	serves(0, 0x0a00, 0, DMAR_BY_INCLUDE_ALL);
	serves(0, 0x0208, 2, DMAR_BY_SCOPE);
	serves(0, 0x0500, 2, DMAR_BY_SCOPE);
	serves(0, 0x0412, 2, DMAR_BY_SCOPE);
	serves(0, 0x0413, 3, DMAR_BY_SCOPE);
	serves(0, 0x0000, 0, DMAR_BY_INCLUDE_ALL);
	serves(1, 0x7f00, 4, DMAR_BY_SCOPE);
	serves(1, 0x0000, 4, DMAR_BY_ONLY_UNIT);
	serves(2, 0x0000, -1, DMAR_BY_NONE);
}

static void only_one_of_two(void **state)
{
	(void)state;
	begin();
	drhd(0, 0, 0, 0xfed90000);
	drhd(0, 0, 0, 0xfed91000);
	read(2, 0);
	serves(0, 0x0018, -1, DMAR_BY_NONE);
	/* One that cannot be used may have been the one. */
	begin();
	drhd(0, 0, 0, 0xfed90000);
	drhd(0, 0, 0, ~0ull);
	read(1, 1);
	serves(0, 0x0018, -1, DMAR_BY_NONE);
}

static void bad_units(void **state)
{
	(void)state;
	begin();
	drhd(0, 0, 0, 0);
	drhd(0, 0, 0, ~0ull);
	drhd(0, 0, 0, 0xfed90800);
	drhd(0, 0, 0, 1ull << 52);
	drhd(0, 0x01, 0, (1ull << 52) - 0x1000);
	drhd(1, 0, 0, 0xfed90000);
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	drhd(1, 0, 0, 0xfed90000);
	drhd(1, 0xf0, 0, 0xfed91000);
	read(2, 7);
	assert_int_equal(dmar.units_skipped, 6);
	assert_true(
		memory_told("DMAR: offset 0x30: unit at 0x0 is no place for registers: skipped"));
	assert_true(memory_told("unit at 0xfed90000 is listed a second time: skipped"));
	assert_true(memory_told("a second INCLUDE_PCI_ALL for segment 0: flag ignored"));
	assert_int_equal(dmar.unit[1].size, 0x1000);
	serves(0, 0x0018, 0, DMAR_BY_INCLUDE_ALL);

	begin();
	read(0, 1);
	assert_true(memory_told("DMAR: offset 0x30: no remapping unit that can be used"));
	serves(0, 0x0018, -1, DMAR_BY_NONE);

	begin();
	for (unsigned i = 0; i <= DMAR_UNITS_MAX; i++)
		drhd(0, 0, 0, 0xfe000000 + i * 0x1000);
	read(DMAR_UNITS_MAX, 1);
	assert_true(memory_told("is one too many"));
}

static void bad_scopes(void **state)
{
	static const u8 end[] = { 1, 200, 0, 0, 0, 0, 3, 0 };

	(void)state;
	begin();
	drhd(0, 0, 0, 0xfed90000);
	SCOPE(DMAR_ENDPOINT, 0, 0x2000);
	SCOPE(DMAR_ENDPOINT, 0, 0x0308);
	SCOPE(DMAR_ENDPOINT, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	scope(DMAR_ENDPOINT, 0, (const int[]){ -1 });
	SCOPE(9, 0, 0x0300);
	SCOPE(DMAR_NAMESPACE, 0, 0x0300);
	for (unsigned i = 0; i < sizeof end; i++)
		table_put(&t, 1, end[i]); /* runs out of the unit, into the next one */
	drhd(0, 0, 0, 0xfed91000);
	SCOPE(DMAR_ENDPOINT, 0, 0x0400);
	read(2, 5);
	assert_true(memory_told("a device scope names device 32.0: skipped"));
	assert_true(memory_told("a device scope names device 3.8: skipped"));
	assert_true(memory_told("a device scope with a path of 9 hops: skipped"));
	assert_true(memory_told("type 1 has length 6, needs 8: skipped"));
	assert_true(memory_told("length 200 of a structure, 8 bytes are left: rest ignored"));
	assert_int_equal(dmar.unit[0].scopes.count, 2);
	serves(0, 0x0018, -1, DMAR_BY_NONE);
	serves(0, 0x0020, 1, DMAR_BY_SCOPE);

	begin();
	for (unsigned i = 0; i < 5; i++) {
		drhd(0, 0, 0, 0xfed90000 + i * 0x1000);
		for (unsigned n = 0; n < 250; n++)
			SCOPE(DMAR_ENDPOINT, (u8)i, (int)(n / 8 << 8 | n % 8));
	}
	read(5, 1);
	assert_int_equal(dmar.scopes, DMAR_SCOPES_MAX);
	assert_int_equal(dmar.unit[4].scopes.count, 24);
	assert_int_equal(dmar.unit[4].scopes.first, 1000);
}

static void bad_structures(void **state)
{
	(void)state;
	laptop();
	close_structure();
	table_put(&t, 4, 0x00080000); /* a DRHD of 8 bytes */
	table_put(&t, 4, 0);
	table_put(&t, 4, 0x00080001); /* an RMRR of 8 bytes */
	table_put(&t, 4, 0);
	table_put(&t, 4, 0x00080005); /* SATC */
	table_put(&t, 4, 0);
	table_put(&t, 4, 0x00060077); /* of a later edition */
	table_put(&t, 2, 0);
	table_put(&t, 4, 0x00000003); /* no length */
	open_at = 0;
	read(2, 3);
	assert_int_equal(dmar.units_skipped, 1);
	assert_true(dmar.satc);
	assert_true(memory_told("length 0 of a structure, 4 bytes are left: rest ignored"));

	table_begin(&t, "DMAR");
	table_zero(&t, 11);
	table_open(&t, &acpi, ACPI_DMAR);
	assert_int_equal(acpi_dmar(&acpi, &dmar), ACPI_REFUSED);
	assert_int_equal(dmar.units, 0);
	begin();
	t.bytes[36] = 255;
	drhd(0, 0, 0, 0xfed90000);
	read(1, 1);
	assert_int_equal(dmar.address_bits, 52);
}

static void reserved_regions(void **state)
{
	(void)state;
	begin();
	drhd(1, 0, 0, 0xfed90000);
	rmrr(0, 0x2000, 0x1fff);
	rmrr(0, 0x1000, ~0ull);
	rmrr(0, 0xe8123, 0xe9122);
	SCOPE(DMAR_ENDPOINT, 0, 0x1d00);
	rmrr(0, 0x3000, 0x3fff);
	read(1, 3);
	assert_int_equal(dmar.reserved, 2);
	assert_int_equal(dmar.rmrr[0].base.v, 0xe8000);
	assert_int_equal(dmar.rmrr[0].size, 0x2000);
	assert_int_equal(dmar.rmrr[1].scopes.count, 0);
	begin();
	for (unsigned i = 0; i <= DMAR_RESERVED_MAX; i++)
		rmrr(0, i * 0x1000ull, i * 0x1000ull + 0xfff);
	read(0, 2);
	assert_int_equal(dmar.reserved, DMAR_RESERVED_MAX);
}

/* Configuration space that answers anything. */
static bool mad_bridge(u16 segment, u16 rid, struct dmar_buses *out)
{
	*out = (struct dmar_buses){ (u8)(rid * 7 + segment), (u8)(rid >> 3) };
	return rid % 5;
}

static void damaged(u8 *bytes, size_t len)
{
	const struct dmar_unit *u;

	memory_clear();
	table_pass(bytes, len, &acpi, ACPI_DMAR);
	assert_int_equal(acpi_dmar(&acpi, &dmar), len < 48 ? ACPI_REFUSED : ACPI_FOUND);
	assert_true(dmar.scopes <= 64 && dmar.address_bits <= 52);
	for (unsigned i = 0; i < dmar.units; i++)
		assert_true(dmar.unit[i].base.v && dmar.unit[i].base.v % PAGE_SIZE == 0 &&
			    dmar.unit[i].base.v >> 52 == 0);
	for (unsigned i = 0; i < dmar.reserved; i++)
		assert_true(dmar.rmrr[i].size && dmar.rmrr[i].size % PAGE_SIZE == 0 &&
			    dmar.rmrr[i].base.v + dmar.rmrr[i].size <= 1ull << 52);
	dmar_unit_of(&dmar, 0, 0x0018, bridge, &u);
	dmar_unit_of(&dmar, 0, 0x0413, mad_bridge, &u);
	for (unsigned i = 0; i < dmar.units; i++)
		dmar_for_displays(&dmar, &dmar.unit[i], mad_bridge, who);
}

static void damage(void **state)
{
	(void)state;
	each_truncation(real_dmar, sizeof real_dmar, damaged);
	some_changes(real_dmar, sizeof real_dmar, 5000, damaged);
	laptop();
	SCOPE(DMAR_ENDPOINT, 0, 0x1c00, 0x0100, 0x0000, 0x0203);
	close_structure();
	each_truncation(t.bytes, t.len, damaged);
	each_change(t.bytes, ACPI_HEADER, t.len, damaged);
	some_changes(t.bytes, t.len, 5000, damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qemu),
		cmocka_unit_test(laptop_units),
		cmocka_unit_test(units_of_displays),
		cmocka_unit_test(bridges_and_paths),
		cmocka_unit_test(only_one_of_two),
		cmocka_unit_test(bad_units),
		cmocka_unit_test(bad_scopes),
		cmocka_unit_test(bad_structures),
		cmocka_unit_test(reserved_regions),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
