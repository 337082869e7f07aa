#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "mm/pte.h"

/* Words worked out by hand from SDM 3A tables 4-15 to 4-20. */
static void leaves(void **state)
{
	(void)state;
	/* P; XD because nothing is said of execution. */
	assert_int_equal(pte_leaf(PG_4K, (struct pa){ 0x1000 }, 0), 0x8000000000001001);
	/* P RW US A D at the last frame of 52 bits. */
	assert_int_equal(pte_leaf(PG_4K, (struct pa){ 0xffffffffff000 },
				  PAGE_WRITE | PAGE_USER | PAGE_ACCESSED | PAGE_DIRTY),
			 0x800ffffffffff067);
	/* P RW, executable. */
	assert_int_equal(pte_leaf(PG_4K, (struct pa){ 0x123456000 }, PAGE_WRITE | PAGE_EXEC),
			 0x123456003);
	/* P RW PWT PCD PS, 2 MiB. */
	assert_int_equal(pte_leaf(PG_2M, (struct pa){ 0xfee00000 }, PAGE_WRITE | PAGE_UC),
			 0x80000000fee0009b);
	/* P RW PWT PS, 2 MiB. */
	assert_int_equal(pte_leaf(PG_2M, (struct pa){ 0xe0000000 }, PAGE_WRITE | PAGE_WC),
			 0x80000000e000008b);
	/* P US PS A, 1 GiB at 3 GiB. */
	assert_int_equal(
		pte_leaf(PG_1G, (struct pa){ 0xc0000000 }, PAGE_USER | PAGE_EXEC | PAGE_ACCESSED),
		0xc00000a5);
}

static void tables(void **state)
{
	(void)state;
	/* P RW US A; the kernel's has no US; bit 7 is reserved in a PML4E. */
	assert_int_equal(pte_table((struct pa){ 0xabcdef000 }, true), 0xabcdef027);
	assert_int_equal(pte_table((struct pa){ 0xabcdef000 }, false), 0xabcdef023);
}

static void read_back(void **state)
{
	(void)state;
	assert_int_equal(pte_flags(0x8000000000001001), 0);
	assert_int_equal(pte_flags(0x123456003), PAGE_WRITE | PAGE_EXEC);
	assert_int_equal(pte_flags(0x80000000fee0009b), PAGE_WRITE | PAGE_UC);
	assert_int_equal(pte_flags(0x80000000e000008b), PAGE_WRITE | PAGE_WC);
	assert_int_equal(pte_flags(0x67),
			 PAGE_WRITE | PAGE_USER | PAGE_ACCESSED | PAGE_DIRTY | PAGE_EXEC);
	/* A level without RW and with XD takes both rights from all below. */
	assert_int_equal(pte_permit(pte_permit(~0u, 0x8000000000001025), 0x2067),
			 PAGE_USER | PAGE_ACCESSED | PAGE_DIRTY);

	assert_int_equal(pte_pa(0x800ffffffffff067, PG_4K).v, 0xffffffffff000);
	/* Bit 12 of a large leaf is PAT, not address. */
	assert_int_equal(pte_pa(0xfee01083, PG_2M).v, 0xfee00000);
	assert_int_equal(pte_pa(0xfee01003, PG_2M).v, 0xfee01000);
	assert_int_equal(pte_pa(0xc0001083, PG_1G).v, 0xc0000000);
	assert_int_equal(pte_pa(0x7027, PG_512G).v, 0x7000);

	/* Bit 7 is PAT in a PTE. */
	assert_true(pte_is_leaf(0x1001, PG_4K) && pte_is_leaf(0x1081, PG_4K));
	assert_true(pte_is_leaf(0x83, PG_2M) && pte_is_leaf(0x83, PG_1G));
	assert_false(pte_is_leaf(0x1003, PG_2M) || pte_is_leaf(0x1003, PG_1G) ||
		     pte_is_leaf(0x1003, PG_512G));
	assert_true(pte_present(1));
	assert_false(pte_present(~1ull));
}

static void split(void **state)
{
	(void)state;
	/* 2 MiB, XD G PAT PS D A US RW P and software bit 9: PAT moves from bit 12 to bit 7. */
	assert_int_equal(pte_split(0x80000001002013e7, PG_2M, 0), 0x80000001002003e7);
	assert_int_equal(pte_split(0x80000001002013e7, PG_2M, 511), 0x80000001003ff3e7);
	assert_int_equal(pte_split(0x80000001002003e7, PG_2M, 3), 0x8000000100203367);
	/* 1 GiB: PS and PAT stay where they are. */
	assert_int_equal(pte_split(0x40001087, PG_1G, 0), 0x40001087);
	assert_int_equal(pte_split(0x40001087, PG_1G, 511), 0x7fe01087);
	assert_int_equal(pte_split(0x40000087, PG_1G, 1), 0x40200087);
}

static void indexes(void **state)
{
	/* Index 511, 1, 2, 3 from the root. */
	const struct va va = { 0xffffff8040403abc };

	(void)state;
	assert_int_equal(pg_index(va, PG_512G), 511);
	assert_int_equal(pg_index(va, PG_1G), 1);
	assert_int_equal(pg_index(va, PG_2M), 2);
	assert_int_equal(pg_index(va, PG_4K), 3);
	assert_int_equal(pg_size(PG_4K), 0x1000);
	assert_int_equal(pg_size(PG_2M), 0x200000);
	assert_int_equal(pg_size(PG_1G), 0x40000000);
	assert_int_equal(pg_size(PG_512G), 0x8000000000);
}

static void payload(void **state)
{
	(void)state;
	assert_int_equal(pte_payload(1 << 5 | 1 << 6), 0);
	assert_int_equal(pte_payload(0x24060), 0x24000);
	assert_int_equal(pte_payload(0x24f9e), 0x24f9e);
}

static void no_overlap(const int *fields, size_t count)
{
	u64 seen = 0;

	for (size_t i = 0; i < count; i++) {
		u64 bits = mask(fields[i]);

		assert_false(seen & bits);
		seen |= bits;
	}
}

static void listings(void **state)
{
	const int small[] = { PTE_FIELDS(AS_FIELD) PTE_4K_FIELDS(AS_FIELD) };
	const int large[] = { PTE_FIELDS(AS_FIELD) PTE_2M_FIELDS(AS_FIELD) };
	const int va[] = { VA_FIELDS(AS_FIELD) };

	(void)state;
	no_overlap(small, ARRAY_SIZE(small));
	no_overlap(large, ARRAY_SIZE(large));
	no_overlap(va, ARRAY_SIZE(va));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves),  cmocka_unit_test(tables),  cmocka_unit_test(read_back),
		cmocka_unit_test(split),   cmocka_unit_test(indexes), cmocka_unit_test(listings),
		cmocka_unit_test(payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
