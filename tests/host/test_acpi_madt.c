/* CPUs and IOAPICs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kernel/acpi_madt.h"
#include "tests/host/acpi_tables.h"
#include "tests/host/memory.h"
#include "tests/host/table.h"

static struct acpi acpi;
static struct madt madt;
static struct table t;

enum { ENABLED = 1, ONLINE_CAPABLE = 2 };

static void begin(void)
{
	table_begin(&t, "APIC");
	table_put(&t, 4, 0xfee00000);
	table_put(&t, 4, 0);
}

static void lapic(u8 uid, u8 id, u32 flags)
{
	table_put(&t, 2, 0x0800);
	table_put(&t, 1, uid);
	table_put(&t, 1, id);
	table_put(&t, 4, flags);
}

static void x2apic(u32 uid, u32 id, u32 flags)
{
	table_put(&t, 4, 0x1009);
	table_put(&t, 4, id);
	table_put(&t, 4, flags);
	table_put(&t, 4, uid);
}

static void read(unsigned cpus, unsigned problems)
{
	table_open(&t, &acpi, ACPI_MADT);
	assert_int_equal(acpi_madt(&acpi, &madt), ACPI_FOUND);
	assert_int_equal(madt.cpus, cpus);
	assert_int_equal(memory_problems(), problems);
}

static void qemu(void **state)
{
	(void)state;
	memory_clear();
	table_pass(real_madt, sizeof real_madt, &acpi, ACPI_MADT);
	assert_int_equal(acpi_madt(&acpi, &madt), ACPI_FOUND);
	assert_int_equal(memory_problems(), 0);
	assert_int_equal(madt.lapic.v, 0xfee00000);
	assert_true(madt.dual_8259);
	assert_int_equal(madt.cpus, 4);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(madt.cpu[i].apic_id, i);
		assert_int_equal(madt.cpu[i].uid, i);
		assert_false(madt.cpu[i].x2apic);
	}
	assert_int_equal(madt.disabled, 0);
	assert_int_equal(madt.ioapics, 1);
	assert_int_equal(madt.ioapic[0].id, 0);
	assert_int_equal(madt.ioapic[0].base.v, 0xfec00000);
	assert_int_equal(madt.ioapic[0].gsi_base, 0);
}

static void absent(void **state)
{
	(void)state;
	acpi = (struct acpi){ 0 };
	assert_int_equal(acpi_madt(&acpi, &madt), ACPI_ABSENT);
	assert_int_equal(madt.cpus, 0);
}

/* Slots for hot-plug have no enabled bit; firmware fills unused slots with id 255. */
static void disabled_cpus(void **state)
{
	(void)state;
	begin();
	lapic(0, 0, ENABLED);
	lapic(1, 2, ONLINE_CAPABLE);
	lapic(2, 255, 0);
	x2apic(3, 0xffffffff, 0);
	lapic(4, 4, ENABLED | ONLINE_CAPABLE);
	read(2, 0);
	assert_int_equal(madt.disabled, 3);
	assert_int_equal(madt.cpu[1].apic_id, 4);
	assert_int_equal(madt.cpu[1].uid, 4);
}

static void one_cpu_in_both_forms(void **state)
{
	(void)state;
	begin();
	lapic(0, 0, ENABLED);
	lapic(1, 1, 0);
	x2apic(0, 0, ENABLED);
	x2apic(1, 1, ENABLED);
	x2apic(2, 256, ENABLED);
	read(3, 0);
	assert_false(madt.cpu[0].x2apic);
	assert_true(madt.cpu[1].x2apic);
	assert_int_equal(madt.cpu[2].apic_id, 256);
	assert_int_equal(madt.cpu[2].uid, 2);
}

static void one_cpu_twice_in_one_form(void **state)
{
	(void)state;
	begin();
	lapic(0, 7, ENABLED);
	lapic(1, 7, ENABLED);
	read(1, 1);
	assert_true(memory_told("APIC: offset 0x34: APIC id 7 a second time: skipped"));
}

static void broadcast_ids(void **state)
{
	(void)state;
	begin();
	lapic(0, 255, ENABLED);
	x2apic(1, 0xffffffff, ENABLED);
	x2apic(2, 255, ENABLED); /* a real id in x2APIC mode */
	read(1, 2);
	assert_int_equal(madt.cpu[0].apic_id, 255);
}

static void three_hundred_cpus(void **state)
{
	(void)state;
	begin();
	for (u32 i = 0; i < 300; i++)
		if (i < 255)
			lapic((u8)i, (u8)i, ENABLED);
		else
			x2apic(i, i, ENABLED);
	read(300, 0);
	assert_int_equal(madt.cpu[299].apic_id, 299);
	assert_true(madt.cpu[299].x2apic);
	assert_false(madt.cpus_cut);
}

