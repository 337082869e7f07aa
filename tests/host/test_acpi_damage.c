/* ACPI tables where the root finds them, with every byte and every length wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/acpi_dmar.h"
#include "kernel/acpi_fadt.h"
#include "kernel/acpi_madt.h"
#include "kernel/acpi_mcfg.h"
#include "tests/host/acpi_machine.h"

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
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
