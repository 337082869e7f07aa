/* The root of ACPI: every way to find it, and every way in which it can be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/acpi_dmar.h"
#include "kernel/acpi_fadt.h"
#include "kernel/acpi_madt.h"
#include "kernel/acpi_mcfg.h"
#include "tests/host/acpi_tables.h"
#include "tests/host/memory.h"

static struct acpi acpi;
static struct boot_info none, copied;

#define PUT(pa, table) memory_put(pa, table, sizeof(table))

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

/* OVMF's, and copied says where, as GRUB does. */
static void ovmf(void)
{
	memory_clear();
	PUT(OVMF_RSDT_PA, ovmf_rsdt);
	PUT(OVMF_XSDT_PA, ovmf_xsdt);
	PUT(OVMF_FADT_PA, real_fadt);
	PUT(OVMF_MADT_PA, real_madt);
	PUT(OVMF_MCFG_PA, real_mcfg);
	PUT(OVMF_DMAR_PA, real_dmar);
	memory_put(0xfb77000, "HPET", 4);
	memory_put(0xfb74000, "WAET", 4);
	memory_put(0xfb73000, "BGRT", 4);
	memcpy(copied.rsdp, ovmf_rsdp, sizeof ovmf_rsdp);
	copied.rsdp_len = sizeof ovmf_rsdp;
}

static unsigned found(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ACPI_TABLES; i++)
		n += acpi.table[i].state == ACPI_FOUND;
	return n;
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

/* What comes after opening. */
static void read_madt(void)
{
	static struct madt madt;

	acpi_madt(&acpi, &madt);
}

static void read_mcfg(void)
{
	static struct mcfg mcfg;

	acpi_mcfg(&acpi, &mcfg);
}

static void read_dmar(void)
{
	static struct dmar dmar;

	acpi_dmar(&acpi, &dmar);
}

static void read_fadt(void)
{
	struct fadt fadt;

	acpi_fadt(&acpi, &fadt);
}

/* A damaged root pointer: no byte but the reserved ones may change without being seen. */
static void damaged_rsdp(u8 *bytes, size_t len)
{
	struct boot_info boot = { .rsdp_len = (unsigned)len };
	bool same;

	ovmf();
	memcpy(boot.rsdp, bytes, len);
	same = len == 36 && memcmp(bytes, ovmf_rsdp, 36) == 0;
	if (acpi_open(&acpi, &memory, &boot) && !same)
		assert_true(len == 20 || memory_problems() || bytes[15] < 2);
	memory_clear();
	ovmf();
	memory_put(0xf5260, bytes, len);
	acpi_open(&acpi, &memory, &(struct boot_info){ .rsdp_pa = { 0xf5260 } });
}

/* Each table of the machine, damaged at a place where the root finds it. */
static const struct table {
	u64 pa;
	const u8 *bytes;
	size_t len;
	int id; /* of the table; -1: a root */
	void (*read)(void);
} tables[] = {
	{ OVMF_XSDT_PA, ovmf_xsdt, sizeof ovmf_xsdt, -1, NULL },
	{ OVMF_RSDT_PA, ovmf_rsdt, sizeof ovmf_rsdt, -1, NULL },
	{ OVMF_FADT_PA, real_fadt, sizeof real_fadt, ACPI_FADT, read_fadt },
	{ OVMF_MADT_PA, real_madt, sizeof real_madt, ACPI_MADT, read_madt },
	{ OVMF_MCFG_PA, real_mcfg, sizeof real_mcfg, ACPI_MCFG, read_mcfg },
	{ OVMF_DMAR_PA, real_dmar, sizeof real_dmar, ACPI_DMAR, read_dmar },
};
static const struct table *damaged;

static void with_damaged(const u8 *bytes, size_t len)
{
	memory_clear();
	memory_put(damaged->pa, bytes, len);
	for (const struct table *t = tables; t < tables + ARRAY_SIZE(tables); t++)
		if (t != damaged && (damaged->id < 0 || t->pa == OVMF_XSDT_PA))
			memory_put(t->pa, t->bytes, t->len);
	acpi_open(&acpi, &memory, &copied);
}

/* Checksum as it was: the table is refused, or it is a root and the other one is used. */
static void damage_is_seen(u8 *bytes, size_t len)
{
	with_damaged(bytes, len);
	if (len == damaged->len && memcmp(bytes, damaged->bytes, len) == 0)
		return;
	/* Another length may have a right checksum by accident. */
	if (len >= 8 && memcmp(bytes + 4, damaged->bytes + 4, 4) != 0)
		return;
	if (damaged->id >= 0)
		assert_int_not_equal(acpi.table[damaged->id].state, ACPI_FOUND);
	else
		assert_int_equal(found(), 4);
	assert_true(memory_problems() || damaged->pa == OVMF_RSDT_PA);
}

/* Checksum made right again: anything may come out, but nothing may be read that is not there. */
static void damage_is_survived(u8 *bytes, size_t len)
{
	table_checksum(bytes, len);
	with_damaged(bytes, len);
	if (damaged->read)
		damaged->read();
}

/* A table that says itself that it is as short as it is. */
static void shortened(u8 *bytes, size_t len)
{
	if (len < 8)
		return;
	memcpy(bytes + 4, &(u32){ (u32)len }, 4);
	damage_is_survived(bytes, len);
	if (damaged->id >= 0)
		assert_int_equal(acpi.table[damaged->id].state,
				 len < ACPI_HEADER ? ACPI_REFUSED : ACPI_FOUND);
	assert_true(len >= ACPI_HEADER || memory_problems() || damaged->pa == OVMF_RSDT_PA);
}

static void every_truncation(void **state)
{
	(void)state;
	each_truncation(ovmf_rsdp, sizeof ovmf_rsdp, damaged_rsdp);
	for (damaged = tables; damaged < tables + ARRAY_SIZE(tables); damaged++) {
		each_truncation(damaged->bytes, damaged->len, damage_is_seen);
		each_truncation(damaged->bytes, damaged->len, shortened);
	}
}

static void rsdp_checksummed(u8 *bytes, size_t len)
{
	u8 sum = 0;

	bytes[8] = 0;
	for (unsigned i = 0; i < 20; i++)
		sum = (u8)(sum + bytes[i]);
	bytes[8] = (u8)-sum;
	bytes[32] = 0;
	for (unsigned i = sum = 0; i < 36; i++)
		sum = (u8)(sum + bytes[i]);
	bytes[32] = (u8)-sum;
	ovmf();
	memory_put(0xf5260, bytes, len);
	acpi_open(&acpi, &memory, &(struct boot_info){ .rsdp_pa = { 0xf5260 } });
}

static void every_change(void **state)
{
	(void)state;
	each_change(ovmf_rsdp, 0, sizeof ovmf_rsdp, damaged_rsdp);
	each_change(ovmf_rsdp, 0, sizeof ovmf_rsdp, rsdp_checksummed);
	for (damaged = tables; damaged < tables + ARRAY_SIZE(tables); damaged++) {
		/* Behind the header nothing but the sum can see it, whatever the value. */
		each_change(damaged->bytes, 0, ACPI_HEADER, damage_is_seen);
		some_changes(damaged->bytes, damaged->len, 1000, damage_is_survived);
		each_change(damaged->bytes, 0, damaged->len, damage_is_survived);
	}
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
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
