/* Multiboot 2 information by hand, tag by tag, right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "boot/multiboot2.h"
#include "tests/host/acpi_tables.h"
#include "tests/host/memory.h"

static struct boot_info boot;
static const struct boot_range image = { { 0x200000 }, 0x5000 };

static u8 info[4096];
static u32 len;

static void put(unsigned size, u64 value)
{
	memcpy(info + len, &value, size);
	len += size;
}

static void begin(void)
{
	memset(info, 0, sizeof info);
	len = 8;
}

/* A tag of a type with data of size bytes; the size can be a lie. */
static void tag(u32 type, u32 size, const void *data, u32 bytes)
{
	put(4, type);
	put(4, size);
	memcpy(info + len, data, bytes);
	len = (len + bytes + 7) & ~7u;
}

static void text(u32 type, const char *s)
{
	tag(type, 8 + (u32)strlen(s) + 1, s, (u32)strlen(s) + 1);
}

static void one_mb_of_ram(void)
{
	put(4, 6);
	put(4, 16 + 24);
	put(4, 24);
	put(4, 0);
	put(8, 0x100000);
	put(8, 0x100000);
	put(8, 1);
}

static bool read(void)
{
	memcpy(info, &len, 4);
	memory_clear();
	memory_put(0x10000, info, len);
	return multiboot2_read(&memory, (struct pa){ 0x10000 }, image, &boot);
}

static bool end_and_read(void)
{
	tag(0, 8, "", 0);
	return read();
}

static void nothing_there(void **state)
{
	static const u32 sizes[] = { 0, 7, 4096, 0xffffffff };

	(void)state;
	memory_clear();
	assert_false(multiboot2_read(&memory, (struct pa){ 0x10000 }, image, &boot));
	assert_true(memory_told("multiboot2: no information of 0 bytes at 0x10000"));
	assert_string_equal(boot.loader, "multiboot2");
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		memory_clear();
		memory_put(0x10000, &(u32[]){ sizes[i], 0 }, 8);
		assert_false(multiboot2_read(&memory, (struct pa){ 0x10000 }, image, &boot));
		assert_int_equal(memory_problems(), 1);
		assert_int_equal(boot.ranges, 0);
	}
	begin();
	assert_false(end_and_read());
	assert_true(memory_told("multiboot2: no usable RAM in the memory map"));
}

static void old_and_new_rsdp(void **state)
{
	(void)state;
	for (unsigned new_first = 0; new_first < 2; new_first++) {
		begin();
		one_mb_of_ram();
		if (new_first)
			tag(15, 44, ovmf_rsdp, 36);
		tag(14, 28, real_rsdp, 20);
		if (!new_first)
			tag(15, 44, ovmf_rsdp, 36);
		assert_true(end_and_read());
		assert_int_equal(boot.rsdp_len, 36);
		assert_memory_equal(boot.rsdp, ovmf_rsdp, 36);
	}
	begin();
	one_mb_of_ram();
	tag(14, 28, real_rsdp, 20);
	tag(15, 28, ovmf_rsdp, 20);
	assert_true(end_and_read());
	assert_int_equal(boot.rsdp_len, 20);
	assert_true(memory_told("multiboot2: offset 0x50: tag 15 has 28 bytes: skipped"));
}

static void texts(void **state)
{
	char line[BOOT_CMDLINE_MAX + 1];

	(void)state;
	memset(line, 'x', BOOT_CMDLINE_MAX - 1);
	line[BOOT_CMDLINE_MAX - 1] = '\0';
	begin();
	one_mb_of_ram();
	text(1, line);
	text(2, "a loader with a name that is much longer than there is room for it here");
	assert_true(end_and_read());
	assert_string_equal(boot.cmdline, line);
	assert_false(boot.cmdline_cut);
	assert_int_equal(strlen(boot.loader_name), sizeof boot.loader_name - 1);

	line[BOOT_CMDLINE_MAX - 1] = 'x';
	line[BOOT_CMDLINE_MAX] = '\0';
	begin();
	one_mb_of_ram();
	text(1, line);
	assert_true(end_and_read());
	assert_int_equal(strlen(boot.cmdline), BOOT_CMDLINE_MAX - 1);
	assert_true(boot.cmdline_cut);
	assert_int_equal(memory_problems(), 1);

	/* Without its NUL, and with bytes that would break a log's line. */
	begin();
	one_mb_of_ram();
	tag(1, 8 + 6,
	    "a\nb\x1b\xff"
	    "c",
	    6);
	assert_true(end_and_read());
	assert_string_equal(boot.cmdline, "a?b??c");
	assert_false(boot.cmdline_cut);
	begin();
	one_mb_of_ram();
	tag(1, 8, "", 0);
	assert_true(end_and_read());
	assert_string_equal(boot.cmdline, "");
}

