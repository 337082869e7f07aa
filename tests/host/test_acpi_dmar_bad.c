/* Remapping units as no firmware should tell of them. */
#include "tests/host/acpi_tables.h"
#include "tests/host/dmar_table.h"

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
		cmocka_unit_test(bad_units),
		cmocka_unit_test(bad_scopes),
		cmocka_unit_test(bad_structures),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
