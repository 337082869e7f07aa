/* The root of ACPI: every way to find it, and every way in which it can be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/acpi_machine.h"

static struct boot_info none;

/* SeaBIOS's tables without a root pointer. */
static void seabios(void)
{
	memory_clear();
	PUT(REAL_RSDT_PA, real_rsdt);
	PUT(REAL_FADT_PA, real_fadt);
	PUT(REAL_MADT_PA, real_madt);
	PUT(REAL_MCFG_PA, real_mcfg);
	PUT(REAL_DMAR_PA, real_dmar);
	memory_put(0xffe24bf, "HPET", 4);
	memory_put(0xffe25bb, "WAET", 4);
}

static void finds(const struct boot_info *boot)
{
	assert_true(acpi_open(&acpi, &memory, boot));
	assert_int_equal(memory_problems(), 0);
	assert_int_equal(found(), 4);
	assert_int_equal(acpi.table[ACPI_SPCR].state, ACPI_ABSENT);
	assert_int_equal(acpi.table[ACPI_DMAR].len, sizeof real_dmar);
}

static void from_the_loaders_copy(void **state)
{
	struct boot_info v0 = { .rsdp_len = 20 };

	(void)state;
	seabios();
	memcpy(v0.rsdp, real_rsdp, 20);
	finds(&v0);
	ovmf();
	finds(&copied);
}

static void from_an_address(void **state)
{
	struct boot_info pvh = { .rsdp_pa = { 0xf5260 } };

	(void)state;
	seabios();
	PUT(0xf5260, real_rsdp);
	finds(&pvh);
	ovmf();
	PUT(0xf5260, ovmf_rsdp);
	finds(&pvh);
}

static void from_the_bios_areas(void **state)
{
	static u8 area[0x20000], ebda[1024];

	(void)state;
	memcpy(area + 0x15260, real_rsdp, sizeof real_rsdp);
	seabios();
	PUT(0xe0000, area);
	finds(&none);
	/* In the very last place where it fits. */
	memset(area, 0, sizeof area);
	memcpy(area + sizeof area - 32, real_rsdp, sizeof real_rsdp);
	seabios();
	PUT(0xe0000, area);
	finds(&none);
	memcpy(ebda + 1024 - 32, real_rsdp, sizeof real_rsdp);
	seabios();
	memory_put(0x40e, "\xc0\x9f", 2);
	PUT(0x9fc00, ebda);
	finds(&none);
	/* Where it does not fit. */
	memset(area, 0, sizeof area);
	memcpy(area + sizeof area - 16, real_rsdp, 16);
	seabios();
	PUT(0xe0000, area);
	assert_false(acpi_open(&acpi, &memory, &none));
	/* Not on a 16-byte boundary: not there. */
	memset(area, 0, sizeof area);
	memcpy(area + 8, real_rsdp, sizeof real_rsdp);
	seabios();
	PUT(0xe0000, area);
	assert_false(acpi_open(&acpi, &memory, &none));
	assert_true(memory_told("no ACPI"));
}

/* A loader's wrong copy or address does not hide a right one in the BIOS areas. */
static void wrong_first_choice(void **state)
{
	struct boot_info bad = { .rsdp_len = 36, .rsdp_pa = { 0x1234 } };
	static u8 area[0x20000];

	(void)state;
	memcpy(area, real_rsdp, sizeof real_rsdp);
	seabios();
	PUT(0xe0000, area);
	assert_true(acpi_open(&acpi, &memory, &bad));
	assert_int_equal(found(), 4);
	assert_true(memory_told("RSDP: the loader's copy has a wrong signature or checksum"));
	assert_true(memory_told("RSDP: none at 0x1234, where the loader says"));
}

static void a_length_of_copy_that_cannot_be(void **state)
{
	struct boot_info bad = { .rsdp_len = 4000 };

	(void)state;
	ovmf();
	memcpy(bad.rsdp, ovmf_rsdp, sizeof ovmf_rsdp);
	assert_false(acpi_open(&acpi, &memory, &bad));
	assert_int_equal(found(), 0);
}

