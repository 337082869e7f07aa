/* The list of RAM from maps that are in disorder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "boot/ram.h"
#include "tests/host/memory.h"

enum { STRIDE = 24, ENTRIES = 600 };

static struct boot_info boot;
static u8 map[ENTRIES * STRIDE];
static unsigned entries;

static void entry(u64 base, u64 size, u32 type)
{
	u8 *p = map + entries++ * STRIDE;

	memcpy(p, &base, 8);
	memcpy(p + 8, &size, 8);
	memcpy(p + 16, &type, 4);
}

static void begin(void)
{
	memset(&boot, 0, sizeof boot);
	entries = 0;
}

static void range(unsigned i, u64 base, u64 end)
{
	assert_int_equal(boot.ram[i].base.v, base);
	assert_int_equal(boot.ram[i].base.v + boot.ram[i].size, end);
}

static void sorted_and_merged(void **state)
{
	(void)state;
	begin();
	entry(0x100000, 0x700000, 1);
	entry(0, 0x9fc00, 1);
	entry(0x1000000, 0x100000, 1);
	entry(0x800000, 0x800000, 1); /* touches both neighbours */
	entry(0x5000000, 0x1800, 1);
	entry(0x5001800, 0x1000, 1); /* together they are two whole pages and a half */
	entry(0x7000fff, 0xfff, 1);  /* no whole page */
	ram_map(&boot, map, entries, STRIDE);
	ram_pages(&boot);
	assert_int_equal(boot.ranges, 3);
	range(0, 0x1000, 0x9f000);
	range(1, 0x100000, 0x1100000);
	range(2, 0x5000000, 0x5002000);
}

static void reserved_wins(void **state)
{
	(void)state;
	begin();
	entry(0x200000, 0x1001, 2);
	entry(0x100000, 0x400000, 1);
	entry(0x180000, 0x400000, 1);
	entry(0x4ff800, 0x10, 3);
	entry(0, 0x100001, 20);
	entry(0x57f000, ~0ull, 4); /* to the end of the world */
	entry(0x600000, 0x1000, 1);
	entry(0x300000, 0, 2);
	ram_map(&boot, map, entries, STRIDE);
	ram_pages(&boot);
	assert_int_equal(boot.ranges, 3);
	range(0, 0x101000, 0x200000);
	range(1, 0x202000, 0x4ff000);
	range(2, 0x500000, 0x57f000);
}

static void beyond_the_direct_map(void **state)
{
	(void)state;
	begin();
	entry(0x7efffffff000, 0x100000, 1);
	entry(0xfffffffffffff000, 0x1000, 1);
	entry(0x100000000, ~0ull, 1);
	ram_map(&boot, map, entries, STRIDE);
	ram_pages(&boot);
	assert_int_equal(boot.ranges, 1);
	range(0, 0x100000000, 0x7f0000000000);
}

static void removed(void **state)
{
	(void)state;
	begin();
	entry(0x100000, 0x100000, 1);
	entry(0x300000, 0x100000, 1);
	ram_map(&boot, map, entries, STRIDE);
	ram_remove(&boot, (struct boot_range){ { 0x180800 }, 0x10 });
	ram_remove(&boot, (struct boot_range){ { 0x1f0000 }, 0x120000 });
	ram_remove(&boot, (struct boot_range){ { 0x250000 }, 0x1000 });
	ram_remove(&boot, (struct boot_range){ { 0x3ff000 }, ~0ull });
	ram_pages(&boot);
	assert_int_equal(boot.ranges, 3);
	range(0, 0x100000, 0x180000);
	range(1, 0x181000, 0x1f0000);
	range(2, 0x310000, 0x3ff000);
	assert_false(boot.ranges_cut);
}

