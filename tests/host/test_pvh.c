/* What qemu -kernel hands over, and what it would be if everything in it lied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "boot/pvh.h"
#include "tests/host/loader_infos.h"
#include "tests/host/memory.h"

static struct boot_info boot;
static const struct boot_range image = { { 0x200000 }, 0x5000 };
static const u8 command[] = "T=A0*";

static bool read(const u8 *info, size_t n, const u8 *map, size_t map_len)
{
	memory_clear();
	memory_put(PVH_PA, info, n);
	memory_put(PVH_MAP_PA, map, map_len);
	memory_put(PVH_CMDLINE_PA, command, sizeof command);
	return pvh_read(&memory, (struct pa){ PVH_PA }, image, &boot);
}

static void qemu(void **state)
{
	(void)state;
	assert_true(read(pvh_start_info, sizeof pvh_start_info, pvh_map, sizeof pvh_map));
	assert_int_equal(memory_problems(), 0);
	assert_string_equal(boot.loader, "pvh");
	assert_string_equal(boot.cmdline, "T=A0*");
	assert_false(boot.cmdline_cut);
	assert_int_equal(boot.rsdp_len, 0);
	assert_int_equal(boot.rsdp_pa.v, PVH_RSDP_PA);
	assert_int_equal(boot.screen, SCREEN_NONE);
	assert_int_equal(boot.ranges, 3);
	/* Page 1 has the command line, at 0x11c0, and page 2 the start information, at 0x21e0. */
	assert_int_equal(boot.ram[0].base.v, 0x3000);
	assert_int_equal(boot.ram[0].size, 0x9c000);
	assert_int_equal(boot.ram[1].base.v, 0x100000);
	assert_int_equal(boot.ram[1].size, 0x100000);
	assert_int_equal(boot.ram[2].base.v, 0x205000);
	assert_int_equal(boot.ram[2].size, 0xffdf000 - 0x205000);
}

static void version_0(void **state)
{
	u8 info[sizeof pvh_start_info];

	(void)state;
	memcpy(info, pvh_start_info, sizeof info);
	info[4] = 0;
	assert_false(read(info, 40, pvh_map, sizeof pvh_map));
	assert_true(memory_told("pvh: start information has no memory map"));
	assert_string_equal(boot.cmdline, "T=A0*");
	assert_int_equal(boot.rsdp_pa.v, PVH_RSDP_PA);
}

static void nothing_there(void **state)
{
	(void)state;
	memory_clear();
	assert_false(pvh_read(&memory, (struct pa){ PVH_PA }, image, &boot));
	assert_true(memory_told("pvh: no start information at 0x21e0"));
	assert_string_equal(boot.loader, "pvh");
}

static void memory_maps(void **state)
{
	static u8 large[4097 * 24];
	u8 info[sizeof pvh_start_info], map[24] = { 0 };

	(void)state;
	memcpy(info, pvh_start_info, sizeof info);
	assert_false(read(info, sizeof info, pvh_map, sizeof pvh_map - 1));
	assert_true(memory_told("pvh: no memory map of 9 entries at 0x5a8"));
	memset(info + 48, 0xff, 4);
	assert_false(read(info, sizeof info, pvh_map, sizeof pvh_map));
	assert_true(memory_told("pvh: no memory map of 4294967295 entries at 0x5a8"));
	memset(info + 48, 0, 4);
	assert_false(read(info, sizeof info, pvh_map, sizeof pvh_map));
	info[48] = 1;
	info[49] = 0x10;
	memcpy(large + 24, pvh_map, sizeof pvh_map);
	assert_false(read(info, sizeof info, large, sizeof large));
	assert_true(memory_told("pvh: no memory map of 4097 entries"));
	info[48] = 0;
	assert_true(read(info, sizeof info, large, sizeof large));
	info[48] = 1;
	info[49] = 0;
	assert_false(read(info, sizeof info, map, sizeof map));
	assert_true(memory_told("pvh: no usable RAM in the memory map"));
}

static bool with_command(const char *line, size_t n)
{
	memory_clear();
	memory_put(PVH_PA, pvh_start_info, sizeof pvh_start_info);
	memory_put(PVH_MAP_PA, pvh_map, sizeof pvh_map);
	memory_put(PVH_CMDLINE_PA, line, n);
	return pvh_read(&memory, (struct pa){ PVH_PA }, image, &boot);
}

static void command_lines(void **state)
{
	char line[BOOT_CMDLINE_MAX + 8];

	(void)state;
	assert_true(with_command("", 1));
	assert_string_equal(boot.cmdline, "");
	assert_int_equal(memory_problems(), 0);
	/* Its memory ends before it does. */
	assert_true(with_command("abc", 3));
	assert_string_equal(boot.cmdline, "abc");
	assert_true(memory_told("pvh: command line at 0x11c0 leaves readable memory: cut"));
	assert_true(with_command("", 0));
	assert_string_equal(boot.cmdline, "");
	assert_int_equal(memory_problems(), 1);
	memset(line, 'x', sizeof line);
	assert_true(with_command(line, sizeof line));
	assert_int_equal(strlen(boot.cmdline), BOOT_CMDLINE_MAX - 1);
	assert_true(boot.cmdline_cut);
	assert_int_equal(memory_problems(), 1);
	line[BOOT_CMDLINE_MAX - 1] = '\0';
	assert_true(with_command(line, sizeof line));
	assert_int_equal(strlen(boot.cmdline), BOOT_CMDLINE_MAX - 1);
	assert_false(boot.cmdline_cut);
}

static void damaged_info(u8 *bytes, size_t n)
{
	bool ok = read(bytes, n, pvh_map, sizeof pvh_map);

	assert_true(ok ? n == sizeof pvh_start_info : memory_problems());
	assert_non_null(memchr(boot.cmdline, 0, sizeof boot.cmdline));
}

static void damaged_map(u8 *bytes, size_t n)
{
	read(pvh_start_info, sizeof pvh_start_info, bytes, n);
	for (unsigned i = 0; i < boot.ranges; i++)
		assert_true(boot.ram[i].base.v >= PAGE_SIZE && boot.ram[i].size &&
			    boot.ram[i].size % PAGE_SIZE == 0);
}

static void damage(void **state)
{
	(void)state;
	each_truncation(pvh_start_info, sizeof pvh_start_info, damaged_info);
	each_change(pvh_start_info, 0, sizeof pvh_start_info, damaged_info);
	some_changes(pvh_start_info, sizeof pvh_start_info, 5000, damaged_info);
	each_truncation(pvh_map, sizeof pvh_map, damaged_map);
	each_change(pvh_map, 0, sizeof pvh_map, damaged_map);
	some_changes(pvh_map, sizeof pvh_map, 5000, damaged_map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qemu),          cmocka_unit_test(version_0),
		cmocka_unit_test(nothing_there), cmocka_unit_test(memory_maps),
		cmocka_unit_test(command_lines), cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
