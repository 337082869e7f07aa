/* The package \_S5_ in AML, and the registers that it is for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/acpi_off.h"
#include "tests/host/acpi_tables.h"
#include "tests/host/memory.h"
#include "tests/host/table.h"

/* Name (_S5_, Package (n) { by hand: the rest of it */
#define S5 0x08, '_', 'S', '5', '_'

/* QEMU's, with what is before and behind it: Name (_S4_, Package (4) { 2, 2, 0, 0 }), Scope (\_SB_) {}. */
static const u8 of_qemu[] = { 0x08, '_',  'S',  '4', '_',  0x12, 0x08, 0x04, 0x0a, 0x02,
			      0x0a, 0x02, 0,    0,   S5,   0x12, 0x06, 0x04, 0,    0,
			      0,    0,    0x10, 6,   '\\', '_',  'S',  'B',  '_' };
static const u8 of_a_notebook[] = { S5, 0x12, 0x07, 0x04, 0x0a, 0x07, 0, 0, 0 };
static const u8 at_the_root[] = {
	0x08, '\\', '_', 'S', '5', '_', 0x12, 0x05, 0x02, 0x01, 0x0a, 0x05
};
static const u8 wide[] = { S5, 0x12, 0xc6, 0x01, 0,    0, 0x02, 0x0e, 6, 0,    0,    0,
			   0,  0,    0,    0,    0x0c, 3, 0,    0,    0, 0x00, 0x00, 0x00 };
/* Names that are something else, and one that is cut in words of its own, come before the one that counts. */
static const u8 several[] = { '_',  'S',  '5',  '_',  0x12, 0x04, 0x02, 3,    3,    S5,
			      0x11, 0x04, 0x02, 3,    3,    S5,   0x12, 0x02, 0x02, 0x01,
			      0x01, S5,   0x12, 0x04, 0x02, 0,    1,    0x00 };

static u8 type[2];

static bool found_in(const u8 *aml, size_t len)
{
	u8 *copy = memory_put(0x1000, aml, len);
	bool found = acpi_s5(copy, len, type);

	memory_clear();
	assert_true(!found || (type[0] <= 7 && type[1] <= 7));
	return found;
}

static void by_hand(void **state)
{
	(void)state;
	assert_true(found_in(of_qemu, sizeof of_qemu));
	assert_true(type[0] == 0 && type[1] == 0);
	assert_true(found_in(of_a_notebook, sizeof of_a_notebook));
	assert_true(type[0] == 7 && type[1] == 0);
	assert_true(found_in(at_the_root, sizeof at_the_root));
	assert_true(type[0] == 1 && type[1] == 5);
	assert_true(found_in(several, sizeof several));
	assert_true(type[0] == 0 && type[1] == 1);
	/* 16h bytes by a length of four: the four, 2, nine and five, and three that say nothing. */
	assert_true(found_in(wide, sizeof wide));
	assert_true(type[0] == 6 && type[1] == 3);
}