/* A full list loses RAM, but never gains any. */
static void full_list(void **state)
{
	(void)state;
	begin();
	for (u64 i = 0; i < BOOT_RANGES_MAX; i++)
		entry(0x100000 + i * 0x10000, 0x8000, 1);
	ram_map(&boot, map, entries, STRIDE);
	assert_int_equal(boot.ranges, BOOT_RANGES_MAX);
	assert_false(boot.ranges_cut);
	ram_remove(&boot, (struct boot_range){ { 0x102000 }, 0x1000 });
	assert_true(boot.ranges_cut);
	assert_int_equal(boot.ranges, BOOT_RANGES_MAX);
	range(0, 0x103000, 0x108000);
	entry(0x10000000, 0x1000, 1);
	ram_map(&boot, map, entries, STRIDE);
	assert_int_equal(boot.ranges, BOOT_RANGES_MAX);
	range(BOOT_RANGES_MAX - 1, 0x8f0000, 0x8f8000);
}

static void low_page(void **state)
{
	(void)state;
	begin();
	entry(0, 0x9fc00, 1);
	entry(0x100000, 0x100000, 1);
	ram_map(&boot, map, entries, STRIDE);
	ram_pages(&boot);
	assert_int_equal(ram_take_low_page(&boot).v, 0x9e000);
	range(0, 0x1000, 0x9e000);
	assert_int_equal(ram_take_low_page(&boot).v, 0x9d000);
	begin();
	entry(0x8000, 0xff8000, 1); /* no hole for the screen: still below it */
	ram_map(&boot, map, entries, STRIDE);
	ram_pages(&boot);
	assert_int_equal(ram_take_low_page(&boot).v, 0x9f000);
	assert_int_equal(boot.ranges, 2);
	range(0, 0x8000, 0x9f000);
	range(1, 0xa0000, 0x1000000);
	begin();
	entry(0, 0x1000, 1);
	entry(0xa0000, 0x100000, 1);
	ram_map(&boot, map, entries, STRIDE);
	ram_pages(&boot);
	assert_int_equal(ram_take_low_page(&boot).v, 0);
	assert_int_equal(boot.ranges, 1);
}

/* Against one flag a page, for random maps of 256 pages and a taken range. */
static void same_as_page_by_page(void **state)
{
	enum { PAGES = 256 };

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		u8 usable[PAGES] = { 0 }, listed[PAGES] = { 0 };
		struct boot_range taken = { { random_u32() % 0x100000 }, random_u32() % 0x8000 };

		begin();
		for (unsigned n = random_u32() % 24; n; n--)
			entry(random_u32() % 0x100 * 0x1000ull, random_u32() % 0x20 * 0x1000ull,
			      random_u32() % 3 ? 1 : 2);
		ram_map(&boot, map, entries, STRIDE);
		ram_remove(&boot, taken);
		ram_pages(&boot);
		for (u32 type = 1; type <= 2; type++)
			for (unsigned i = 0; i < entries; i++) {
				u64 base = le64(map + i * STRIDE),
				    size = le64(map + i * STRIDE + 8);

				if (map[i * STRIDE + 16] == type)
					for (u64 a = base; a < base + size && a < PAGES * 0x1000;
					     a += 0x1000)
						usable[a / 0x1000] = type == 1;
			}
		for (u64 a = taken.base.v & ~0xfffull; taken.size && a < taken.base.v + taken.size;
		     a += 0x1000)
			if (a < PAGES * 0x1000)
				usable[a / 0x1000] = 0;
		usable[0] = 0;
		for (unsigned i = 0; i < boot.ranges; i++) {
			u64 base = boot.ram[i].base.v, end = base + boot.ram[i].size;

			assert_true(boot.ram[i].size && base % 0x1000 == 0 && end % 0x1000 == 0);
			assert_true(i == 0 || boot.ram[i - 1].base.v + boot.ram[i - 1].size < base);
			for (u64 a = base; a < end && a < PAGES * 0x1000; a += 0x1000)
				listed[a / 0x1000] = 1;
		}
		assert_memory_equal(usable, listed, PAGES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_and_merged),
		cmocka_unit_test(reserved_wins),
		cmocka_unit_test(beyond_the_direct_map),
		cmocka_unit_test(removed),
		cmocka_unit_test(full_list),
		cmocka_unit_test(low_page),
		cmocka_unit_test(same_as_page_by_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
