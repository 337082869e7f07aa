/* MCFG, SPCR and FADT. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kernel/acpi_fadt.h"
#include "kernel/acpi_mcfg.h"
#include "kernel/acpi_spcr.h"
#include "tests/host/acpi_tables.h"
#include "tests/host/memory.h"
#include "tests/host/table.h"

static struct acpi acpi;
static struct mcfg mcfg;
static struct spcr spcr;
static struct fadt fadt;
static struct table t;

static void ecam(u64 base, u16 segment, u8 first, u8 last)
{
	table_put(&t, 8, base);
	table_put(&t, 2, segment);
	table_put(&t, 1, first);
	table_put(&t, 1, last);
	table_put(&t, 4, 0);
}

static void mcfg_of_qemu(void **state)
{
	(void)state;
	memory_clear();
	table_pass(real_mcfg, sizeof real_mcfg, &acpi, ACPI_MCFG);
	assert_int_equal(acpi_mcfg(&acpi, &mcfg), ACPI_FOUND);
	assert_int_equal(memory_problems(), 0);
	assert_int_equal(mcfg.segments, 1);
	assert_int_equal(mcfg.segment[0].base.v, 0xb0000000);
	assert_int_equal(mcfg.segment[0].segment, 0);
	assert_int_equal(mcfg.segment[0].bus_first, 0);
	assert_int_equal(mcfg.segment[0].bus_last, 255);
}

static void mcfg_by_hand(void **state)
{
	(void)state;
	table_begin(&t, "MCFG");
	table_zero(&t, 8);
	ecam(0xe0000000, 0, 0x00, 0x7f);
	ecam(0x80000000000, 1, 0x20, 0xff);
	ecam(0xe0000000, 0, 0x80, 0xff); /* the rest of segment 0 */
	ecam(0xd0000000, 1, 0x10, 0x20); /* bus 20h a second time */
	ecam(0, 2, 0, 255);
	ecam(~0ull, 3, 0, 255);
	ecam(0xe0010000, 4, 0, 255);
	ecam(0xe0000000, 5, 2, 1);
	table_put(&t, 4, 0);
	table_open(&t, &acpi, ACPI_MCFG);
	assert_int_equal(acpi_mcfg(&acpi, &mcfg), ACPI_FOUND);
	assert_int_equal(mcfg.segments, 3);
	assert_int_equal(mcfg.segment[1].base.v, 0x80000000000);
	assert_int_equal(mcfg.segment[1].segment, 1);
	assert_int_equal(mcfg.segment[2].bus_first, 0x80);
	assert_int_equal(memory_problems(), 6);
	assert_true(memory_told("MCFG: offset 0x5c: segment 1 lists a bus a second time: skipped"));
	assert_true(memory_told("MCFG: offset 0x9c: segment 5 has buses 2 to 1: skipped"));
	assert_true(memory_told("MCFG: offset 0xac: 4 bytes are no entry: ignored"));

	table_begin(&t, "MCFG");
	table_zero(&t, 8);
	for (u16 i = 0; i <= MCFG_SEGMENTS_MAX; i++)
		ecam(0xe0000000, i, 0, 0);
	table_open(&t, &acpi, ACPI_MCFG);
	assert_int_equal(acpi_mcfg(&acpi, &mcfg), ACPI_FOUND);
	assert_int_equal(mcfg.segments, MCFG_SEGMENTS_MAX);
	assert_int_equal(memory_problems(), 1);
}

static enum acpi_state spcr_of(u8 interface, u8 space, u8 width, u8 access, u64 address, u8 baud)
{
	table_begin(&t, "SPCR");
	table_put(&t, 4, interface);
	table_put(&t, 1, space);
	table_put(&t, 1, width);
	table_put(&t, 1, 0);
	table_put(&t, 1, access);
	table_put(&t, 8, address);
	table_zero(&t, 6); /* interrupts */
	table_put(&t, 1, baud);
	table_zero(&t, 21);
	table_open(&t, &acpi, ACPI_SPCR);
	assert_int_equal(t.len, 80);
	return acpi_spcr(&acpi, &spcr);
}