/* XSDT damaged: RSDT; both damaged: nothing. */
static void falls_back_to_rsdt(void **state)
{
	struct boot_info bad;

	(void)state;
	ovmf();
	memory_clear();
	PUT(OVMF_RSDT_PA, ovmf_rsdt);
	PUT(OVMF_MADT_PA, real_madt);
	assert_true(acpi_open(&acpi, &memory, &copied));
	assert_true(memory_told("XSDT: no memory to read at 0xfb7d0e8: refused"));
	assert_int_equal(acpi.table[ACPI_MADT].state, ACPI_FOUND);
	assert_int_equal(acpi.table[ACPI_DMAR].state, ACPI_ABSENT);
	assert_true(memory_told("RSDT: offset 0x34: no memory to read at 0xfb75000: skipped"));

	memory_clear();
	assert_false(acpi_open(&acpi, &memory, &copied));
	assert_true(memory_told("RSDP: neither an XSDT nor an RSDT that can be used"));

	ovmf();
	bad = copied;
	bad.rsdp[35]++;
	assert_true(acpi_open(&acpi, &memory, &bad));
	assert_true(memory_told("extended checksum is wrong: RSDT used"));
	assert_int_equal(found(), 4);
}

static void a_second_table_of_a_name(void **state)
{
	u8 rsdt[44] = "RSDT\x2c";

	(void)state;
	memory_clear();
	memcpy(rsdt + 36, "\0\0\1\0\0\0\2\0", 8);
	table_checksum(rsdt, sizeof rsdt);
	memory_put(0xffe25e3, rsdt, sizeof rsdt);
	memory_put(0x20000, real_dmar, sizeof real_dmar);
	u8 *first = memory_put(0x10000, real_dmar, sizeof real_dmar);
	PUT(0xf5260, real_rsdp);
	assert_true(acpi_open(&acpi, &memory, &(struct boot_info){ .rsdp_pa = { 0xf5260 } }));
	assert_true(memory_told("RSDT: offset 0x28: a second DMAR: skipped"));
	assert_ptr_equal(acpi.table[ACPI_DMAR].bytes, first);
	/* The first is damaged: the second counts. */
	first[50]++;
	assert_true(acpi_open(&acpi, &memory, &(struct boot_info){ .rsdp_pa = { 0xf5260 } }));
	assert_true(memory_told("DMAR: offset 0x9: checksum is wrong: refused"));
	assert_int_equal(acpi.table[ACPI_DMAR].state, ACPI_FOUND);
	assert_ptr_not_equal(acpi.table[ACPI_DMAR].bytes, first);
}

/* A table that says that it is shorter than a header. */
static void shorter_than_a_header(void **state)
{
	u8 dmar[36] = "DMAR\x0c", xsdt[36] = "XSDT\x0c";

	(void)state;
	ovmf();
	table_checksum(dmar, 12);
	memory_clear();
	PUT(OVMF_DMAR_PA, dmar);
	PUT(OVMF_XSDT_PA, ovmf_xsdt);
	assert_true(acpi_open(&acpi, &memory, &copied));
	assert_int_equal(acpi.table[ACPI_DMAR].state, ACPI_REFUSED);
	assert_true(memory_told("DMAR: offset 0x4: length 12 is not believable: refused"));
	/* As the root. */
	memory_clear();
	table_checksum(xsdt, 12);
	PUT(OVMF_XSDT_PA, xsdt);
	assert_false(acpi_open(&acpi, &memory, &copied));
}

static void sentences_have_an_end(void **state)
{
	(void)state;
	memory_clear();
	for (unsigned i = 0; i < 3 * FIRMWARE_SENTENCES; i++)
		firmware_problem(&memory, "number %u;", i);
	assert_true(memory_told("number 31;"));
	assert_false(memory_told("number 32;"));
	assert_true(memory_told("more problems"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_loaders_copy),
		cmocka_unit_test(from_an_address),
		cmocka_unit_test(from_the_bios_areas),
		cmocka_unit_test(wrong_first_choice),
		cmocka_unit_test(a_length_of_copy_that_cannot_be),
		cmocka_unit_test(falls_back_to_rsdt),
		cmocka_unit_test(a_second_table_of_a_name),
		cmocka_unit_test(shorter_than_a_header),
		cmocka_unit_test(sentences_have_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