static void more_than_the_list_holds(void **state)
{
	(void)state;
	begin();
	for (u32 i = 0; i < MADT_CPUS_MAX + 10; i++)
		x2apic(i, i, ENABLED);
	read(MADT_CPUS_MAX, 1);
	assert_true(madt.cpus_cut);
	assert_true(memory_told("more than 1024 CPUs"));
	begin();
	lapic(0, 0, ENABLED);
	for (u32 i = 0; i < MADT_IOAPICS_MAX + 2; i++) {
		table_put(&t, 4, i << 16 | 0x0c01);
		table_put(&t, 4, 0xfec00000 + i * 0x1000);
		table_put(&t, 4, i * 24);
	}
	read(1, 2);
	assert_int_equal(madt.ioapics, MADT_IOAPICS_MAX);
	assert_int_equal(madt.ioapic[3].id, 3);
	assert_int_equal(madt.ioapic[3].base.v, 0xfec03000);
	assert_int_equal(madt.ioapic[3].gsi_base, 72);
}

static void lapic_address_override(void **state)
{
	(void)state;
	begin();
	lapic(0, 0, ENABLED);
	table_put(&t, 4, 0x0c05);
	table_put(&t, 8, 0x123fee00000);
	read(1, 0);
	assert_int_equal(madt.lapic.v, 0x123fee00000);
}

static void bad_lengths(void **state)
{
	(void)state;
	begin();
	lapic(0, 0, ENABLED);
	table_put(&t, 4, 0x0400); /* a LAPIC of 4 bytes */
	lapic(1, 1, ENABLED);
	table_put(&t, 2, 0x0000); /* nothing can follow a length of zero */
	lapic(2, 2, ENABLED);
	read(2, 2);
	assert_true(memory_told("APIC: offset 0x34: type 0 has length 4, needs 8: skipped"));
	assert_true(memory_told("APIC: offset 0x40: length 0 of a structure, 10 bytes are left"));
	begin();
	lapic(0, 0, ENABLED);
	table_put(&t, 1, 0);
	read(1, 1);
	assert_true(memory_told("APIC: offset 0x34: 1 bytes are too few"));
	begin();
	read(0, 1);
	assert_true(memory_told("no enabled CPU"));
	table_begin(&t, "APIC");
	table_zero(&t, 7);
	table_open(&t, &acpi, ACPI_MADT);
	assert_int_equal(acpi_madt(&acpi, &madt), ACPI_REFUSED);
	assert_true(memory_told("APIC: offset 0x4: length 43, needs 44: refused"));
}

/* One byte less than the type needs, as the last structure of the table. */
static void one_byte_short(void **state)
{
	static const u8 lengths[][2] = { { 0, 8 }, { 1, 12 }, { 5, 12 }, { 9, 16 } };

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		begin();
		table_put(&t, 1, lengths[i][0]);
		table_put(&t, 1, lengths[i][1] - 1);
		while (t.len < 44u + lengths[i][1] - 1)
			table_put(&t, 1, 1);
		read(0, 2);
		assert_true(memory_told("skipped"));
		assert_int_equal(madt.ioapics, 0);
		assert_int_equal(madt.lapic.v, 0xfee00000);
	}
	begin();
	lapic(0, 0, ENABLED);
	table_put(&t, 2, 0x0100); /* shorter than its own head */
	read(1, 1);
	assert_true(memory_told("length 1 of a structure, 2 bytes are left: rest ignored"));
}

static void damaged(u8 *bytes, size_t len)
{
	memory_clear();
	table_pass(bytes, len, &acpi, ACPI_MADT);
	assert_int_equal(acpi_madt(&acpi, &madt), len < 44 ? ACPI_REFUSED : ACPI_FOUND);
	assert_true(madt.cpus <= 16);
	assert_true(madt.ioapics <= 16);
}

static void damage(void **state)
{
	(void)state;
	begin();
	lapic(0, 0, ENABLED);
	lapic(1, 2, 0);
	x2apic(2, 300, ENABLED);
	x2apic(2, 0, ENABLED);
	table_put(&t, 4, 0x0c05);
	table_put(&t, 8, 0x123fee00000);
	each_truncation(t.bytes, t.len, damaged);
	each_change(t.bytes, ACPI_HEADER, t.len, damaged);
	some_changes(t.bytes, t.len, 5000, damaged);
	some_changes(real_madt, sizeof real_madt, 5000, damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qemu),
		cmocka_unit_test(absent),
		cmocka_unit_test(disabled_cpus),
		cmocka_unit_test(one_cpu_in_both_forms),
		cmocka_unit_test(one_cpu_twice_in_one_form),
		cmocka_unit_test(broadcast_ids),
		cmocka_unit_test(three_hundred_cpus),
		cmocka_unit_test(more_than_the_list_holds),
		cmocka_unit_test(lapic_address_override),
		cmocka_unit_test(bad_lengths),
		cmocka_unit_test(one_byte_short),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