static void spcr_by_hand(void **state)
{
	(void)state;
	/* COM1 as Microsoft's text shows it: 01 08 00 00 F8 03 00 ... */
	assert_int_equal(spcr_of(0, 1, 8, 0, 0x3f8, 7), ACPI_FOUND);
	assert_true(spcr.io);
	assert_int_equal(spcr.address, 0x3f8);
	assert_int_equal(spcr.baud, 115200);
	assert_int_equal(spcr.access_bytes, 1);
	/* An LPSS UART: memory, 32-bit registers. */
	assert_int_equal(spcr_of(0x12, 0, 32, 3, 0xfe032000, 0), ACPI_FOUND);
	assert_false(spcr.io);
	assert_int_equal(spcr.baud, 0);
	assert_int_equal(spcr.access_bytes, 4);
	assert_int_equal(spcr_of(0, 0, 32, 0, 0xfe032000, 4), ACPI_FOUND);
	assert_int_equal(spcr.access_bytes, 4);
	assert_int_equal(spcr.baud, 19200);
	assert_int_equal(memory_problems(), 0);

	assert_int_equal(spcr_of(0, 1, 8, 0, 0, 7), ACPI_ABSENT);
	assert_int_equal(memory_problems(), 0);
	assert_int_equal(spcr_of(3, 0, 32, 3, 0x9000000, 7), ACPI_REFUSED);
	assert_true(memory_told("SPCR: offset 0x24: type 3 is no 16550: refused"));
	assert_int_equal(spcr.address, 0);
	assert_int_equal(spcr_of(0, 2, 8, 1, 0x3f8, 7), ACPI_REFUSED);
	assert_int_equal(spcr_of(0, 1, 8, 4, 0x3f8, 7), ACPI_REFUSED);
	assert_int_equal(spcr_of(0, 1, 8, 1, 0xfff9, 7), ACPI_REFUSED);
	assert_true(memory_told("SPCR: offset 0x2c: no registers can be at 0xfff9: refused"));
	assert_int_equal(spcr_of(0, 0, 8, 1, ~0ull, 7), ACPI_REFUSED);
	assert_int_equal(spcr_of(0, 1, 8, 1, 0xfff8, 7), ACPI_FOUND);
	assert_int_equal(spcr_of(0, 1, 8, 1, 0x3f8, 200), ACPI_FOUND);
	assert_int_equal(spcr.baud, 0);
	assert_true(memory_told("SPCR: offset 0x3a: baud rate code 200 is unknown"));
}

static void fadt_of_qemu(void **state)
{
	(void)state;
	memory_clear();
	table_pass(real_fadt, sizeof real_fadt, &acpi, ACPI_FADT);
	assert_int_equal(acpi_fadt(&acpi, &fadt), ACPI_FOUND);
	assert_int_equal(memory_problems(), 0);
	assert_true(fadt.pm_timer_io);
	assert_int_equal(fadt.pm_timer, 0x608);
	assert_int_equal(fadt.pm_timer_bits, 24);
	assert_int_equal(fadt.reset_port, 0xcf9);
	assert_false(fadt.no_8042);
}

/* Table by hand: the flags, the timer's old port and length, and the extended block. */
static void fadt_read(u32 len, u32 flags, u32 port, u8 port_len, u8 space, u64 address)
{
	table_begin(&t, "FACP");
	table_zero(&t, 76 - ACPI_HEADER);
	table_put(&t, 4, port);
	table_zero(&t, 91 - 80);
	table_put(&t, 1, port_len);
	table_zero(&t, 112 - 92);
	table_put(&t, 4, flags);
	table_zero(&t, 208 - 116);
	table_put(&t, 4, space | 32u << 8);
	table_put(&t, 8, address);
	t.len = len;
	table_open(&t, &acpi, ACPI_FADT);
	assert_int_equal(acpi_fadt(&acpi, &fadt), len < 116 ? ACPI_REFUSED : ACPI_FOUND);
}

static void fadt_reset(u32 len, u8 revision, u16 arch, u32 flags, u8 space, u64 address)
{
	table_begin(&t, "FACP");
	t.bytes[8] = revision;
	table_zero(&t, 109 - ACPI_HEADER);
	table_put(&t, 2, arch);
	table_put(&t, 1, 0);
	table_put(&t, 4, flags);
	table_put(&t, 4, space | 8u << 8);
	table_put(&t, 8, address);
	table_put(&t, 1, 0x0e);
	table_zero(&t, 244 - 129);
	t.len = len;
	table_open(&t, &acpi, ACPI_FADT);
	assert_int_equal(acpi_fadt(&acpi, &fadt), ACPI_FOUND);
}

static void reset_and_keyboard(void **state)
{
	(void)state;
	fadt_reset(244, 3, 0, 1 << 10, 1, 0xcf9);
	assert_int_equal(fadt.reset_port, 0xcf9);
	assert_int_equal(fadt.reset_value, 0x0e);
	fadt_reset(129, 3, 0, 1 << 10, 1, 0xffff);
	assert_int_equal(fadt.reset_port, 0xffff);
	/* Too short, not said to be there, in memory, or nowhere. */
	fadt_reset(128, 3, 0, 1 << 10, 1, 0xcf9);
	assert_int_equal(fadt.reset_port, 0);
	fadt_reset(244, 3, 0, ~(1u << 10), 1, 0xcf9);
	assert_int_equal(fadt.reset_port, 0);
	fadt_reset(244, 3, 0, 1 << 10, 0, 0xcf9);
	assert_int_equal(fadt.reset_port, 0);
	fadt_reset(244, 3, 0, 1 << 10, 1, 0x10000);
	assert_int_equal(fadt.reset_port, 0);
	/* Who writes an older table knows nothing of keyboards. */
	assert_true(fadt.no_8042);
	fadt_reset(244, 3, 1 << 1, 0, 0, 0);
	assert_false(fadt.no_8042);
	fadt_reset(244, 3, (u16) ~(1u << 1), 0, 0, 0);
	assert_true(fadt.no_8042);
	fadt_reset(244, 2, 0, 0, 0, 0);
	assert_false(fadt.no_8042);
}