static void tag_sizes(void **state)
{
	static const u32 lies[] = { 0, 7, 48, 0x7fffffff, 0xfffffff9, 0xffffffff };

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(lies); i++) {
		begin();
		one_mb_of_ram();
		tag(1, lies[i], "lost", 5);
		assert_true(end_and_read());
		assert_true(memory_told("multiboot2: offset 0x30: size"));
		assert_string_equal(boot.cmdline, "");
		assert_int_equal(boot.ranges, 1);
	}
	/* No end tag: what was read counts. */
	begin();
	one_mb_of_ram();
	text(1, "kept");
	assert_true(read());
	assert_true(memory_told("no end tag"));
	assert_string_equal(boot.cmdline, "kept");
	/* A last tag whose padding is not there. */
	len -= 3;
	assert_true(read());
	assert_string_equal(boot.cmdline, "kept");
}

static void map_entry_sizes(void **state)
{
	(void)state;
	for (u32 stride = 0; stride < 20; stride++) {
		begin();
		one_mb_of_ram();
		info[16] = (u8)stride;
		assert_false(end_and_read());
		assert_int_equal(memory_problems(), 2);
	}
	begin();
	one_mb_of_ram();
	info[16] = 20;
	assert_true(end_and_read());
	begin();
	one_mb_of_ram();
	memset(info + 16, 0xff, 4);
	assert_false(end_and_read());
}

static enum boot_screen screen(u64 base, u32 pitch, u32 width, u32 height, u8 bpp, u8 type)
{
	u8 data[30] = { 0 };

	memcpy(data, &base, 8);
	memcpy(data + 8, &pitch, 4);
	memcpy(data + 12, &width, 4);
	memcpy(data + 16, &height, 4);
	data[20] = bpp;
	data[21] = type;
	memcpy(data + 24, (const u8[]){ 16, 8, 8, 8, 0, 8 }, 6);
	begin();
	one_mb_of_ram();
	tag(8, 8 + 30, data, 30);
	assert_true(end_and_read());
	assert_int_equal(memory_problems(), boot.screen == SCREEN_NONE);
	return boot.screen;
}

static void screens(void **state)
{
	(void)state;
	assert_int_equal(screen(0xb8000, 160, 80, 25, 16, 2), SCREEN_TEXT);
	assert_int_equal(screen(0xb8000, 158, 80, 25, 16, 2), SCREEN_NONE);
	assert_int_equal(screen(0xfd000000, 3072, 1024, 768, 24, 1), SCREEN_RGB);
	assert_int_equal(screen(0xfd000000, 3071, 1024, 768, 24, 1), SCREEN_NONE);
	assert_int_equal(screen(0xfd000000, 4096, 1024, 768, 32, 0), SCREEN_NONE);
	assert_true(memory_told("framebuffer type 0, 1024x768, 32 bits, pitch 4096: not used"));
	assert_int_equal(screen(0xfd000000, 2048, 1024, 768, 16, 1), SCREEN_NONE);
	assert_int_equal(screen(0xfd000000, 4096, 1024, 768, 64, 1), SCREEN_NONE);
	assert_int_equal(screen(0, 4096, 1024, 768, 32, 1), SCREEN_NONE);
	assert_int_equal(screen(0xfd000000, 4096, 0, 768, 32, 1), SCREEN_NONE);
	assert_int_equal(screen(0xfd000000, 4096, 1024, 16384, 32, 1), SCREEN_RGB);
	assert_int_equal(screen(0xfd000000, 4096, 1024, 16385, 32, 1), SCREEN_NONE);
	assert_int_equal(screen(0xfd000000, 4096, 1024, 0, 32, 1), SCREEN_NONE);
	assert_int_equal(screen(0xfd000000, 4096, 0x40000001, 768, 32, 1), SCREEN_NONE);
	assert_int_equal(screen(0xffffffffff000000, 4096, 1024, 768, 32, 1), SCREEN_NONE);
	assert_int_equal(screen(0xfd000000, 0xffffffff, 1024, 0xffffffff, 32, 1), SCREEN_NONE);
}

static void colours_cut_off(void **state)
{
	const u8 data[30] = { 0, 0,         0, 0xfd, [9] = 16, [13] = 4, [17] = 3, [20] = 32,
			      1, [24] = 16, 8, 8,    8,        0,        8 };

	(void)state;
	begin();
	one_mb_of_ram();
	tag(8, 38, data, 30);
	assert_true(end_and_read());
	assert_int_equal(boot.screen, SCREEN_RGB);
	begin();
	one_mb_of_ram();
	tag(8, 37, data, 30);
	assert_true(end_and_read());
	assert_int_equal(boot.screen, SCREEN_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_there),   cmocka_unit_test(old_and_new_rsdp),
		cmocka_unit_test(texts),           cmocka_unit_test(tag_sizes),
		cmocka_unit_test(map_entry_sizes), cmocka_unit_test(screens),
		cmocka_unit_test(colours_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
