/* Remapping units, and whom they serve. */
#include "tests/host/acpi_tables.h"
#include "tests/host/dmar_table.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qemu),
		cmocka_unit_test(laptop_units),
		cmocka_unit_test(units_of_displays),
		cmocka_unit_test(bridges_and_paths),
		cmocka_unit_test(only_one_of_two),
		cmocka_unit_test(reserved_regions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