static void fadt_by_hand(void **state)
{
	(void)state;
	fadt_read(116, 1 << 8, 0x408, 4, 0, 0);
	assert_int_equal(fadt.pm_timer, 0x408);
	assert_true(fadt.pm_timer_io);
	assert_int_equal(fadt.pm_timer_bits, 32);
	/* The extended block is not there, or not filled in, or is what counts. */
	fadt_read(219, 0, 0x408, 4, 0, 0xfed00000);
	assert_int_equal(fadt.pm_timer, 0x408);
	fadt_read(220, 0, 0x408, 4, 1, 0);
	assert_int_equal(fadt.pm_timer, 0x408);
	fadt_read(220, 0, 0x408, 4, 0, 0xfed00000);
	assert_int_equal(fadt.pm_timer, 0xfed00000);
	assert_false(fadt.pm_timer_io);
	/* None: hardware-reduced, no length, no address. */
	fadt_read(220, 1 << 20, 0x408, 4, 1, 0x408);
	assert_int_equal(fadt.pm_timer, 0);
	fadt_read(220, 0, 0x408, 0, 1, 0x408);
	assert_int_equal(fadt.pm_timer, 0);
	fadt_read(220, 0, 0, 4, 0, 0);
	assert_int_equal(fadt.pm_timer, 0);
	assert_int_equal(memory_problems(), 0);
	/* Where no register can be. */
	fadt_read(220, 0, 0x408, 4, 7, 0x408);
	assert_int_equal(fadt.pm_timer, 0);
	assert_int_equal(memory_problems(), 1);
	fadt_read(220, 0, 0x408, 4, 1, 0xfffd);
	assert_int_equal(fadt.pm_timer, 0);
	assert_true(
		memory_told("FACP: offset 0xd0: PM timer at 0xfffd in address space 1: not used"));
	fadt_read(115, 0, 0x408, 4, 0, 0);
}

static void damaged_mcfg(u8 *bytes, size_t len)
{
	memory_clear();
	table_pass(bytes, len, &acpi, ACPI_MCFG);
	assert_int_equal(acpi_mcfg(&acpi, &mcfg), len < 44 ? ACPI_REFUSED : ACPI_FOUND);
	for (unsigned i = 0; i < mcfg.segments; i++)
		assert_true(mcfg.segment[i].base.v && mcfg.segment[i].base.v % 0x100000 == 0 &&
			    mcfg.segment[i].bus_first <= mcfg.segment[i].bus_last);
}

static void damaged_spcr(u8 *bytes, size_t len)
{
	memory_clear();
	table_pass(bytes, len, &acpi, ACPI_SPCR);
	if (acpi_spcr(&acpi, &spcr) == ACPI_FOUND)
		assert_true(spcr.address && spcr.access_bytes && spcr.access_bytes <= 4 &&
			    len >= 80);
}

static void damaged_fadt(u8 *bytes, size_t len)
{
	memory_clear();
	table_pass(bytes, len, &acpi, ACPI_FADT);
	assert_int_equal(acpi_fadt(&acpi, &fadt), len < 116 ? ACPI_REFUSED : ACPI_FOUND);
	assert_true(!fadt.pm_timer_io || fadt.pm_timer < 0x10000);
}

static void damage(void **state)
{
	(void)state;
	each_truncation(real_fadt, sizeof real_fadt, damaged_fadt);
	some_changes(real_fadt, sizeof real_fadt, 5000, damaged_fadt);
	spcr_of(0, 1, 8, 0, 0x3f8, 7);
	each_truncation(t.bytes, t.len, damaged_spcr);
	each_change(t.bytes, 0, t.len, damaged_spcr);
	table_begin(&t, "MCFG");
	table_zero(&t, 8);
	ecam(0xe0000000, 0, 0x00, 0x7f);
	ecam(0x80000000000, 1, 0x20, 0xff);
	each_truncation(t.bytes, t.len, damaged_mcfg);
	each_change(t.bytes, 0, t.len, damaged_mcfg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mcfg_of_qemu), cmocka_unit_test(mcfg_by_hand),
		cmocka_unit_test(spcr_by_hand), cmocka_unit_test(fadt_of_qemu),
		cmocka_unit_test(fadt_by_hand), cmocka_unit_test(reset_and_keyboard),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
