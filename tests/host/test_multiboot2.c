/* What GRUB hands over, and with every byte of it damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "boot/multiboot2.h"
#include "tests/host/acpi_tables.h"
#include "tests/host/loader_infos.h"
#include "tests/host/memory.h"

static struct boot_info boot;
static const struct boot_range image = { { 0x200000 }, 0x5000 };

static void range(unsigned i, u64 base, u64 end)
{
	assert_int_equal(boot.ram[i].base.v, base);
	assert_int_equal(boot.ram[i].base.v + boot.ram[i].size, end);
}

static void the_usual(u64 pa, const u8 *bytes, size_t n, u64 fb)
{
	memory_clear();
	memory_put(pa, bytes, n);
	assert_true(multiboot2_read(&memory, (struct pa){ pa }, image, &boot));
	assert_int_equal(memory_problems(), 0);
	assert_string_equal(boot.loader, "multiboot2: GRUB 2.06-13+deb12u2");
	assert_string_equal(boot.cmdline, "T=A0* engine=xhci");
	assert_false(boot.cmdline_cut);
	assert_false(boot.ranges_cut);
	assert_int_equal(boot.rsdp_pa.v, 0);
	assert_int_equal(boot.screen, SCREEN_RGB);
	assert_int_equal(boot.fb.v, fb);
	assert_int_equal(boot.fb_pitch, 4096);
	assert_int_equal(boot.fb_width, 1024);
	assert_int_equal(boot.fb_height, 768);
	assert_int_equal(boot.fb_bpp, 32);
	assert_int_equal(boot.red_pos, 16);
	assert_int_equal(boot.green_pos, 8);
	assert_int_equal(boot.blue_pos, 0);
	assert_int_equal(boot.red_size, 8);
	assert_int_equal(boot.green_size, 8);
	assert_int_equal(boot.blue_size, 8);
}

static void grub_on_bios(void **state)
{
	(void)state;
	the_usual(GRUB_BIOS_PA, grub_bios, sizeof grub_bios, 0xfd000000);
	assert_int_equal(boot.rsdp_len, 20);
	assert_memory_equal(boot.rsdp, real_rsdp, 20);
	assert_int_equal(boot.ranges, 3);
	range(0, 0x1000, 0x9f000);
	range(1, 0x101000, 0x200000); /* the information is at 0x1000d8 */
	range(2, 0x205000, 0xffdf000);
}

static void grub_on_ovmf(void **state)
{
	(void)state;
	the_usual(GRUB_OVMF_PA, grub_ovmf, sizeof grub_ovmf, 0x80000000);
	assert_int_equal(boot.rsdp_len, 36);
	assert_memory_equal(boot.rsdp, ovmf_rsdp, 36);
	assert_int_equal(boot.ranges, 10);
	range(0, 0x1000, 0x3000); /* the information is at 0x3000 */
	range(1, 0x4000, 0xa0000);
	range(2, 0x100000, 0x200000);
	range(3, 0x205000, 0x800000);
	range(4, 0x808000, 0x80b000);
	range(5, 0x80c000, 0x811000);
	range(6, 0x900000, 0xed3f000);
	range(7, 0xee00000, 0xf8ed000);
	range(8, 0xfbff000, 0xfe92000);
	range(9, 0xfe98000, 0xfedc000);
}

static void damaged(u8 *bytes, size_t n)
{
	memory_clear();
	memory_put(GRUB_OVMF_PA, bytes, n);
	multiboot2_read(&memory, (struct pa){ GRUB_OVMF_PA }, image, &boot);
	assert_true(boot.ranges <= BOOT_RANGES_MAX);
	for (unsigned i = 0; i < boot.ranges; i++)
		assert_true(boot.ram[i].base.v >= PAGE_SIZE && boot.ram[i].size % PAGE_SIZE == 0 &&
			    boot.ram[i].base.v % PAGE_SIZE == 0 && boot.ram[i].size &&
			    boot.ram[i].base.v + boot.ram[i].size <= STACKS - DIRECT_MAP);
	assert_non_null(memchr(boot.cmdline, 0, sizeof boot.cmdline));
	assert_non_null(memchr(boot.loader_name, 0, sizeof boot.loader_name));
	assert_true(boot.rsdp_len == 0 || boot.rsdp_len == 20 || boot.rsdp_len == 36);
	assert_true(boot.screen == SCREEN_NONE || boot.fb_width <= boot.fb_pitch / 2);
}

/* Says itself that it is as short as it is. */
static void shortened(u8 *bytes, size_t n)
{
	u32 total = (u32)n;

	if (n >= 4)
		memcpy(bytes, &total, 4);
	damaged(bytes, n);
}

static void damage(void **state)
{
	(void)state;
	each_truncation(grub_ovmf, sizeof grub_ovmf, damaged);
	each_truncation(grub_ovmf, sizeof grub_ovmf, shortened);
	each_truncation(grub_bios, sizeof grub_bios, shortened);
	each_change(grub_bios, 0, sizeof grub_bios, damaged);
	some_changes(grub_ovmf, sizeof grub_ovmf, 5000, damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grub_on_bios),
		cmocka_unit_test(grub_on_ovmf),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