/* Each is one step beside a good one. */
static void refused(void **state)
{
	static const struct {
		u8 len, aml[16];
	} bad[] = {
		{ 0, { 0 } },
		{ 5, { S5 } },
		{ 6, { S5, 0x12 } },
		/* The package is longer than the table; ends before its second type, before its first, before it begins. */
		{ 10, { S5, 0x12, 0x05, 0x02, 1, 1 } },
		{ 10, { S5, 0x12, 0x03, 0x02, 1, 1 } },
		{ 10, { S5, 0x12, 0x02, 0x02, 1, 1 } },
		{ 10, { S5, 0x12, 0x01, 0x02, 1, 1 } },
		{ 10, { S5, 0x12, 0x00, 0x02, 1, 1 } },
		/* A length of more bytes than are there, or than it counts; and one of 256 MiB. */
		{ 7, { S5, 0x12, 0xc0 } },
		{ 9, { S5, 0x12, 0xc4, 0, 0 } },
		{ 12, { S5, 0x12, 0x81, 0x00, 0x00, 0x02, 1 } },
		{ 12, { S5, 0x12, 0xcf, 0xff, 0xff, 0xff, 0x02 } },
		/* One element; a number that is cut by the package, of which more is behind it. */
		{ 10, { S5, 0x12, 0x04, 0x01, 1, 1 } },
		{ 12, { S5, 0x12, 0x04, 0x02, 0, 0x0a, 5, 5 } },
		{ 13, { S5, 0x12, 0x05, 0x02, 0, 0x0b, 5, 0, 0 } },
		/* Eight is no type; Ones, a name and a string are none either. */
		{ 12, { S5, 0x12, 0x06, 0x02, 0x0a, 8, 0, 0 } },
		{ 12, { S5, 0x12, 0x06, 0x02, 0x0b, 0, 1, 0 } },
		{ 10, { S5, 0x12, 0x04, 0x02, 0xff, 0 } },
		{ 13, { S5, 0x12, 0x07, 0x02, 0, 'S', 'L', 'P', '_' } },
		{ 10, { S5, 0x12, 0x04, 0x02, 0x0d, 0 } },
		/* No package, and no name. */
		{ 10, { S5, 0x0a, 0x04, 0x02, 1, 1 } },
		{ 9, { '_', 'S', '5', '_', 0x12, 0x04, 0x02, 1, 1 } },
		{ 10, { '\\', '_', 'S', '5', '_', 0x12, 0x04, 0x02, 1, 1 } },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		if (found_in(bad[i].aml, bad[i].len))
			fail_msg("number %u was believed", i);
}

static void never_found(u8 *aml, size_t len)
{
	assert_int_equal(found_in(aml, len), len == sizeof of_a_notebook);
}

static void survived(u8 *aml, size_t len) { (void)found_in(aml, len); }

static void damage(void **state)
{
	static const struct {
		const u8 *aml;
		size_t len;
	} good[] = { { of_qemu, sizeof of_qemu },
		     { at_the_root, sizeof at_the_root },
		     { wide, sizeof wide },
		     { several, sizeof several } };

	(void)state;
	each_truncation(of_a_notebook, sizeof of_a_notebook, never_found);
	for (unsigned i = 0; i < ARRAY_SIZE(good); i++) {
		each_truncation(good[i].aml, good[i].len, survived);
		each_change(good[i].aml, 0, good[i].len, survived);
		some_changes(good[i].aml, good[i].len, 5000, survived);
	}
}

/* A machine: QEMU's FADT, a table of AML each at two addresses, and in the root so many SSDTs. */
enum { DSDT = 0xffe0040, ELSEWHERE = 0x200000 };
static struct acpi acpi;
static struct acpi_off off;
static struct table t;
static unsigned ssdts;

static void put_aml(const char *name, u64 pa, const u8 *aml, size_t len)
{
	static u8 bytes[256];

	table_begin(&t, name);
	memcpy(bytes, t.bytes, ACPI_HEADER);
	memcpy(bytes + ACPI_HEADER, aml, len);
	len += ACPI_HEADER;
	memcpy(bytes + 4, &(u32){ (u32)len }, 4);
	table_checksum(bytes, len);
	memory_put(pa, bytes, len);
}

static const char *lacks(const u8 *fadt, size_t len)
{
	table_pass(fadt, len, &acpi, ACPI_FADT);
	for (acpi.ssdts = 0; acpi.ssdts < ssdts; acpi.ssdts++)
		acpi.ssdt[acpi.ssdts].v = ELSEWHERE + 0x1000 * (acpi.ssdts + 1);
	acpi_off(&acpi, &off);
	return off.lacks ? off.lacks : "";
}

static const char *lacks_with(unsigned at, unsigned size, u64 value)
{
	u8 fadt[sizeof real_fadt + 24] = { 0 };

	memcpy(fadt, real_fadt, sizeof real_fadt);
	memcpy(fadt + at, &value, size);
	return lacks(fadt, sizeof fadt);
}

static void machines(void **state)
{
	static const char no_package[] =
		"a package \\_S5_ that can be read, in the DSDT or an SSDT";

	(void)state;
	memory_clear();
	ssdts = 0;
	assert_string_equal(lacks(real_fadt, sizeof real_fadt), no_package);
	assert_true(memory_told("DSDT: no memory to read at 0xffe0040: refused"));
	put_aml("DSDT", DSDT, of_qemu, sizeof of_qemu);
	assert_string_equal(lacks(real_fadt, sizeof real_fadt), "");
	assert_false(off.reduced);
	assert_int_equal(off.port[0], 0x604);
	assert_int_equal(off.port[1], 0);
	assert_int_equal(off.smi_port, 0xb2);
	assert_int_equal(off.smi_value, 2);
	/* The oldest table that is read has the short forms only. */
	assert_string_equal(lacks(real_fadt, 116), "");
	assert_int_equal(off.port[0], 0x604);
	assert_string_equal(lacks(real_fadt, 115), "an FADT");

	/* Another DSDT, which the extended form names; then SSDTs, of which one is damaged. */
	assert_string_equal(lacks_with(140, 8, ELSEWHERE), no_package);
	ssdts = 3;
	put_aml("SSDT", ELSEWHERE + 0x1000, of_qemu, 14);
	put_aml("SSDT", ELSEWHERE + 0x3000, of_a_notebook, sizeof of_a_notebook);
	assert_string_equal(lacks_with(140, 8, ELSEWHERE), "");
	assert_int_equal(off.type[0], 7);
	put_aml("DSDT", ELSEWHERE, at_the_root, sizeof at_the_root);
	assert_string_equal(lacks_with(140, 8, ELSEWHERE), "");
	assert_int_equal(off.type[1], 5);
}

static void registers(void **state)
{
	static const char no_port[] = "a port that the FADT names for it";

	(void)state;
	memory_clear();
	ssdts = 0;
	put_aml("DSDT", DSDT, of_a_notebook, sizeof of_a_notebook);
	assert_string_equal(lacks_with(68, 4, 0x704), "");
	assert_int_equal(off.port[1], 0x704);
	assert_string_equal(lacks_with(176, 8, 0x1804), "");
	assert_int_equal(off.port[0], 0x1804);
	/* In memory, or where no two ports are. */
	assert_string_equal(lacks_with(172, 1, 0), no_port);
	assert_string_equal(lacks_with(176, 8, 0xffff), no_port);
	assert_string_equal(lacks_with(176, 8, 0x100000604), no_port);
	assert_string_equal(lacks_with(48, 4, 0x100b2), "");
	assert_int_equal(off.smi_port, 0);

	/* Hardware-reduced: the other registers mean nothing. */
	assert_string_equal(lacks_with(112, 4, 1 << 20), no_port);
	u8 fadt[256] = { 0 };
	memcpy(fadt, real_fadt, sizeof real_fadt);
	fadt[114] = 0x10;
	fadt[244] = 1;
	fadt[249] = 0x06;
	assert_string_equal(lacks(fadt, sizeof fadt), "");
	assert_true(off.reduced);
	assert_int_equal(off.port[0], 0x600);
	assert_int_equal(off.port[1], 0);
	assert_string_equal(lacks(fadt, sizeof fadt - 1), no_port);
	fadt[244] = 0;
	assert_string_equal(lacks(fadt, sizeof fadt), no_port);
}

static void damaged_fadt(u8 *bytes, size_t len)
{
	memory_clear();
	put_aml("DSDT", DSDT, of_qemu, sizeof of_qemu);
	lacks(bytes, len);
	assert_true(off.lacks || (off.port[0] && len >= 116));
}

static void damaged_fadts(void **state)
{
	(void)state;
	each_truncation(real_fadt, sizeof real_fadt, damaged_fadt);
	some_changes(real_fadt, sizeof real_fadt, 5000, damaged_fadt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),   cmocka_unit_test(refused),
		cmocka_unit_test(damage),    cmocka_unit_test(machines),
		cmocka_unit_test(registers), cmocka_unit_test(damaged_fadts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
